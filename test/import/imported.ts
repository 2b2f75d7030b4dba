import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { handoverOf } from '../../lib/constructs/handover';
import { type ImportResult, importCluster } from '../../lib/import/import';
import { type ImportInput, readForImport } from '../../lib/import/reading';
import { runCode } from '../../lib/import/run-code';
import { casesAt } from '../support/cases';

/** The folders that have to be imported, each as a whole. */
export function caseSets(): string[] {
  const inside = (path: string | undefined) =>
    (path ? readdirSync(path, { withFileTypes: true }) : [])
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(path!, entry.name));
  const recipes = casesAt('recipes');
  return [...inside(casesAt('realworld')), ...inside(casesAt('apps')), ...(recipes ? [recipes] : [])];
}

export async function importedFrom(text: string): Promise<ImportResult> {
  return importCluster(await inputFrom(text));
}

export function inputFrom(text: string): Promise<ImportInput> {
  return readForImport(['-'], { cwd: '/', stdin: () => text });
}

/** What the app of an import is synthesized to, as one text. */
export function policiesOf({ files }: Pick<ImportResult, 'files'>): string {
  return handoverOf(runCode(files))
    .documents.map(({ text }) => text)
    .join('---\n');
}

/** The same import again, from the policies that its app is synthesized to, and the other objects of before. */
export async function importedAgain(input: ImportInput, result: ImportResult): Promise<ImportResult> {
  const { cluster, objects } = await inputFrom(policiesOf(result));
  return importCluster({ ...input, cluster: { ...input.cluster, policies: cluster.policies }, objects });
}

export const textOf = ({ files }: Pick<ImportResult, 'files'>) =>
  [...files].map(([path, text]) => `// ${path}\n${text}`).join('');
