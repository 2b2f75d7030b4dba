import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Protocol } from '../../lib/sets/port-set';
import { casesAt } from '../support/cases';
import { Engines } from '../support/engines';
import { type Cell, cellsOf, clusterOfStep, type Matrix, type MatrixStep } from '../support/matrix-case';
import { profileWith } from '../support/profile';

interface Step extends MatrixStep {
  readonly expected: { readonly podOrder: readonly string[]; readonly byPort: Readonly<Record<string, Matrix>> };
}

interface Suite {
  readonly cases: readonly { readonly id: string; readonly description: string; readonly steps: readonly Step[] }[];
}

interface PortCell extends Cell {
  readonly protocol: Protocol;
  readonly port: number;
}

const file = casesAt('cyclonus', 'cases-allowdns-true.json');
const suite: Suite = file ? JSON.parse(readFileSync(file, 'utf8')) : { cases: [] };
const decisions = { '.': 'allowed', X: 'denied' } as const;

/** The simulation compares CIDRs with the addresses of pods. */
const profile = profileWith({ ipBlockMatchesPods: 'yes' });

/** All cells but those that were not probed: a bad named port, a port that is not served, no probe. */
function compared({ expected: { podOrder, byPort } }: Step): PortCell[] {
  return Object.entries(byPort).flatMap(([text, matrix]) => {
    const [protocol, port] = text.split('/') as [Protocol, string];
    const cells = cellsOf(matrix, podOrder).filter(({ expected }) => expected in decisions);
    return cells.map((cell) => ({ ...cell, protocol, port: Number(port) }));
  });
}

describe.skipIf(!file)('the generated cases of cyclonus (skipped where ../shared/cases is absent)', () => {
  test('are 230 cases with 123,669 cells, of which 13,713 are from a pod to itself', () => {
    expect(suite.cases).toHaveLength(230);
    const cells = suite.cases.flatMap(({ steps }) => steps.flatMap(compared));
    expect(cells).toHaveLength(123_669);
    expect(cells.filter(({ source, destination }) => source === destination)).toHaveLength(13_713);
  });

  test.for(suite.cases.map((c) => [c.id, c.description, c] as const))('%s %s', ([, , { steps }]) => {
    const differences: string[] = [];
    for (const [number, step] of steps.entries()) {
      const engines = new Engines(clusterOfStep(step), profile);
      const replicas = new Map(engines.cluster.workloads.map((w) => [`${w.namespace}/${w.name}`, engines.podOf(w)]));
      for (const { source, destination, expected, protocol, port } of compared(step)) {
        const from = engines.pod(source);
        // The simulation asks the policies also about a pod and itself; that is what holds between two replicas.
        const to = source === destination ? replicas.get(destination)! : engines.pod(destination);
        const answers = engines.answers(from, to, protocol, port);
        for (const [engine, decision] of Object.entries(answers)) {
          if (decision === decisions[expected as '.']) continue;
          const where = `step ${number} ${protocol}/${port}: ${source} to ${destination}`;
          differences.push(`${where}: ${decision} by ${engine}, not ${expected}`);
        }
        if (source !== destination) continue;
        const itself = engines.answers(from, from, protocol, port);
        for (const [engine, decision] of Object.entries(itself)) {
          if (decision !== 'allowed') differences.push(`${source} to itself: ${decision} by ${engine}`);
        }
      }
    }
    expect(differences).toEqual([]);
  });
});
