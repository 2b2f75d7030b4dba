import fc from 'fast-check';
import { expect, it } from 'vitest';
import { universeOf } from '../../lib/analysis/open-world/cluster-relation';
import { ruleStatements } from '../../lib/analysis/open-world/relation';
import { covers, uncovered } from '../../lib/analysis/open-world/uncovered';
import { ruleOverlaps } from '../../lib/analysis/rule-overlaps';
import type { Rule } from '../../lib/model/policy';
import { cluster } from '../support/arbitrary-cluster';

it('two rules overlap exactly where taking one of them from the other takes something away', () => {
  fc.assert(
    fc.property(cluster, (world) => {
      const { overlaps, complete } = ruleOverlaps(world, new Set());
      expect(complete).toBe('all');
      const found = new Set(overlaps.map(({ first, second }) => pair(first, second)));
      const statements = ruleStatements(world.policies, universeOf(world));
      const wanted = new Set<string>();
      for (const a of statements) {
        for (const b of statements) {
          if (a.labels.isEmpty || a.rule === b.rule || a.namespace !== b.namespace || a.direction !== b.direction)
            continue;
          if (!covers([...uncovered(a, [b])], a)) wanted.add(pair(a.rule!, b.rule!));
        }
      }
      expect([...found].sort()).toEqual([...wanted].sort());
    }),
    { numRuns: 300 },
  );

  function pair(a: Rule, b: Rule): string {
    return [numberOf(a), numberOf(b)].sort((x, y) => x - y).join();
  }
});

const numbers = new WeakMap<Rule, number>();
let last = 0;
function numberOf(rule: Rule): number {
  if (!numbers.has(rule)) numbers.set(rule, last++);
  return numbers.get(rule)!;
}
