import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Connectivity } from '../../lib/analysis/connectivity/connectivity';
import { evaluate } from '../../lib/analysis/evaluate';
import { exposureOf } from '../../lib/analysis/exposure';
import { ClusterWorld } from '../../lib/analysis/open-world/cluster-world';
import { noAddresses, reachFrom } from '../../lib/analysis/reach';
import { stolenPodReach } from '../../lib/analysis/stolen-pod';
import type { Cluster } from '../../lib/model/cluster';
import type { CniProfile } from '../../lib/model/cni-profile';
import { defaultProfile } from '../../lib/model/cni-profiles';
import type { PodEnd } from '../../lib/model/connection';
import { PortSet } from '../../lib/sets/port-set';
import { cluster, portNumbers } from '../support/arbitrary-cluster';

const no = { value: 'no' as const };
const profile: CniProfile = {
  ...defaultProfile,
  facts: { ...defaultProfile.facts, ipBlockMatchesPods: no, ipBlockMatchesNodes: no },
};

/** Clusters in which nothing is left open: pods of the pod network, no policies of other kinds. */
const plain = cluster.map(
  (drawn): Cluster => ({
    ...drawn,
    unread: [],
    workloads: drawn.workloads.map((w) => ({ ...w, network: 'pod' as const, addresses: [] })),
  }),
);

/** Every choice of labels that can make a difference. */
const choices = [undefined, 'x', 'y', 'other'].flatMap((app) =>
  [undefined, 'x', 'y', 'other'].map(
    (tier) => ({ ...(app ? { app } : {}), ...(tier ? { tier } : {}) }) as Record<string, string>,
  ),
);

function podOf(
  world: Cluster,
  namespace: string,
  labels: Record<string, string>,
  own: Record<string, string> = {},
): PodEnd {
  const known = world.namespaces.find((n) => n.name === namespace);
  const namespaceLabels = known?.labels ?? { ...own, 'kubernetes.io/metadata.name': namespace };
  return { kind: 'pod', namespace, namespaceLabels, labels, ports: [], network: 'pod', addresses: [] };
}

const at = (port: number) => PortSet.of([{ protocol: 'TCP', first: port, last: port }]);

describe('exposure to pods that are not in the input', () => {
  it('names exactly the pods that the evaluator lets in or out', () => {
    const stranger = fc.record({
      namespace: fc.constantFrom('a', 'b', 'c', 'elsewhere'),
      labels: fc.constantFrom(...choices),
      own: fc.constantFrom(...choices),
    });
    fc.assert(
      fc.property(plain, fc.array(stranger, { minLength: 15, maxLength: 15 }), (drawn, strangers) => {
        const world = new ClusterWorld(drawn);
        for (const podClass of new Connectivity(drawn, profile).classes) {
          for (const direction of ['ingress', 'egress'] as const) {
            const entries = exposureOf(world, podClass, direction);
            for (const { namespace, labels, own } of strangers) {
              const other = podOf(drawn, namespace, labels, own);
              const [source, destination] = direction === 'ingress' ? [other, podClass.end] : [podClass.end, other];
              for (const port of portNumbers) {
                // A pod that could exist may call its ports what it wants.
                const names = ['http', 'dns'].map((name) => ({ name, number: port, protocol: 'TCP' as const }));
                const called: PodEnd = { ...other, ports: names };
                const can = (direction === 'ingress' ? [destination] : [destination, called]).some((to) => {
                  const connection = { source, destination: to, protocol: 'TCP' as const, port };
                  return evaluate(connection, drawn.policies, profile).decision === 'allowed';
                });
                const fits = entries.filter(
                  ({ peers }) => peers.namespaces.matches(other.namespaceLabels) && peers.pods.matches(labels),
                );
                expect(fits.some(({ ports }) => at(port).mayMeet(ports))).toBe(can);
              }
            }
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('what a stolen pod with free choice of labels could reach', () => {
  it('is what some choice of labels can reach', () => {
    fc.assert(
      fc.property(plain, (drawn) => {
        const connectivity = new Connectivity(drawn, profile);
        const reach = stolenPodReach(new ClusterWorld(drawn), connectivity, 'a');
        for (const { index, end } of connectivity.classes) {
          const found = reach.find(({ target }) => target.index === index)?.ports ?? PortSet.empty;
          for (const port of portNumbers) {
            const can = choices.some(
              (labels) =>
                evaluate(
                  { source: podOf(drawn, 'a', labels), destination: end, protocol: 'TCP', port },
                  drawn.policies,
                  profile,
                ).decision === 'allowed',
            );
            expect(at(port).isSubsetOf(found)).toBe(can);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('the blast radius of a workload', () => {
  it('is all that a search hop by hop finds, by shortest ways', () => {
    fc.assert(
      fc.property(plain, (drawn) => {
        const connectivity = new Connectivity(drawn, profile);
        const count = connectivity.classes.length;
        const hops = new Map([[0, 0]]);
        for (let n = 1; n <= count; n++) {
          for (const [from, far] of [...hops]) {
            if (far !== n - 1) continue;
            for (let to = 0; to < count; to++)
              if (!hops.has(to) && !connectivity.between(from, to).certain.isEmpty) hops.set(to, n);
          }
        }
        const reached = reachFrom(connectivity, { classes: new Set([0]), addresses: noAddresses }).filter(
          ({ target }) => target.index !== 0,
        );
        expect(new Map(reached.map((r) => [r.target.index, r.hops]))).toEqual(
          new Map([...hops].filter(([to]) => to !== 0)),
        );
        for (const { target, via, hops: n } of reached) {
          expect(via ? via.hops : 0).toBe(n - 1);
          expect(connectivity.between(via ? via.target.index : 0, target.index).certain.isEmpty).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });
});
