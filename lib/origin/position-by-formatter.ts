import type { RunningPosition, StackFormatter, UserCall } from './call-site';
import { filePathOf, type SourcePosition } from './source-position';

/**
 * What the loader's own stack formatter (ts-node, vitest, source-map-support) makes of a call's position.
 * Undefined if there is none, or if it names no file or leaves line and column as they are.
 */
export function positionByFormatter(
  { callSite, formatter }: UserCall,
  running: RunningPosition,
): SourcePosition | undefined {
  const mapped = formatter && lastPositionIn(format(callSite, formatter));
  return mapped && (mapped.line !== running.line || mapped.column !== running.column) ? mapped : undefined;
}

function format(callSite: NodeJS.CallSite, formatter: StackFormatter): string {
  try {
    const stack = formatter(new Error('position'), [callSite]);
    return typeof stack === 'string' ? stack : '';
  } catch {
    return '';
  }
}

/**
 * The position that the last line of a stack names, as `at file:line:column` or `at name (file:line:column)`.
 * Undefined if it names none, or one that is not in a file.
 */
export function lastPositionIn(stack: string): SourcePosition | undefined {
  const frame = stack.trimEnd().split('\n').at(-1) ?? '';
  const [, inParentheses, bare] = /^\s*at (?:.*? \((.*)\)|(.*))$/.exec(frame) ?? [];
  const [, scriptName, line, column] = /^(.+):(\d+):(\d+)$/.exec(inParentheses ?? bare ?? '') ?? [];
  const file = scriptName && filePathOf(scriptName);
  return file ? { file, line: Number(line), column: Number(column) } : undefined;
}
