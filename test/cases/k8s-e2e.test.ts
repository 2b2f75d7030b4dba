import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Protocol } from '../../lib/sets/port-set';
import { casesAt } from '../support/cases';
import { Engines } from '../support/engines';
import { type Cell, cellsOf, clusterOfStep, type Matrix, type MatrixStep } from '../support/matrix-case';
import { profileWith } from '../support/profile';

interface Step extends MatrixStep {
  readonly probe: { readonly port: number; readonly protocol: Protocol };
  readonly expectedMatrix: Matrix;
}

interface Suite {
  readonly podOrder: readonly string[];
  readonly cases: readonly { readonly id: string; readonly title: string; readonly steps: readonly Step[] }[];
}

const file = casesAt('k8s-e2e', 'cases.json');
const suite: Suite = file ? JSON.parse(readFileSync(file, 'utf8')) : { podOrder: [], cases: [] };
const decisions = { '.': 'allowed', X: 'denied' } as const;

/** CIDRs of these cases are meant for pods. */
const profile = profileWith({ ipBlockMatchesPods: 'yes' });

/** All but `#`: from a pod to itself, which the suite leaves out. */
function compared(step: Step): Cell[] {
  return cellsOf(step.expectedMatrix, suite.podOrder).filter(({ expected }) => expected !== '#');
}

describe.skipIf(!file)(
  "the reachability cases of Kubernetes' own e2e suite (skipped where ../shared/cases is absent)",
  () => {
    test('are 48 cases with 4,680 cells', () => {
      expect(suite.cases).toHaveLength(48);
      const cells = suite.cases.flatMap(({ steps }) => steps.flatMap(compared));
      expect(cells).toHaveLength(4680);
    });

    test.for(suite.cases.map((c) => [c.id, c.title, c] as const))('%s %s', ([, , { steps }]) => {
      const differences: string[] = [];
      for (const [number, step] of steps.entries()) {
        const engines = new Engines(clusterOfStep(step), profile);
        const { protocol, port } = step.probe;
        for (const { source, destination, expected } of compared(step)) {
          const answers = engines.answers(engines.pod(source), engines.pod(destination), protocol, port);
          expect(Object.keys(answers)).toHaveLength(4);
          for (const [engine, decision] of Object.entries(answers)) {
            if (decision === decisions[expected as '.']) continue;
            differences.push(`step ${number}: ${source} to ${destination}: ${decision} by ${engine}, not ${expected}`);
          }
        }
      }
      expect(differences).toEqual([]);
    });
  },
);
