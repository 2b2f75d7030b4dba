import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { testCommand } from '../../lib/cli/commands/test';
import type { TestRun } from '../../lib/model/test-run';
import { casesAt } from '../support/cases';
import { type MatrixStep, objectsOfStep } from '../support/matrix-case';
import { runCommand } from '../support/run-command';

interface Step extends MatrixStep {
  readonly probe: { readonly port: number; readonly protocol: string };
  readonly expectedDefault: boolean;
  readonly expectedExceptions: readonly { readonly from: string; readonly to: string }[];
}

const file = casesAt('k8s-e2e', 'cases.json');
const { cases }: { cases: readonly { id: string; title: string; steps: readonly Step[] }[] } = file
  ? JSON.parse(readFileSync(file, 'utf8'))
  : { cases: [] };
const folder = mkdtempSync(join(tmpdir(), 'e2e-tables-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A step as a user would write it down: manifests, and beside them a table. */
function write(name: string, step: Step, standard = step.expectedDefault): string {
  const { port, protocol } = step.probe;
  const items = objectsOfStep(step);
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  const exceptions = step.expectedExceptions.map(({ from, to }) => `  - { from: ${from}, to: ${to} }`);
  const table = [
    `sources: ${name}.json`,
    `default: ${standard ? 'allowed' : 'denied'}`,
    `ports: [${port}/${protocol}]`,
    exceptions.length > 0 ? `exceptions:\n${exceptions.join('\n')}` : '',
  ];
  writeFileSync(join(folder, `${name}.connectivity.yaml`), `${table.join('\n')}\n`);
  return `${name}.connectivity.yaml`;
}

// CIDRs of these cases are meant for pods, as Calico has it.
const run = (files: readonly string[]) => runCommand(testCommand, [...files, '--cni', 'calico', '-o', 'json'], folder);

describe.skipIf(!file)(
  "the reachability cases of Kubernetes' own e2e suite, as tables (skipped where ../shared/cases is absent)",
  () => {
    test.for(cases.map((c) => [c.id, c.title, c.steps] as const))('%s %s', async ([id, , steps]) => {
      const { code, stdout } = await run(steps.map((step, i) => write(`${id}-${i}`, step)));
      const { suites, failed } = JSON.parse(stdout) as TestRun;
      expect([code, failed]).toEqual([0, 0]);
      const connections = suites.flatMap((suite) => suite.cases).reduce((sum, one) => sum + one.connections, 0);
      expect(connections).toBe(steps.reduce((sum, { pods }) => sum + pods.length * (pods.length - 1), 0));
    });

    test('are 48 cases, and fail if all is said to be the other way round', async () => {
      expect(cases).toHaveLength(48);
      const [step] = cases[0]!.steps;
      const { code, stdout } = await run([write('wrong', step!, !step!.expectedDefault)]);
      expect([code, (JSON.parse(stdout) as TestRun).failed]).toEqual([1, step!.expectedExceptions.length + 1]);
    });
  },
);
