import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from '../model/issue';
import { DocumentLines } from '../read/document-lines';

/**
 * Where a setting stands, or what it would be in. What a program exports cannot be told from its text, so that of a program a line is given
 * only where a name of the setting stands there but once.
 *
 * @param file the file of the settings, in `cwd`
 * @param field as messages name it, as in `tierwall.lint.podRanges[1]`
 */
export function settingPlace(cwd: string, file: string, field: string): Place {
  const text = readFileSync(join(cwd, file), 'utf8');
  const line = /\.ya?ml$/.test(file) ? DocumentLines.of(text).lineOf(0, field) + 1 : lineInProgram(text, field);
  return { file, ...(line === undefined ? {} : { line }), field };
}

function lineInProgram(text: string, field: string): number | undefined {
  // Items of a list have the same names.
  const names = field.split('[')[0]!.split('.').reverse();
  for (const name of names) {
    const found = [...text.matchAll(new RegExp(`(?<![\\w$.-])(['"]?)${name}\\1\\s*:`, 'g'))];
    if (found.length === 1) return text.slice(0, found[0]!.index).split('\n').length;
  }
  return undefined;
}
