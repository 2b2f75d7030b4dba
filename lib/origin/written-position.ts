import { existsSync } from 'node:fs';
import { type RunningPosition, runningPosition, type UserCall } from './call-site';
import { positionByFormatter } from './position-by-formatter';
import { positionByMap } from './position-by-map';
import { positionByNode } from './position-by-node';
import { filePathOf, isTypeScript, type SourcePosition } from './source-position';

/** By running position, for the process: many statements share a place, and a file is compiled once. */
const known = new Map<string, SourcePosition>();

/**
 * The position that the user wrote: what the loader says of the call, else Node, else the script's own source map; the
 * position in the code that runs where none of them knows better. One object for a place.
 */
export function writtenPosition(call: UserCall): SourcePosition {
  const running = runningPosition(call.callSite);
  const key = `${running.scriptName}:${running.line}:${running.column}`;
  const position = known.get(key) ?? Object.freeze(find(call, running));
  known.set(key, position);
  return position;
}

function find(call: UserCall, running: RunningPosition): SourcePosition {
  const { scriptName, line, column } = running;
  const file = filePathOf(scriptName) ?? scriptName;
  const byLoader = positionByFormatter(call, running) ?? positionByNode(running);
  // A loader compiles a TypeScript file in memory, under the file's own name: only line and column can be off.
  if (isTypeScript(file)) return { ...(byLoader ?? positionByMap(running) ?? { line, column }), file };
  // Node reads a folder such as `C#` as part of a URL, and then names a file that is not there.
  if (byLoader && existsSync(byLoader.file)) return byLoader;
  return positionByMap(running) ?? byLoader ?? { file, line, column };
}
