import { win32 } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A place in a source file, counted as editors count. */
export interface SourcePosition {
  /** Absolute path. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
}

/**
 * The absolute path that a script name of V8 stands for: a POSIX or Windows path as it is, or a `file:` URL of an ES
 * module without its query.
 * Undefined for what is no file: `node:…`, `[eval]`, `evalmachine.<anonymous>`, `data:` and `webpack://` names.
 */
export function filePathOf(scriptName: string): string | undefined {
  if (win32.isAbsolute(scriptName)) return scriptName;
  if (!scriptName.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(scriptName);
  } catch {
    return undefined;
  }
}

/** Whether the file is none that runs as it is: a loader compiles it in memory, under its own name. */
export function isTypeScript(file: string): boolean {
  return /\.[cm]?tsx?$/.test(file);
}
