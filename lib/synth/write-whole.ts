import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes a file, and its folder, so that whoever reads it finds the old text or the new one, and never half of it. */
export function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const fresh = `${file}.tierwall-${process.pid}`;
  writeFileSync(fresh, text);
  renameSync(fresh, file);
}
