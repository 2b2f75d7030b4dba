import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Issue, Place } from '../../model/issue';
import { readMarkdownTables } from './read-markdown';
import { readYamlTables } from './read-yaml';
import type { ConnectivityTable } from './table';

/** A table, and what it says of the network that it is about. */
export interface ReadTable {
  readonly table: ConnectivityTable;
  /** Where it says one of these. */
  readonly settingAt: (field: 'sources' | 'cluster' | 'cni') => Place;
  /** Manifests, relative to the folder of the table. @default the app, or what the command names */
  readonly sources?: readonly string[];
  /** Which of several clusters of the app. */
  readonly cluster?: string;
  readonly cni?: string;
}

/** Where tables are looked for if none is named. */
export const tablePattern = '**/*.connectivity.{yaml,yml,md}';

/**
 * The files that words name: files, or patterns; by default those that are called `….connectivity.yaml` or `.md`, in this folder and below, but for folders
 * of other apps, which have settings of their own.
 * @param report receives a pattern that nothing fits
 */
export function tableFiles(words: readonly string[], cwd: string, report: (issue: Issue) => void): string[] {
  // Required, since Jest has no `import()` unless it is told to.
  const { escapePath, globSync } = require('tinyglobby') as typeof import('tinyglobby');
  const never = ['**/node_modules/**', '**/dist/**'];
  // What lies beside another app is about that.
  const settings = words.length > 0 ? [] : globSync('*/**/{cdk8s.yaml,tierwall.config.*}', { cwd, ignore: never });
  const others = settings.map((file) => `${escapePath(dirname(file))}/**`);
  const files = (words.length > 0 ? words : [tablePattern]).flatMap((word) => {
    const found = globSync(word.replaceAll('\\', '/'), { cwd, ignore: [...never, ...others] }).sort();
    if (found.length === 0 && words.length > 0) {
      report({
        code: 'no-table',
        message: `there is no \`${word}\``,
        place: {},
        hint: 'name a .yaml or .md file',
      });
    }
    return found;
  });
  return [...new Set(files)];
}

/**
 * The tables of the files, without what cannot be read of them.
 * @param report receives every problem, at its line
 */
export function readTables(
  files: readonly string[],
  cwd: string,
  report: (issue: Issue) => void,
): (ReadTable & { readonly file: string })[] {
  return files.flatMap((file) => {
    const text = readFileSync(resolve(cwd, file), 'utf8');
    const name = basename(file).replace(/(\.connectivity)?\.(ya?ml|md)$/i, '');
    const read = file.toLowerCase().endsWith('.md') ? readMarkdownTables : readYamlTables;
    const issues: Issue[] = [];
    const found = read(file, text, name, (issue) => issues.push(issue));
    if (found.length === 0 && issues.length === 0) {
      const hint = 'a table has `default` and `exceptions`, or in Markdown columns `from` and `to`';
      issues.push({ code: 'no-table', message: 'there is no table in it', place: { file }, hint });
    }
    for (const issue of issues) report(issue);
    return found.map((table) => ({ ...table, file }));
  });
}
