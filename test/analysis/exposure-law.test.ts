import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Connectivity } from '../../lib/analysis/connectivity/connectivity';
import { evaluate } from '../../lib/analysis/evaluate';
import { listExposure } from '../../lib/analysis/exposure-listing';
import type { Cluster } from '../../lib/model/cluster';
import type { Decision, PodEnd } from '../../lib/model/connection';
import type { ExposureRow, ListedPods } from '../../lib/model/exposure-listing';
import type { Protocol } from '../../lib/sets/port-set';
import { cluster, portNumbers, profile } from '../support/arbitrary-cluster';

type Labels = Readonly<Record<string, string>>;

/** As in `app=a|b,kind!=x,!debug,tier`. */
function areAs(text: string, labels: Labels): boolean {
  return text.split(',').every((part) => {
    const [, absent, key = '', operator, values = ''] = /^(!?)([^!=]*)(!?=)?(.*)$/.exec(part)!;
    const value = labels[key];
    if (operator === undefined) return key === '' || (value === undefined) === (absent === '!');
    return (value !== undefined && values.split('|').includes(value)) === (operator === '=');
  });
}

function holdsPod({ known, elsewhere, labels }: ListedPods, { namespaces }: Cluster, pod: PodEnd): boolean {
  if (!areAs(labels, pod.labels)) return false;
  if (namespaces.some(({ name }) => name === pod.namespace)) return known.includes(pod.namespace);
  return known.includes(pod.namespace) || (elsewhere !== undefined && areAs(elsewhere, pod.namespaceLabels));
}

function holdsPort(ports: readonly string[], port: number, protocol: Protocol): boolean {
  return ports.some((text) => {
    if (text === '*') return true;
    const [what = '', of] = text.split('/');
    const [first = '', last = first] = what.split('-');
    // A pod that could exist may give its port any name.
    return of === protocol && (/^\D/.test(what) || (Number(first) <= port && port <= Number(last)));
  });
}

const choices = [undefined, 'x', 'y', 'other'].flatMap((app) =>
  [undefined, 'x', 'y', 'other'].map((tier): Labels => ({ ...(app ? { app } : {}), ...(tier ? { tier } : {}) })),
);

const stranger = fc.record({
  namespace: fc.constantFrom('a', 'b', 'c', 'elsewhere'),
  labels: fc.constantFrom(...choices),
  namespaceLabels: fc.constantFrom(...choices),
});

/** What an address decides of a pod that could exist is not listed. */
const withoutAddresses = cluster.map((drawn) => ({
  ...drawn,
  workloads: drawn.workloads.map((workload) => ({ ...workload, addresses: [] })),
}));

it('rows say of every pod that could exist what the evaluator says', () => {
  const rank: readonly Decision[] = ['denied', 'unknown', 'allowed'];
  const strangers = fc.array(stranger, { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(withoutAddresses, profile, strangers, (world, cni, drawn) => {
      const { policies, unread } = world;
      const isByName = policies.some(({ rules }) => rules.some((r) => r.ports.items().some((item) => 'name' in item)));
      const connectivity = new Connectivity(world, cni);
      const { rows } = listExposure(connectivity);
      const saidBy = (some: readonly ExposureRow[], pod: PodEnd, port: number, protocol: Protocol): Decision => {
        const holding = some.filter(
          ({ pods, ports }) => pods.some((listed) => holdsPod(listed, world, pod)) && holdsPort(ports, port, protocol),
        );
        return rank[Math.max(0, ...holding.map(({ decision }) => rank.indexOf(decision)))]!;
      };
      for (const { end, workloads } of connectivity.classes) {
        for (const direction of ['ingress', 'egress'] as const) {
          const own = rows.filter(
            (row) => row.direction === direction && row.workloads.some(({ name }) => name === workloads[0]!.name),
          );
          for (const { namespace, labels, namespaceLabels } of drawn) {
            const known = world.namespaces.find(({ name }) => name === namespace);
            for (const port of portNumbers) {
              for (const protocol of ['TCP', 'UDP'] as const) {
                const pod: PodEnd = {
                  kind: 'pod',
                  namespace,
                  namespaceLabels: known?.labels ?? { ...namespaceLabels, 'kubernetes.io/metadata.name': namespace },
                  labels,
                  ports: ['http', 'dns'].map((name) => ({ name, number: port, protocol })),
                  network: 'pod',
                  addresses: [],
                };
                const [source, destination] = direction === 'ingress' ? [pod, end] : [end, pod];
                const { decision } = evaluate({ source, destination, protocol, port }, policies, cni, unread);
                const said = saidBy(own, pod, port, protocol);
                // Never less than there is. A name stands for every number, and for pods of the host network more may be left open.
                const isLoose = direction === 'egress' && isByName;
                const isOpen = end.network === 'host' && said === 'unknown' && decision === 'denied';
                const fits = isLoose ? rank.indexOf(said) >= rank.indexOf(decision) : said === decision || isOpen;
                if (!fits)
                  expect({ pod, end, port, protocol, said }).toEqual({ pod, end, port, protocol, said: decision });
              }
            }
          }
        }
      }
    }),
    { numRuns: 150 },
  );
});
