import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { podEnd } from '../../lib/analysis/connectivity/pod-classes';
import { evaluate } from '../../lib/analysis/evaluate';
import { anyPod } from '../../lib/analysis/open-world/cluster-world';
import { notHeld } from '../../lib/analysis/open-world/compare';
import type { Ends, PodSpace } from '../../lib/analysis/open-world/meetings';
import { readingsOf } from '../../lib/analysis/open-world/readings';
import { relationOf } from '../../lib/analysis/open-world/relation';
import { Universe } from '../../lib/analysis/open-world/universe';
import type { Cluster } from '../../lib/model/cluster';
import type { CniProfile } from '../../lib/model/cni-profile';
import type { Connection, End, PodEnd } from '../../lib/model/connection';
import type { Direction, Policy } from '../../lib/model/policy';
import { namespaceBox, namespaceNameKey } from '../../lib/model/selector';
import { addressesOf, cidrsOfAddresses, everyAddress } from '../../lib/sets/address-set';
import { parseAddress } from '../../lib/sets/cidr';
import { LabelBox } from '../../lib/sets/label-box';
import { type PortItem, PortSet } from '../../lib/sets/port-set';
import type { Claim, ClaimEnd } from '../../lib/testing/claim';
import { KnownPods } from '../../lib/testing/known-pods';
import { Judge } from '../../lib/testing/mutation/judge';
import type { Mutant } from '../../lib/testing/mutation/mutant';
import { mutantsOf } from '../../lib/testing/mutation/mutants-of';
import { Network } from '../../lib/testing/network';
import { PossiblePods } from '../../lib/testing/possible-pods';
import { World } from '../../lib/testing/world';
import {
  addresses,
  box,
  cluster,
  policies,
  portNumbers,
  ports as portsDrawn,
  profile,
  protocols,
} from '../support/arbitrary-cluster';

/** A cluster, and another policy for the place of one of its policies; undefined takes it away. */
const changed = fc
  .record({ world: cluster, others: policies, which: fc.nat(4), kind: fc.nat(5) })
  .filter(({ world }) => world.policies.length > 0)
  .map(({ world, others, which, kind }) => {
    const old = world.policies[which % world.policies.length]!;
    // Now and then another object that says the same.
    const [other] = kind === 0 ? [old] : others;
    const by: Policy | undefined = other && { ...other, namespace: old.namespace, name: old.name };
    const after = world.policies.flatMap((policy) => (policy === old ? (by ?? []) : [policy]));
    return { world, old, by, after: { ...world, policies: after } as Cluster };
  });

const runs = { numRuns: 120 };

describe('known pods', () => {
  it('are judged as the evaluator of single connections judges them, also after a change of one policy', () => {
    fc.assert(
      fc.property(changed, profile, ({ world, old, by, after }, cni) => {
        const before = KnownPods.of(world, cni);
        for (const [known, judged] of [
          [before, world],
          [before.replacing(old, by), after],
        ] as const) {
          const ends = world.workloads.map((w) => endOf(w, world));
          for (const [i, source] of ends.entries()) {
            for (const [j, destination] of ends.entries()) {
              const reach = known.between(world.workloads[i]!, world.workloads[j]!);
              for (const protocol of protocols) {
                for (const port of portNumbers) {
                  const connection = { source, destination: { ...destination }, protocol, port };
                  const want = evaluate(connection, judged.policies, cni, judged.unread).decision;
                  const point = PortSet.of([{ protocol, first: port, last: port }]);
                  const is = point.isSubsetOf(reach.certain)
                    ? 'allowed'
                    : point.isSubsetOf(reach.possible)
                      ? 'unknown'
                      : 'denied';
                  expect(is).toBe(want);
                }
              }
            }
          }
        }
      }),
      runs,
    );
  });
});

/** Where nothing is left open, a verdict is never unknown. */
const decided = profile.map((drawn): CniProfile => {
  const [no, yes] = [{ value: 'no' as const }, { value: 'yes' as const }];
  const { facts } = drawn;
  const all = Object.fromEntries(Object.keys(facts).map((key) => [key, key.startsWith('enforces') ? yes : no]));
  return { ...drawn, facts: { ...facts, ...all, otherProtocols: facts.otherProtocols } as CniProfile['facts'] };
});

const somePods = fc
  .record({
    namespaces: fc.oneof(fc.constantFrom('a', 'b', 'c').map(namespaceBox), fc.constant(LabelBox.everything)),
    pods: box,
  })
  .filter(({ pods }) => !pods.isEmpty)
  .map((space): ClaimEnd => ({ kind: 'pods', text: 'pods', space }));

const someAddresses = fc.constant<ClaimEnd>({ kind: 'addresses', text: 'any', addresses: everyAddress });

const podsOnly = cluster.map(
  (drawn): Cluster => ({
    ...drawn,
    unread: [],
    workloads: drawn.workloads.map((w) => ({ ...w, network: 'pod' as const, addresses: [] })),
  }),
);

const claim: fc.Arbitrary<Claim> = fc
  .record({
    kind: fc.constantFrom('allowed' as const, 'denied' as const),
    ends: fc.oneof(fc.tuple(somePods, somePods), fc.tuple(somePods, someAddresses), fc.tuple(someAddresses, somePods)),
    port: fc.oneof(fc.constantFrom(...portNumbers), fc.constant('http')),
    protocol: fc.constantFrom(...protocols),
  })
  .map(({ kind, ends: [source, destination], port, protocol }) => {
    const isNamed = typeof port === 'string' && destination.kind === 'pods';
    const number = typeof port === 'string' ? 80 : port;
    const item = isNamed ? { protocol, name: port } : { protocol, first: number, last: number };
    return { kind, source, destination, ports: PortSet.of([item]) };
  });

const labelValues = [undefined, 'x', 'y', 'other'] as const;

/** Ports of every protocol by the names that are drawn. One number may have both. */
function calling(http: number, dns: number): PodEnd['ports'] {
  return protocols.flatMap((protocol) => [
    { name: 'http', number: http, protocol },
    { name: 'dns', number: dns, protocol },
  ]);
}

/** Every pod of a tiny universe, with and without ports by name. */
function podsIn(end: ClaimEnd, world: Cluster): End[] {
  if (end.kind !== 'pods') return addresses.map((text): End => ({ kind: 'address', address: parseAddress(text)! }));
  const choices = labelValues.flatMap((app) =>
    labelValues.map((tier) => ({ ...(app ? { app } : {}), ...(tier ? { tier } : {}) })),
  );
  // One that is not known may carry any labels.
  const unknown = choices.map((own) => ({ name: 'd', labels: { ...own, [namespaceNameKey]: 'd' } }));
  const namespaces = [...world.namespaces, ...unknown];
  return namespaces.flatMap(({ name, labels: namespaceLabels }) =>
    choices.flatMap((labels): PodEnd[] => {
      if (!end.space.namespaces.matches(namespaceLabels) || !end.space.pods.matches(labels)) return [];
      const pod = {
        kind: 'pod' as const,
        namespace: name,
        namespaceLabels,
        labels,
        network: 'pod' as const,
        addresses: [],
      };
      const named = [calling(80, 90), calling(90, 79), calling(79, 79), calling(90, 80)];
      return [{ ...pod, ports: [] }, ...named.map((ports) => ({ ...pod, ports }))];
    }),
  );
}

describe('a claim about pods that only could exist', () => {
  it('holds only if the evaluator says so of every pod of a tiny universe, and a breach that is certain is one', () => {
    const seen = { holds: 0, certain: 0 };
    fc.assert(
      fc.property(podsOnly, decided, claim, (world, cni, drawn) => {
        if (drawn.kind === 'isolated') return;
        const breach = new World(world, cni).check(drawn);
        const [asked] = drawn.ports.items() as [PortItem];
        const { protocol } = asked;
        const numbersAt = (to: End) => {
          if ('first' in asked) return [asked.first];
          const named = to.kind === 'pod' ? to.ports : [];
          return named
            .filter((own) => own.name === asked.name && own.protocol === protocol)
            .map(({ number }) => number!);
        };
        const verdicts = (source: ClaimEnd, destination: ClaimEnd) =>
          podsIn(source, world).flatMap((from) =>
            podsIn(destination, world)
              // Between pods of a namespace that nothing is known of there is nothing to say.
              .filter((to) => [from, to].some((end) => end.kind === 'pod' && end.namespace !== 'd'))
              .flatMap((to) =>
                numbersAt(to).map(
                  (port) => evaluate({ source: from, destination: to, protocol, port }, world.policies, cni).decision,
                ),
              ),
          );
        if (!breach) {
          seen.holds++;
          expect(
            new Set(verdicts(drawn.source, drawn.destination)).has(drawn.kind === 'allowed' ? 'denied' : 'allowed'),
          ).toBe(false);
        } else if (breach.kind === 'connection' && breach.decision === 'allowed') {
          seen.certain++;
          expect(verdicts(breach.source, breach.destination)).toContain('allowed');
        }
      }),
      runs,
    );
    expect(seen.holds).toBeGreaterThan(20);
    expect(seen.certain).toBeGreaterThan(20);
  });
});

describe('the change that another policy in the place of one makes', () => {
  it('is none exactly if both sets of policies mean the same under every reading, and else what comparing them gives', () => {
    const seen = { none: 0, some: 0 };
    fc.assert(
      fc.property(changed, profile, ({ world: drawn, old, by, after: drawnAfter }, cni) => {
        const [world, after] = [drawn, drawnAfter].map((c) => ({ ...c, unread: [] }));
        const change = new PossiblePods(world!, cni).changeOf(old, by);
        const [least, most] = [change.under('least'), change.under('most')];
        const isNone = [least, most].every(({ lost, gained }) => lost.length + gained.length === 0);
        const names = world!.namespaces.map(({ name }) => name);
        const universe = new Universe(new Map(world!.namespaces.map(({ name, labels }) => [name, labels])));
        const relations = (c: Cluster) => {
          const { least, most } = readingsOf(c, cni);
          return [least, most].map(({ policies: list }) => relationOf(list, names, universe));
        };
        const [was, is] = [relations(world!), relations(after!)];
        const differs = (a: typeof was, b: typeof was, reading: number) =>
          [...notHeld(a[reading]!, b[reading]!)].length > 0;
        const same = [0, 1].every((reading) => !differs(was, is, reading) && !differs(is, was, reading));
        expect(isNone).toBe(same);
        expect(least.lost.length > 0).toBe(differs(was, is, 0));
        expect(most.gained.length > 0).toBe(differs(is, was, 1));
        seen[same ? 'none' : 'some']++;
      }),
      runs,
    );
    expect(seen.none).toBeGreaterThan(5);
    expect(seen.some).toBeGreaterThan(40);
  });
});

describe('a claim about a workload of the host network and pods that only could exist', () => {
  it('holds only if the evaluator says so of every pod of a tiny universe, whatever the plugin does, and a breach that is certain is one', () => {
    const seen = { holds: 0, certain: 0 };
    const drawn = fc.record({
      world: cluster.map(
        (own): Cluster => ({
          ...own,
          unread: own.unread.filter(({ namespace }) => namespace !== undefined),
          workloads: [{ ...own.workloads[0]!, network: 'host' }],
        }),
      ),
      cni: fc.oneof(profile, decided),
      pods: somePods,
      kind: fc.constantFrom('allowed' as const, 'denied' as const),
      port: fc.constantFrom(...portNumbers),
      protocol: fc.constantFrom(...protocols),
      way: fc.constantFrom('in' as const, 'out' as const),
    });
    fc.assert(
      fc.property(drawn, ({ world, cni, pods, kind, port, protocol, way }) => {
        const [workload] = world.workloads as [Cluster['workloads'][number]];
        const own: ClaimEnd = { kind: 'workload', text: 'own', workload };
        const [source, destination] = way === 'in' ? [pods, own] : [own, pods];
        const ports = PortSet.of([{ protocol, first: port, last: port }]);
        const breach = new World(world, cni).check({ kind, source, destination, ports });
        const host = endOf(workload, world);
        const verdicts = new Set(
          podsIn(pods, world).map((pod) => {
            const [from, to] = way === 'in' ? [pod, host] : [host, pod];
            const connection = { source: from, destination: to, protocol, port };
            return evaluate(connection, world.policies, cni, world.unread).decision;
          }),
        );
        if (breach?.kind !== 'connection') {
          seen.holds++;
          expect([...verdicts].filter((decision) => decision !== kind)).toEqual([]);
        } else if (breach.decision !== 'unknown') {
          seen.certain++;
          expect(verdicts).toContain(breach.decision);
        }
      }),
      { numRuns: 500 },
    );
    expect(seen.holds).toBeGreaterThan(20);
    expect(seen.certain).toBeGreaterThan(20);
  });
});

describe('a claim that pods are isolated', () => {
  it('holds only if it does of every known pod among them, whatever the plugin enforces and whichever policies are not read', () => {
    const seen = { holds: 0, not: 0 };
    const direction = fc.constantFrom('ingress' as const, 'egress' as const);
    const podNetwork = cluster.map((drawn): Cluster => {
      return { ...drawn, workloads: drawn.workloads.map((w) => ({ ...w, network: 'pod' as const })) };
    });
    fc.assert(
      fc.property(podNetwork, profile, somePods, direction, (world, cni, who, direction) => {
        if (who.kind !== 'pods') return;
        const checked = new World(world, cni);
        const among = world.workloads.filter(
          (w) => who.space.namespaces.matches(labelsIn(w, world)) && who.space.pods.matches(w.podLabels),
        );
        const open = among.filter(
          (workload) =>
            checked.check({ kind: 'isolated', who: { kind: 'workload', text: '', workload }, direction }) !== undefined,
        );
        const holds = checked.check({ kind: 'isolated', who, direction }) === undefined;
        if (holds) expect(open).toEqual([]);
        if (among.length > 0) seen[holds ? 'holds' : 'not']++;
      }),
      { numRuns: 1500 },
    );
    expect(seen.holds).toBeGreaterThan(20);
    expect(seen.not).toBeGreaterThan(20);
  });
});

/** About pods that are known as well, and of lists of the only peers; whether it holds is not asked. */
const anyClaim = (world: Cluster): fc.Arbitrary<Claim> => {
  const known = fc
    .constantFrom(...world.workloads)
    .map((workload): ClaimEnd => ({ kind: 'workload', text: workload.name, workload }));
  const block = fc
    .constantFrom(addressesOf({ cidr: '10.0.0.0/16', except: [] }), everyAddress)
    .map((set): ClaimEnd => ({ kind: 'addresses', text: 'some', addresses: set }));
  const someEnd = fc.oneof(known, somePods, block);
  const ends = fc.tuple(someEnd, someEnd).filter((both) => both.some(({ kind }) => kind !== 'addresses'));
  const set = portsDrawn.filter((drawn) => drawn.items().every((item) => 'first' in item));
  const direction = fc.constantFrom('ingress' as const, 'egress' as const);
  return fc.oneof(
    fc.record({ kind: fc.constant('isolated' as const), who: fc.oneof(known, somePods), direction }),
    fc
      .record({ kind: fc.constantFrom('allowed' as const, 'denied' as const), ends, ports: set })
      .map(({ kind, ends: [source, destination], ports }): Claim => ({ kind, source, destination, ports })),
    fc
      .record({
        who: known,
        peer: someEnd,
        of: fc.constantFrom('source' as const, 'destination' as const),
        end: someEnd,
        ports: set,
      })
      .map(
        ({ who, peer, of, end, ports }): Claim => ({
          kind: 'denied',
          ...(of === 'source' ? { source: peer, destination: who } : { source: who, destination: peer }),
          ports: PortSet.all,
          only: { of, listed: [{ end, ports }] },
        }),
      ),
  );
};

const mutatedOf = (drawn: fc.Arbitrary<Cluster>) =>
  drawn
    .filter(({ policies: list }) => list.length > 0)
    .chain((world) =>
      fc.record({
        world: fc.constant(world),
        claims: fc.array(anyClaim(world), { minLength: 12, maxLength: 12 }),
        which: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
      }),
    );

const mutated = mutatedOf(cluster);

/** Rules are about pods of one namespace, and these let nobody in, or do not go out: what rules say is so for its pod of the host network alone. */
function onlyHostOpen({ own, shut }: { readonly own: Cluster; readonly shut: Direction }): Cluster {
  const workload = { ...own.workloads[0]!, network: 'host' as const };
  const namespaces = namespaceBox(workload.namespace);
  const place = { at: (field: string) => ({ field }) };
  const closed: Policy = {
    namespace: workload.namespace,
    name: 'shut',
    pods: LabelBox.everything,
    isolates: [shut],
    rules: [],
    place,
  };
  const open = own.policies.map((policy): Policy => {
    const rules = policy.rules.filter(({ direction }) => direction !== shut);
    const peers = [{ kind: 'pods' as const, namespaces, pods: LabelBox.ofLabels(workload.podLabels) }];
    return { ...policy, rules: rules.map((rule) => ({ ...rule, peers })) };
  });
  return { ...own, workloads: [workload], policies: [...open, closed] };
}

/** Under which rules by addresses are about pods too, as far as it is known where these are. */
const byAddresses = profile.map((drawn): CniProfile => {
  return { ...drawn, facts: { ...drawn.facts, ipBlockMatchesPods: { value: 'yes' } } };
});

describe('a change that mutation testing makes', () => {
  it('is noticed by a claim exactly if that does not hold of the changed policies', () => {
    const seen = { noticed: 0, not: 0 };
    fc.assert(
      fc.property(mutated, profile, ({ world, claims, which }, cni) => {
        const network = new Network(world, { cni });
        const held = claims.filter((one) => !network.world.check(one));
        for (const mutant of someMutants(world, which)) {
          const after = new World(mutatedCluster(world, mutant), cni);
          for (const one of held) {
            const isBroken = after.check(one) !== undefined;
            expect([mutant.what, new Judge(network, [one]).judge(mutant) === 'noticed']).toEqual([
              mutant.what,
              isBroken,
            ]);
            seen[isBroken ? 'noticed' : 'not']++;
          }
        }
      }),
      runs,
    );
    expect(seen.noticed).toBeGreaterThan(60);
    expect(seen.not).toBeGreaterThan(60);
  });

  it('is equivalent only if no two known pods may talk otherwise, also where their addresses are known', () => {
    const seen = { equivalent: 0, not: 0 };
    fc.assert(
      fc.property(mutated, byAddresses, ({ world, which }, cni) => {
        const judge = new Judge(new Network(world, { cni }), []);
        const reach = (cluster: Cluster) => {
          const known = KnownPods.of(cluster, cni);
          return world.workloads.flatMap((source) =>
            world.workloads
              .filter((destination) => destination !== source)
              .map((destination) => {
                const { certain, possible } = known.between(source, destination);
                return `${certain} ${possible}`;
              }),
          );
        };
        for (const mutant of someMutants(world, which)) {
          const isEquivalent = judge.judge(mutant) === 'equivalent';
          if (isEquivalent) expect(reach(mutatedCluster(world, mutant))).toEqual(reach(world));
          seen[isEquivalent ? 'equivalent' : 'not']++;
        }
      }),
      { numRuns: 500 },
    );
    expect(seen.equivalent).toBeGreaterThan(60);
    expect(seen.not).toBeGreaterThan(60);
  });

  it('is equivalent only if no claim of a connection that holds would notice it, also of a pod of the host network', () => {
    const seen = { equivalent: 0, ofHost: 0 };
    const drawn = fc.record({
      mutated: fc.oneof(
        mutated,
        mutatedOf(
          fc.record({ own: cluster, shut: fc.constantFrom('ingress' as const, 'egress' as const) }).map(onlyHostOpen),
        ),
      ),
      cni: fc.oneof(profile, decided),
    });
    fc.assert(
      fc.property(drawn, ({ mutated: { world, claims, which }, cni }) => {
        const network = new Network(world, { cni });
        const [workload] = world.workloads as [Cluster['workloads'][number]];
        const own: ClaimEnd = { kind: 'workload', text: 'own', workload };
        const ofOne = world.policies.flatMap(({ namespace, pods }) => {
          const other: ClaimEnd = { kind: 'pods', text: '', space: { namespaces: namespaceBox(namespace), pods } };
          return [[own, other] as const, [other, own] as const].flatMap(([source, destination]) =>
            portNumbers.flatMap((port) =>
              (['allowed', 'denied'] as const).map((kind): Claim => {
                return { kind, source, destination, ports: PortSet.of([{ protocol: 'TCP', first: port, last: port }]) };
              }),
            ),
          );
        });
        const stated = [...claims.filter(({ kind }) => kind !== 'isolated'), ...ofOne];
        const held = stated.filter((one) => !network.world.check(one));
        const judge = new Judge(network, []);
        for (const mutant of someMutants(world, which)) {
          if (judge.judge(mutant) !== 'equivalent') continue;
          const after = new World(mutatedCluster(world, mutant), cni);
          const noticing = held.filter((one) => after.check(one)).map(({ kind }) => kind);
          expect([mutant.what, noticing]).toEqual([mutant.what, []]);
          seen.equivalent++;
          if (workload.network === 'host' && held.some((one) => ofOne.includes(one))) seen.ofHost++;
        }
      }),
      { numRuns: 600 },
    );
    expect(seen.equivalent).toBeGreaterThan(60);
    expect(seen.ofHost).toBeGreaterThan(20);
  });
});

/** One pod that is known by its address, where rules by addresses are about pods. */
const placedPod = cluster
  .filter(({ policies: list }) => list.length > 0)
  .map((world): Cluster => {
    const [first] = world.workloads as [Cluster['workloads'][number]];
    const workloads = [{ ...first, network: 'pod' as const, addresses: ['10.0.0.1'] }];
    return { ...world, unread: [], workloads };
  });

describe('a change that is told to be equivalent', () => {
  it('alters nothing between a pod that is known by its address and any pod that could exist', () => {
    let seen = 0;
    const which = fc.array(fc.nat(), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(placedPod, byAddresses, which, (world, cni, drawn) => {
        const judge = new Judge(new Network(world, { cni }), []);
        const known = endOf(world.workloads[0]!, world);
        const others = podsIn({ ...somewhere, space: anyPod as PodSpace }, world);
        for (const mutant of someMutants(world, drawn)) {
          if (judge.judge(mutant) !== 'equivalent') continue;
          seen++;
          const after = mutatedCluster(world, mutant);
          const judged = (policies: readonly Policy[]) =>
            others.flatMap((other) =>
              [
                [other, known],
                [known, other],
              ].flatMap(([source, destination]) =>
                portNumbers.map((port) => {
                  const connection = { source: source!, destination: destination!, protocol: 'TCP' as const, port };
                  return evaluate(connection, policies, cni).decision;
                }),
              ),
            );
          expect([mutant.what, judged(after.policies)]).toEqual([mutant.what, judged(world.policies)]);
        }
      }),
      runs,
    );
    expect(seen).toBeGreaterThan(30);
  });
});

const somewhere = { kind: 'pods', text: '' } as const;

describe('a connection that a change opens or closes', () => {
  it('is judged otherwise by the evaluator, for some pods among its ends', () => {
    let seen = 0;
    fc.assert(
      fc.property(podsOnly, decided, fc.array(fc.nat(), { minLength: 6, maxLength: 6 }), (world, cni, which) => {
        const judge = new Judge(new Network(world, { cni }), []);
        for (const mutant of someMutants(world, which)) {
          const [effect] = judge.effectsOf(mutant);
          // Protocols without ports are not what the evaluator is asked for.
          if (!effect || effect.connection.ports.toString() === '+') continue;
          const { source, destination, ports } = effect.connection;
          const numbers = [...portNumbers, ...ports.items().flatMap((item) => ('first' in item ? [item.first] : []))];
          const after = mutatedCluster(world, mutant);
          const differs = (connection: Connection) => {
            const [was, is] = [world, after].map(({ policies: all }) => evaluate(connection, all, cni).decision);
            return was !== is;
          };
          const isSomewhere = among(source, world).some((from) =>
            among(destination, world).some((to) =>
              protocols.some((protocol) =>
                numbers.some((port) => differs({ source: from, destination: to, protocol, port })),
              ),
            ),
          );
          expect([mutant.what, isSomewhere]).toEqual([mutant.what, true]);
          seen++;
        }
      }),
      runs,
    );
    expect(seen).toBeGreaterThan(100);
  });
});

function among(ends: Ends, world: Cluster): End[] {
  if (!('addresses' in ends)) return podsIn({ kind: 'pods', text: '', space: ends }, world);
  return cidrsOfAddresses(ends.addresses).map(({ family, first: value }) => {
    return { kind: 'address', address: { family, value } };
  });
}

/** Where a policy of a kind that is not read decides, nothing is changed. */
function someMutants({ policies: all, unread }: Cluster, which: readonly number[]): Mutant[] {
  const isRead = ({ namespace }: Policy) =>
    unread.every((own) => own.namespace !== undefined && own.namespace !== namespace);
  const mutants = all.filter(isRead).flatMap((policy) => [...mutantsOf(policy)]);
  return mutants.length === 0 ? [] : [...new Set(which.map((n) => mutants[n % mutants.length]!))];
}

function mutatedCluster(world: Cluster, { policy, by }: Mutant): Cluster {
  return { ...world, policies: world.policies.flatMap((p) => (p === policy ? (by ?? []) : [p])) };
}

function labelsIn(workload: Cluster['workloads'][number], { namespaces }: Cluster) {
  return namespaces.find(({ name }) => name === workload.namespace)!.labels;
}

function endOf(workload: Cluster['workloads'][number], world: Cluster): PodEnd {
  return podEnd(workload, labelsIn(workload, world));
}
