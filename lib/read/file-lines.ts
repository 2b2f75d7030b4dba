import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FoundLine } from '../model/finding-report';

/** Larger files are no code that anybody wrote. */
const longestFile = 4 * 1024 * 1024;

/** Shows lines of files that are no manifests, such as the code of an app. Each file is read once. */
export class FileLines {
  private readonly files = new Map<string, readonly string[]>();

  /** @param cwd what relative paths are relative to */
  constructor(private readonly cwd: string) {}

  /** The line with what is written on it marked; none where the file cannot be read. @param line 1-based */
  excerpt(file: string, line: number): FoundLine[] {
    const text = this.linesOf(file)[line - 1];
    if (text === undefined || text.trim() === '') return [];
    const column = text.length - text.trimStart().length + 1;
    return [{ line, text, marked: { column, endColumn: text.trimEnd().length + 1 } }];
  }

  private linesOf(file: string): readonly string[] {
    let lines = this.files.get(file);
    if (!lines) {
      lines = read(resolve(this.cwd, file));
      this.files.set(file, lines);
    }
    return lines;
  }
}

function read(path: string): readonly string[] {
  try {
    const bytes = readFileSync(path);
    return bytes.length > longestFile ? [] : bytes.toString('utf8').split(/\r?\n/);
  } catch {
    return [];
  }
}
