import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { TraceMap } from '@jridgewell/trace-mapping';
import type { RunningPosition } from './call-site';
import { loadedMapUrl } from './loaded-map-urls';
import { filePathOf, isTypeScript, type SourcePosition } from './source-position';

/** A source map and the files of its sources, by the names that it gives them. */
interface PlacedMap {
  readonly map: TraceMap;
  readonly files: ReadonlyMap<string, string | undefined>;
}

/** Read once a script, also when there is none to read. */
const maps = new Map<string, PlacedMap | undefined>();

/**
 * What the source map that the script names at its end makes of a running position.
 * Undefined if it names none, if the map is missing or broken, or if it does not lead to a file.
 */
export function positionByMap(running: RunningPosition): SourcePosition | undefined {
  try {
    const placed = mapOf(running.scriptName);
    if (!placed) return undefined;
    const { source, line, column } = traceMapping().originalPositionFor(placed.map, {
      line: running.line,
      column: running.column - 1,
    });
    const file = source && placed.files.get(source);
    return file ? { file, line, column: column + 1 } : undefined;
  } catch {
    return undefined;
  }
}

function mapOf(scriptName: string): PlacedMap | undefined {
  if (!maps.has(scriptName)) {
    // First, so that a map that fails to be read is not tried again.
    maps.set(scriptName, undefined);
    maps.set(scriptName, readMap(scriptName));
  }
  return maps.get(scriptName);
}

function readMap(scriptName: string): PlacedMap | undefined {
  const script = filePathOf(scriptName);
  const url = script && (isCompiledInMemory(script) ? loadedMapUrl(script) : mapUrlIn(readFileSync(script, 'utf8')));
  if (!url) return undefined;
  const inline = url.startsWith('data:');
  const file = inline ? script : fileAt(dirname(script), url);
  if (!file) return undefined;
  const text = inline ? dataIn(url) : readFileSync(file, 'utf8');
  const map = new (traceMapping().FlattenMap)(JSON.parse(text));
  const folder = dirname(file);
  const sources = map.resolvedSources.filter((source) => source !== '');
  return { map, files: new Map(sources.map((source) => [source, fileAt(folder, source)])) };
}

/** Jest compiles JavaScript too, and where that is an ES module nobody who formats stacks knows of its map. */
function isCompiledInMemory(file: string): boolean {
  return isTypeScript(file) || process.env['JEST_WORKER_ID'] !== undefined;
}

/** The `sourceMappingURL` of a script; only a comment after all code counts, since code may quote one. */
export function mapUrlIn(script: string): string | undefined {
  let end = script.length;
  while (end > 0) {
    const start = script.lastIndexOf('\n', end - 1) + 1;
    const line = script.slice(start, end).trim();
    const [, url] = /^\/\/[#@] ?sourceMappingURL=(\S+)$/.exec(line) ?? [];
    if (url) return url;
    if (line && !line.startsWith('//')) return undefined;
    end = start - 1;
  }
  return undefined;
}

function dataIn(url: string): string {
  const [head, data] = [url.slice(0, url.indexOf(',')), url.slice(url.indexOf(',') + 1)];
  return head.endsWith(';base64') ? Buffer.from(data, 'base64').toString('utf8') : decodeURIComponent(data);
}

/**
 * The file that a map or a script refers to; undefined if the reference is no file.
 * Some compilers write the reference as a URL with escapes and others as a plain path, so the one that exists is taken.
 */
function fileAt(folder: string, reference: string): string | undefined {
  if (/^[a-z][\w+.-]+:\/\//i.test(reference)) return filePathOf(reference);
  const plain = resolve(folder, reference);
  const unescaped = resolve(folder, withoutEscapes(reference));
  return !existsSync(plain) && existsSync(unescaped) ? unescaped : plain;
}

function withoutEscapes(reference: string): string {
  try {
    return decodeURIComponent(reference);
  } catch {
    return reference;
  }
}

/** Loaded when the first map is read: most runs never read one. */
function traceMapping() {
  return require('@jridgewell/trace-mapping') as typeof import('@jridgewell/trace-mapping');
}
