import type { TextEdit, TextRange } from './finding-report';

/**
 * The text with the edits made, all of one file. Edits that touch one made before are left out: they are made of the new text.
 * @returns how many were made, beside the text
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): { readonly text: string; readonly made: number } {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  const offset = (line: number, column: number) => (starts[line - 1] ?? text.length) + column - 1;
  const range = ({ line, column, endLine, endColumn }: TextRange) =>
    [offset(line, column), offset(endLine, endColumn)] as const;
  const changes = edits
    .map((edit) => ({ range: range(edit.range), text: edit.text }))
    .sort((a, b) => a.range[0] - b.range[0]);
  let result = '';
  let at = 0;
  let made = 0;
  for (const {
    range: [start, end],
    text: replacement,
  } of changes) {
    if (made > 0 && start <= at) continue;
    result += text.slice(at, start) + replacement;
    at = end;
    made++;
  }
  return { text: result + text.slice(at), made };
}
