import { readFileSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { applyEdits } from '../model/apply-edits';
import type { FoundItem, TextEdit } from '../model/finding-report';

/** A file as it was, and as it is to be. */
export interface FixedFile {
  readonly file: string;
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly made: number;
}

/** The files that the findings' edits change. What touches another edit waits until it is found again. */
export function fixedFiles(items: readonly FoundItem[], cwd: string): FixedFile[] {
  const byFile = new Map<string, TextEdit[]>();
  for (const { edits, suppressed } of items) {
    if (suppressed) continue;
    for (const edit of edits) byFile.set(edit.file, [...(byFile.get(edit.file) ?? []), edit]);
  }
  return [...byFile].flatMap(([file, edits]) => {
    const path = realpathSync(resolve(cwd, file));
    if (!statSync(path).isFile()) return [];
    const before = readFileSync(path, 'utf8');
    const { text, made } = applyEdits(before, edits);
    return [{ file, path, before, after: text, made }];
  });
}
