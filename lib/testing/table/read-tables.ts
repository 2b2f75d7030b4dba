import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Issue } from '../../model/issue';
import { refuse } from '../network';
import { readMarkdownTables } from './read-markdown';
import { readYamlTables } from './read-yaml';
import type { ConnectivityTable } from './table';

/** A table, and what it says of the network that it is about. */
export interface ReadTable {
  readonly table: ConnectivityTable;
  /** Manifests, relative to the folder of the table. @default the app, or what the command names */
  readonly sources?: readonly string[];
  /** Which of several clusters of the app. */
  readonly cluster?: string;
  readonly cni?: string;
}

/** Where tables are looked for if none is named. */
export const tablePattern = '**/*.connectivity.{yaml,yml,md}';

/**
 * The files that words name: files, or patterns; by default those beside the app that are called `….connectivity.yaml` or `.md`.
 * @throws InputError for a pattern that nothing fits
 */
export async function tableFiles(words: readonly string[], cwd: string): Promise<string[]> {
  const { globSync } = await import('tinyglobby');
  const issues: Issue[] = [];
  const files = (words.length > 0 ? words : [tablePattern]).flatMap((word) => {
    const found = globSync(word.replaceAll('\\', '/'), { cwd, ignore: ['**/node_modules/**', '**/dist/**'] }).sort();
    if (found.length === 0 && words.length > 0) {
      issues.push({
        code: 'no-table',
        message: `there is no \`${word}\``,
        place: {},
        hint: 'name a .yaml or .md file',
      });
    }
    return found;
  });
  refuse(issues);
  return [...new Set(files)];
}

/** @throws InputError with every problem of every table */
export function readTables(files: readonly string[], cwd: string): (ReadTable & { readonly file: string })[] {
  const issues: Issue[] = [];
  const report = (issue: Issue) => void issues.push(issue);
  const tables = files.flatMap((file) => {
    const text = readFileSync(resolve(cwd, file), 'utf8');
    const name = basename(file).replace(/(\.connectivity)?\.(ya?ml|md)$/i, '');
    const read = file.toLowerCase().endsWith('.md') ? readMarkdownTables : readYamlTables;
    const found = read(file, text, name, report);
    if (found.length === 0 && issues.length === 0) {
      const hint = 'a table has `default` and `exceptions`, or in Markdown columns `from` and `to`';
      report({ code: 'no-table', message: 'there is no table in it', place: { file }, hint });
    }
    return found.map((table) => ({ ...table, file }));
  });
  refuse(issues);
  return tables;
}
