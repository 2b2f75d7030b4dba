import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { clusterOfTexts } from '../../lib/read/cluster';
import type { Protocol } from '../../lib/sets/port-set';
import { casesAt } from '../support/cases';
import { Engines, type Party } from '../support/engines';
import { profileNamed } from '../support/profile';

type Labels = Readonly<Record<string, string>>;
type ProbeEnd = string | { readonly external: string } | { readonly ns: string; readonly labels: Labels };

interface Probe {
  readonly from: ProbeEnd;
  readonly to: ProbeEnd;
  readonly port: number;
  readonly proto: Protocol;
  readonly stated: 'allow' | 'deny';
  /** Where the author's text is out of date. */
  readonly correct?: 'allow' | 'deny';
}

interface Recipe {
  readonly id: string;
  readonly policies: readonly string[];
  readonly pods: readonly {
    readonly ns: string;
    readonly name: string;
    readonly labels: Labels;
    readonly ports: readonly number[];
  }[];
  readonly namespaces?: readonly (string | Readonly<Record<string, Labels>>)[];
  readonly probes: readonly Probe[];
}

const file = casesAt('recipes', 'expectations.json');
const recipes: readonly Recipe[] = file ? JSON.parse(readFileSync(file, 'utf8')).cases : [];
const decisions = { allow: 'allowed', deny: 'denied' } as const;

/** `0.0.0.0/0` stands for anywhere outside. */
const anywhere = ['0.0.0.0', '10.0.0.1', '93.184.216.34', '255.255.255.255'];

function enginesOf({ policies, pods, namespaces = [], probes }: Recipe): Engines {
  const objects = [
    ...namespaces.flatMap((entry) =>
      Object.entries(typeof entry === 'string' ? { [entry]: {} } : entry).map(([name, labels]) => ({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, labels },
      })),
    ),
    ...pods.map(({ ns, name, labels, ports }) =>
      podObject(
        ns,
        name,
        labels,
        ports.map((containerPort) => ({ containerPort })),
      ),
    ),
    ...probes.flatMap(({ from, to }, i) =>
      [from, to].flatMap((end) =>
        typeof end === 'object' && 'ns' in end ? [podObject(end.ns, `probe-${i}`, end.labels)] : [],
      ),
    ),
  ];
  const texts = policies.map((name) => ({ file: name, text: readFileSync(casesAt('recipes', name)!, 'utf8') }));
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  return new Engines(clusterOfTexts([...texts, { file: 'pods', text }]), profileNamed(''));
}

function podObject(namespace: string, name: string, labels: Labels, ports: readonly object[] = []) {
  const spec = { containers: [{ name: 'c', image: 'c', ports }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name, labels }, spec };
}

function parties(engines: Engines, end: ProbeEnd, number: number): Party[] {
  if (typeof end === 'string') return [engines.pod(end)];
  if ('ns' in end) return [engines.pod(`${end.ns}/probe-${number}`)];
  return (end.external === '0.0.0.0/0' ? anywhere : [end.external]).map((address) => engines.address(address));
}

describe.skipIf(!file)('well-known recipes (skipped where ../shared/cases is absent)', () => {
  test('have 31 probes', () => {
    expect(recipes.flatMap(({ probes }) => probes)).toHaveLength(31);
  });

  test.for(recipes.map((recipe) => [recipe.id, recipe] as const))('recipe %s', ([, recipe]) => {
    const engines = enginesOf(recipe);
    const differences: string[] = [];
    for (const [number, { from, to, port, proto, stated, correct = stated }] of recipe.probes.entries()) {
      for (const source of parties(engines, from, number)) {
        for (const destination of parties(engines, to, number)) {
          const answers = engines.answers(source, destination, proto, port);
          expect(answers).toHaveProperty('openWorld');
          for (const [engine, decision] of Object.entries(answers)) {
            if (decision !== decisions[correct]) differences.push(`probe ${number}: ${decision} by ${engine}`);
          }
        }
      }
    }
    expect(differences).toEqual([]);
  });
});
