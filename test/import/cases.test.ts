import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importCluster } from '../../lib/import/import';
import { readForImport } from '../../lib/import/reading';
import { casesAt } from '../support/cases';
import { type MatrixStep, objectsOfStep } from '../support/matrix-case';
import { caseSets, importedAgain, inputFrom, policiesOf, textOf } from './imported';

const sets = caseSets();

describe.skipIf(sets.length === 0)('policies of real applications (skipped where ../shared/cases is absent)', () => {
  const rules = { total: 0, constructs: 0 };

  test('are of 18 repositories, 2 applications and the recipes', () => expect(sets).toHaveLength(21));

  test.for(sets.map((path) => [basename(path), path] as const))(
    '%s: become an app of the same meaning, and the same app again',
    async ([, path]) => {
      const input = await readForImport([path], { cwd: '/' });
      const result = importCluster(input);
      expect(result.proof.differences).toEqual([]);
      expect(result.proof.verdict).toBe('equal');
      expect(result.proof.statements).toBeGreaterThan(0);
      expect(result.policies).toBe(input.cluster.policies.length);
      rules.total += result.rules.total;
      rules.constructs += result.rules.constructs;
      expect(textOf(await importedAgain(input, result))).toBe(textOf(result));
    },
  );

  test('are services and intents, nine of ten rules at least', () => {
    console.log(`${rules.constructs} of ${rules.total} rules of the cases are said by services and intents`);
    expect(rules.total).toBeGreaterThan(200);
    expect(rules.constructs / rules.total).toBeGreaterThanOrEqual(0.9);
  });
});

const ours = resolve(__dirname, '../../apps');

test.for([
  ['online-boutique', 'production', 12],
  ['platform', 'production', 12],
] as const)(
  'the policies of our own app %s become an app of its services and environment',
  async ([app, environment, services]) => {
    const input = await readForImport([join(ours, app, 'policies', environment)], { cwd: '/' });
    const result = importCluster(input);
    expect(result.proof.differences).toEqual([]);
    expect(result.plan.environment.name).toBe(environment);
    expect(result.proof).toMatchObject({ services, policies: result.policies });
    expect(policiesOf(result)).toBe(policiesOf(await importedAgain(input, result)));
  },
);

const suite = casesAt('k8s-e2e', 'cases.json');

describe.skipIf(!suite)('policies of Kubernetes’ own suite (skipped where ../shared/cases is absent)', () => {
  const steps = suite
    ? (JSON.parse(readFileSync(suite, 'utf8')) as { cases: { id: string; title: string; steps: MatrixStep[] }[] }).cases
        .flatMap(({ id, title, steps }) => steps.map((step, i) => [`${id}, step ${i + 1}: ${title}`, step] as const))
        .filter(([, { policies }]) => policies.length > 0)
    : [];

  test('are of at least 48 steps', () => expect(steps.length).toBeGreaterThanOrEqual(48));

  test.for(steps)('%s', async ([name, step]) => {
    const input = await inputFrom(
      objectsOfStep(step)
        .map((object) => JSON.stringify(object))
        .join('\n---\n'),
    );
    const result = importCluster(input);
    expect(result.proof.differences).toEqual([]);
    // A port by name for everyone is for more than the pods that selectors pick.
    const isRaw = name.startsWith('k8s-e2e-19');
    expect(result.raw.map(({ reason }) => reason)).toEqual(
      isRaw ? ['a port by name is one of pods, and its peers are more than pods'] : [],
    );
    expect(textOf(await importedAgain(input, result))).toBe(textOf(result));
  });
});
