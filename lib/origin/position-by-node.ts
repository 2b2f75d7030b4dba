import { findSourceMap } from 'node:module';
import type { RunningPosition } from './call-site';
import { filePathOf, type SourcePosition } from './source-position';

/**
 * What the source map that Node keeps for the script makes of a running position: the case under tsx and
 * `--enable-source-maps`.
 * Undefined if Node keeps none, or if it does not name a file there.
 */
export function positionByNode(running: RunningPosition): SourcePosition | undefined {
  try {
    const entry = findSourceMap(running.scriptName)?.findEntry(running.line - 1, running.column - 1);
    if (!entry || !('originalSource' in entry)) return undefined;
    const file = filePathOf(entry.originalSource);
    return file ? { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 } : undefined;
  } catch {
    return undefined;
  }
}
