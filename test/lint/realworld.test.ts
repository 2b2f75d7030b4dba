import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lintRules } from '../../lib/lint/registry';
import { runRules } from '../../lib/lint/run';
import { defaultSettings } from '../../lib/lint/settings';
import { type RawManifests, rawManifestsOfTexts, readRawManifests } from '../../lib/read/raw-manifests';
import { casesAt } from '../support/cases';
import { day } from './linted';

const folder = casesAt('realworld');
const repositories = folder
  ? readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [join(folder, entry.name)] : [],
    )
  : [];

const chainsaw =
  'redhat-appstudio__infra-deployments/components/policies/development/konflux-rbac/bootstrap-tenant-namespace/.chainsaw-test/resources';

/**
 * Each finding of severity error was looked at: rule, place, how many, and the verdict. All of them are true.
 * The files are in a folder whose name begins with a dot, so that they are found only where they are named themselves.
 */
const verdicts: readonly (readonly [rule: string, file: string, field: string, count: number, verdict: string])[] = [
  [
    'no-rejected-field',
    `${chainsaw}/actual-existing-resources.yaml`,
    'metadata.namespace',
    6,
    'true: the namespace is an expression that a test tool evaluates; the API server refuses the file as it stands',
  ],
  [
    'no-rejected-field',
    `${chainsaw}/expected-resources.yaml`,
    'metadata.namespace',
    5,
    'true: the same expression, in what the test tool compares with',
  ],
];

function* filesIn(path: string): Generator<string> {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) yield* filesIn(inside);
    else if (/\.(?:ya?ml|json)$/.test(entry.name)) yield inside;
  }
}

function errorsOf(input: RawManifests) {
  const found = runRules(lintRules, input, defaultSettings(day));
  expect(found.filter(({ rule }) => rule === 'no-crashing-rule')).toEqual([]);
  return found.filter(({ severity }) => severity === 'error');
}

describe.skipIf(!folder)('policies of 18 public repositories (skipped where ../shared/cases is absent)', () => {
  test.for(repositories.map((path) => [basename(path), path] as const))(
    '%s: nothing is an error that works',
    async ([, path]) => {
      expect(errorsOf(await readRawManifests([path], { cwd: '/' }))).toEqual([]);
    },
  );

  test('file by file, the errors are those that were gone through by hand', () => {
    const counts = new Map<string, number>();
    for (const file of repositories.flatMap((path) => [...filesIn(path)])) {
      const name = relative(folder!, file);
      for (const { rule, place } of errorsOf(rawManifestsOfTexts([{ file: name, text: readFileSync(file, 'utf8') }]))) {
        const key = `${rule} ${name} ${place.field}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    expect(Object.fromEntries(counts)).toEqual(
      Object.fromEntries(verdicts.map(([rule, file, field, count]) => [`${rule} ${file} ${field}`, count])),
    );
  });
});
