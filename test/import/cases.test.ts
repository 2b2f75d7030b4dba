import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importCluster } from '../../lib/import/import';
import { readForImport } from '../../lib/import/reading';
import { caseSets, importedAgain, textOf } from './imported';

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
