import { dump } from 'js-yaml';
import type { FieldEdit } from '../model/finding';
import type { TextEdit } from '../model/finding-report';
import type { DocumentLines, WrittenNode } from './document-lines';
import { ObjectPlace } from './object-place';

/** A change of the text of a chunk: offsets in it, the end exclusive. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The order in which the fields of a policy's spec are written. */
const usualOrder = ['podSelector', 'policyTypes', 'ingress', 'egress'];

/** What changes of fields come to in the text: edits, or why none leaves all else as it is. */
export type TextEdits =
  | { readonly edits: readonly TextEdit[] }
  | { readonly edits: readonly []; readonly left: string | undefined };

/** Why a change is left to the author, who sees what is meant by the text. */
type Left = string;

const reasons = {
  alias: 'part of the document stands elsewhere too, by an alias',
  comment: 'a comment would go',
  lines: 'the value is written over several lines',
  layout: 'lines would have to be laid out anew',
} as const;

/**
 * The edits of the text that change these fields and leave all else as it is, comments and formatting too: all of them, or none.
 * No reason is given where there is no text.
 */
export function textEditsOf(edits: readonly FieldEdit[]): TextEdits {
  const found: TextEdit[] = [];
  for (const edit of edits) {
    const made = textEditOf(edit);
    if (typeof made !== 'object') return { edits: [], left: made };
    found.push(made);
  }
  return { edits: found };
}

function textEditOf(edit: FieldEdit): TextEdit | Left | undefined {
  const place = edit.object.at(edit.field);
  if (!(place instanceof ObjectPlace)) return undefined;
  const { chunk, document, item } = place.source;
  const prefix = item === '' ? '' : `${item}.`;
  return chunk.tryTo((lines) => {
    if (lines.hasAliases(document)) return reasons.alias;
    if (lines.layout === 'indented') return reasons.layout;
    const at = (field: string) => lines.nodeOf(document, prefix + field);
    const change = edit.kind === 'set' ? setting(lines, at, edit.field, edit.value) : removal(lines, at, edit.field);
    if (typeof change !== 'object') return change;
    const [start, end] = [lines.positionOf(change.start), lines.positionOf(change.end)];
    const first = chunk.firstLine;
    const range = {
      line: first + start.line,
      column: start.column + 1,
      endLine: first + end.line,
      endColumn: end.column + 1,
    };
    return { file: place.file, range, text: change.text };
  });
}

type NodeAt = (field: string) => WrittenNode | undefined;

function setting(lines: DocumentLines, at: NodeAt, field: string, value: unknown): Change | Left {
  const text = dump(value, { flowLevel: 0 }).trimEnd();
  const node = at(field);
  if (!node) return insertion(lines, at, field, value, text);
  const old = lines.source.slice(node.valueStart, node.end);
  if (node.kind === 'nothing') {
    const colon = lines.source.indexOf(':', node.end);
    return colon === node.end ? { start: colon + 1, end: colon + 1, text: ` ${text}` } : reasons.layout;
  }
  if (node.style === 'block') return node.kind === 'scalar' ? reasons.lines : reasons.layout;
  if (old.includes('\n')) return reasons.lines;
  const quote = /^(["']).*\1$/.exec(old)?.[1];
  return {
    start: node.valueStart,
    end: node.end,
    text: quote && /^[^"'\\]*$/.test(text) ? quote + text + quote : text,
  };
}

function insertion(lines: DocumentLines, at: NodeAt, field: string, value: unknown, text: string): Change | Left {
  const dot = field.lastIndexOf('.');
  const [above, name] = [field.slice(0, dot), field.slice(dot + 1)];
  const parent = at(above);
  if (parent?.kind !== 'mapping') return reasons.layout;
  const siblings = usualOrder.flatMap((other) => at(`${above}.${other}`) ?? []);
  const before = usualOrder.slice(0, usualOrder.indexOf(name)).flatMap((other) => at(`${above}.${other}`) ?? []);
  const previous = before.at(-1);
  const isJson = lines.source[(siblings[0] ?? parent).start] === '"';
  const entry = isJson ? `"${name}": ${JSON.stringify(value)}` : `${name}: ${text}`;
  if (parent.style === 'flow') {
    if (siblings.length === 0) return { start: parent.valueStart, end: parent.end, text: `{ ${entry} }` };
    return previous
      ? { start: previous.end, end: previous.end, text: `, ${entry}` }
      : { start: siblings[0]!.start, end: siblings[0]!.start, text: `${entry}, ` };
  }
  const first = siblings[0];
  if (!first) return reasons.layout;
  const indent = ' '.repeat(lines.positionOf(first.start).column);
  const start = lines.endOfLine(previous ? previous.end : lines.source.indexOf(':', parent.start));
  return { start, end: start, text: `${lines.lineBreak}${indent}${entry}` };
}

function removal(lines: DocumentLines, at: NodeAt, field: string): Change | Left {
  const node = at(field);
  const parent = at(field.replace(/(?:\.[^.[\]]+|\[\d+\])$/, ''));
  if (!node || !parent) return reasons.layout;
  const { source } = lines;
  if (parent.style === 'flow') {
    if (source.slice(parent.valueStart, parent.end).includes('#')) return reasons.comment;
    const after = /^\s*,\s*/.exec(source.slice(node.end, parent.end));
    if (after) return { start: node.start, end: node.end + after[0].length, text: '' };
    const before = /,\s*$/.exec(source.slice(parent.valueStart, node.start));
    return { start: node.start - (before?.[0].length ?? 0), end: node.end, text: '' };
  }
  const start = lines.startOfLine(node.start);
  const lead = source.slice(start, node.start);
  const isWhole = parent.kind === 'sequence' ? /^\s*-\s+$/.test(lead) : /^\s*$/.test(lead);
  const end = Math.min(source.length, lines.endOfLine(node.end) + lines.lineBreak.length);
  const above = lines.textOf(lines.positionOf(start).line - 1);
  if (!isWhole) return reasons.layout;
  if (source.slice(start, end).includes('#') || above.trimStart().startsWith('#')) return reasons.comment;
  return { start, end, text: '' };
}
