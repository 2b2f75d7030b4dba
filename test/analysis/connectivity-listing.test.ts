import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Connectivity } from '../../lib/analysis/connectivity/connectivity';
import { listConnectivity } from '../../lib/analysis/connectivity/listing';
import type { ListingFilters, PartySet } from '../../lib/analysis/connectivity/listing-filters';
import type { Cluster, PlacedWorkload } from '../../lib/model/cluster';
import { defaultProfile } from '../../lib/model/cni-profiles';
import type { ConnectivityListing } from '../../lib/model/connectivity-listing';
import { Port } from '../../lib/model/port';
import { clusterOfTexts } from '../../lib/read/cluster';
import { notesOf } from '../../lib/render/connectivity/statements';
import { type AddressSet, addressesOf, everyAddress, holdsAddress } from '../../lib/sets/address-set';
import { parseAddress } from '../../lib/sets/cidr';
import { IntervalSet } from '../../lib/sets/interval-set';
import { PortSet } from '../../lib/sets/port-set';
import { addresses, cluster, ports, profile } from '../support/arbitrary-cluster';

/** Clusters in which some workloads may have several pods, others are single ones. */
const world: fc.Arbitrary<Cluster> = fc
  .tuple(cluster, fc.array(fc.constantFrom('Pod' as const, 'Deployment' as const), { minLength: 8, maxLength: 8 }))
  .map(([drawn, kinds]) => ({
    ...drawn,
    workloads: drawn.workloads.map((w, i) => ({ ...w, kind: kinds[i] ?? 'Pod' })),
  }));

const idOf = ({ namespace, name }: PlacedWorkload) => `${namespace}/${name}`;
const setOf = (texts: readonly string[]) =>
  texts.includes('*')
    ? PortSet.all
    : PortSet.of(texts.filter((text) => text !== 'other').map((text) => Port.parse(text)!.item)).union(
        texts.includes('other') ? otherProtocols : PortSet.empty,
      );
const otherProtocols = PortSet.all.subtract(
  PortSet.of((['TCP', 'UDP', 'SCTP'] as const).map((protocol) => ({ protocol, first: 1, last: 65535 }))),
);

/** What the rows say of every pair, as `certain / possible`. */
function pairsOf(listing: ConnectivityListing): Map<string, string> {
  const reach = new Map<string, { certain: PortSet; possible: PortSet }>();
  for (const { sources, destinations, ports: texts, decision } of listing.connections) {
    for (const source of sources) {
      for (const destination of destinations) {
        const key = `${source.id} ${destination.id}`;
        const { certain, possible } = reach.get(key) ?? { certain: PortSet.empty, possible: PortSet.empty };
        const set = setOf(texts);
        reach.set(key, {
          certain: decision === 'allowed' ? certain.union(set) : certain,
          possible: possible.union(set),
        });
      }
    }
  }
  return new Map([...reach].map(([key, { certain, possible }]) => [key, `${certain} / ${possible}`]));
}

describe('the listing of connections', () => {
  it('says of every pair of workloads exactly what holds between them', () => {
    fc.assert(
      fc.property(world, profile, fc.constantFrom(0, 1, 50), (drawn, cni, wide) => {
        const connectivity = new Connectivity(drawn, cni, { wide });
        const told = pairsOf(listConnectivity(connectivity));
        for (const source of connectivity.classes) {
          for (const destination of connectivity.classes) {
            const { certain, possible } = connectivity.between(source.index, destination.index);
            for (const s of source.workloads) {
              for (const d of destination.workloads) {
                if (s === d && s.kind === 'Pod') continue;
                const want = possible.isEmpty ? undefined : `${certain} / ${possible}`;
                expect(told.get(`${idOf(s)} ${idOf(d)}`)).toBe(want);
              }
            }
          }
        }
      }),
      { numRuns: 600 },
    );
  });

  it('says of every address outside exactly what holds', () => {
    fc.assert(
      fc.property(world, profile, (drawn, cni) => {
        const connectivity = new Connectivity(drawn, cni);
        const { outside } = listConnectivity(connectivity);
        for (const { index, workloads } of connectivity.classes) {
          for (const direction of ['ingress', 'egress'] as const) {
            for (const address of addresses.map((text) => parseAddress(text)!)) {
              const want = connectivity.addresses(index, direction).find((r) => holdsAddress(r.addresses, address));
              for (const workload of workloads) {
                const rows = outside.filter(
                  (row) =>
                    row.direction === direction &&
                    row.workloads.some(({ id }) => id === idOf(workload)) &&
                    holdsAddress(rangesOf(row.addresses.ranges), address),
                );
                const union = (list: typeof rows) =>
                  list.reduce((set, row) => set.union(setOf(row.ports)), PortSet.empty);
                const allowed = union(rows.filter(({ decision }) => decision === 'allowed'));
                expect(`${allowed}`).toBe(`${want?.certain ?? PortSet.empty}`);
                expect(`${union(rows)}`).toBe(`${want?.possible ?? PortSet.empty}`);
              }
            }
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on the order of the input', () => {
    const shuffled = world.chain((drawn) =>
      fc.record({
        drawn: fc.constant(drawn),
        workloads: fc.shuffledSubarray([...drawn.workloads], { minLength: drawn.workloads.length }),
        policies: fc.shuffledSubarray([...drawn.policies], { minLength: drawn.policies.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, profile, fc.constantFrom(0, 1, 50), ({ drawn, ...order }, cni, wide) => {
        const list = (input: Cluster) => listConnectivity(new Connectivity(input, cni, { wide }));
        expect(list({ ...drawn, ...order })).toEqual(list(drawn));
      }),
      { numRuns: 600 },
    );
  });

  it('leaves out exactly what filters leave out', () => {
    const filtered = world.chain((drawn) => {
      const half = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
      const party = fc
        .subarray([...drawn.workloads], { minLength: 1 })
        .map((list): PartySet => ({ text: '', workloads: new Set(list), addresses: IntervalSet.empty() }));
      const names = fc.constant(PortSet.of([{ protocol: 'TCP', name: 'http' }]));
      const set = fc.oneof(names, ports).filter((drawnSet) => !drawnSet.isEverything);
      return fc.record({
        drawn: fc.constant(drawn),
        from: half(party),
        to: half(party),
        focus: half(party),
        set: half(set),
      });
    });
    fc.assert(
      fc.property(filtered, profile, ({ drawn, from, to, focus, set }, cni) => {
        // The parties are of this very cluster: else everything would fit by being empty.
        for (const w of focus?.workloads ?? []) expect(drawn.workloads).toContain(w);
        const filters: ListingFilters = {
          ...(from ? { from } : {}),
          ...(to ? { to } : {}),
          ...(focus ? { focus } : {}),
          ...(set ? { ports: { text: '', set } } : {}),
        };
        const connectivity = new Connectivity(drawn, cni);
        const told = pairsOf(listConnectivity(connectivity, filters));
        for (const source of connectivity.classes) {
          for (const destination of connectivity.classes) {
            const reach = connectivity.between(source.index, destination.index);
            const numbers = set ? resolved(set, destination.workloads[0]!) : PortSet.all;
            const [certain, possible] = [reach.certain.intersect(numbers), reach.possible.intersect(numbers)];
            for (const s of source.workloads) {
              for (const d of destination.workloads) {
                if (s === d && s.kind === 'Pod') continue;
                const fits =
                  (from?.workloads.has(s) ?? true) &&
                  (to?.workloads.has(d) ?? true) &&
                  (!focus || focus.workloads.has(s) || focus.workloads.has(d));
                const want = !fits || possible.isEmpty ? undefined : `${certain} / ${possible}`;
                expect(told.get(`${idOf(s)} ${idOf(d)}`)).toBe(want);
              }
            }
          }
        }
      }),
      { numRuns: 600 },
    );
  });

  it('gives a reason for whatever is unknown, and none for what is allowed', () => {
    fc.assert(
      fc.property(world, profile, (drawn, cni) => {
        const { connections, outside } = listConnectivity(new Connectivity(drawn, cni));
        for (const { decision, because } of [...connections, ...outside]) {
          expect(because.length > 0).toBe(decision === 'unknown');
        }
      }),
      { numRuns: 600 },
    );
  });
});

describe('what is unknown', () => {
  it('is not told again where another row allows it', () => {
    // A selector may not pick pods on the host network, but this one picks the source, and lets it in.
    const host = pod('b', 'agent').replace('spec: {', 'spec: {hostNetwork: true, ');
    const open = policy('b', 'p', '', 'Ingress').replace(
      'policyTypes',
      'ingress: [{from: [{namespaceSelector: {}}]}], policyTypes',
    );
    const { connections } = list(host, deployment('a', 'web'), open);
    expect(connections.map(({ decision }) => decision)).toEqual(['allowed', 'allowed']);
  });
});

describe('a cluster without policies', () => {
  it('is one row, however large', () => {
    const text = Array.from({ length: 300 }, (_, i) => deployment(`ns${i % 7}`, `w${i}`)).join('---\n');
    const listing = list(text);
    expect(listing.connections).toHaveLength(1);
    expect(listing.connections[0]).toMatchObject({ ports: ['*'], decision: 'allowed' });
    expect(listing.connections[0]!.sources).toHaveLength(300);
    expect(listing.connections[0]!.destinations).toHaveLength(300);
    expect(listing.outside).toHaveLength(2);
  });

  it('lists a Deployment to its own pods, but not a single Pod to itself', () => {
    expect(list(deployment('a', 'web')).connections).toHaveLength(1);
    expect(list(pod('a', 'web')).connections).toHaveLength(0);
  });
});

describe('large sets of workloads', () => {
  it('stay one row, and are kept apart', () => {
    const many = (namespace: string) =>
      Array.from({ length: 2100 }, (_, i) => pod(namespace, `w${i}`).replace(`app: w${i}`, 'app: w'));
    const from = (name: string, ...namespaces: string[]) => {
      const peers = namespaces.map(
        (n) =>
          `{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ${n}}}, podSelector: {matchLabels: {app: w}}}`,
      );
      const rule = `ingress: [{from: [${peers.join()}], ports: [{port: 80}]}], policyTypes`;
      const isolated = policy('d', name, `app: ${name}`, 'Ingress').replace('policyTypes', rule);
      return `${pod('d', name)}---\n${isolated}`;
    };
    const { connections } = list(
      [...many('a'), ...many('c')].join('---\n'),
      from('p', 'a'),
      from('q', 'a'),
      from('r', 'c'),
    );
    const shown = connections
      .filter(({ ports: texts }) => texts[0] !== '*')
      .map((row) => [row.sources.length, row.sources[0]!.namespace, row.destinations.map(({ id }) => id).join()]);
    expect(shown).toEqual([
      [2100, 'a', 'd/p,d/q'],
      [2100, 'c', 'd/r'],
    ]);
  });
});

describe('what the answer rests on', () => {
  it('tells which workloads are isolated in which direction, and by which policies', () => {
    const { workloads } = list(deployment('a', 'web'), deployment('a', 'db'), policy('a', 'db', 'app: db', 'Ingress'));
    expect(workloads.map(({ id, ingress, egress, selectedBy }) => [id, ingress, egress, selectedBy])).toEqual([
      ['a/db', 'isolated', 'open', ['a/db']],
      ['a/web', 'open', 'open', []],
    ]);
  });

  it('tells which workloads are open to pods that are not in the input', () => {
    const rule = (policyText: string, way: string, list: string, app: string) =>
      policyText.replace(
        ']}\n',
        `], ${way}: [{${list}: [{namespaceSelector: {}, podSelector: {matchLabels: {app: ${app}}}}]}]}\n`,
      );
    const open = rule(policy('a', 'web', 'app: web', 'Ingress'), 'ingress', 'from', 'nginx');
    const closed = rule(policy('a', 'cart', 'app: cart', 'Ingress'), 'ingress', 'from', 'web');
    const out = rule(policy('a', 'dns', '', 'Egress'), 'egress', 'to', 'kube-dns');
    const all = read(deployment('a', 'web'), deployment('a', 'cart'), open, closed, out);
    const listing = listConnectivity(new Connectivity(all, defaultProfile));
    const ids = (refs: readonly { readonly id: string }[]) => refs.map(({ id }) => id);
    expect(ids(listing.strangers.ingress)).toEqual(['a/web']);
    expect(ids(listing.strangers.egress)).toEqual(['a/cart', 'a/web']);
    expect(notesOf(listing)).toContain(
      'pods that are not in the input may reach 1 workload, and be reached by 2 workloads, as rules name them: --open lists them',
    );
  });

  it('tells policies that select nothing from those that take no effect', () => {
    const host = deployment('a', 'agent').replace('spec: {containers', 'spec: {hostNetwork: true, containers');
    const texts = [host, deployment('a', 'web'), policy('a', 'agent', 'app: agent', 'Ingress')];
    const cni = {
      ...defaultProfile,
      facts: { ...defaultProfile.facts, selectsHostNetworkPods: { value: 'no' as const } },
    };
    const listing = listConnectivity(new Connectivity(read(...texts, policy('a', 'x', 'app: gone', 'Ingress')), cni));
    expect(listing.idlePolicies).toEqual(['a/x']);
    expect(listing.workloads.map(({ id, ingress, selectedBy }) => [id, ingress, selectedBy])).toEqual([
      ['a/agent', 'open', ['a/agent']],
      ['a/web', 'open', []],
    ]);
  });

  it('names a workload with its kind where two kinds share the name', () => {
    const job = deployment('a', 'web').replace('kind: Deployment', 'kind: StatefulSet');
    expect(list(deployment('a', 'web'), job).workloads.map(({ id }) => id)).toEqual([
      'Deployment/a/web',
      'StatefulSet/a/web',
    ]);
  });

  it('says which namespaces are only known by name', () => {
    const { namespaces } = list(
      'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n',
      deployment('a', 'x'),
      pod('b', 'z'),
    );
    expect(namespaces).toEqual([
      { name: 'a', workloads: 1, labels: 'given' },
      { name: 'b', workloads: 1, labels: 'assumed' },
    ]);
  });

  it('counts rules that ask for labels of namespaces which assumed ones may lack', () => {
    const by = (label: string) =>
      policy('a', label.replace(/\W/g, ''), '', 'Ingress').replace(
        'policyTypes',
        `ingress: [{from: [{namespaceSelector: {matchLabels: {${label}: x}}}]}], policyTypes`,
      );
    expect(list(deployment('a', 'x'), by('team'), by('kubernetes.io/metadata.name')).rulesByNamespaceLabels).toBe(1);
  });

  it('makes unknown, and names, whatever a policy of another kind could change', () => {
    const cilium = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c, namespace: a}\n';
    const listing = list(deployment('a', 'web'), deployment('b', 'other'), cilium);
    expect(listing.unread).toMatchObject([{ kind: 'CiliumNetworkPolicy', namespace: 'a', name: 'c' }]);
    const question = 'what does a policy of a kind that is not read do?';
    expect(
      listing.connections.map(({ sources, destinations, decision, because }) => [
        sources.map(({ id }) => id).join(),
        destinations.map(({ id }) => id).join(),
        decision,
        because,
      ]),
    ).toEqual([
      ['a/web', 'b/other', 'unknown', [{ question, examples: ['CiliumNetworkPolicy a/c'] }]],
      ['a/web,b/other', 'a/web', 'unknown', [{ question, examples: ['CiliumNetworkPolicy a/c'] }]],
      ['b/other', 'b/other', 'allowed', []],
    ]);
  });
});

describe('exposures', () => {
  const service = `apiVersion: v1
kind: Service
metadata: {name: web, namespace: a}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
`;
  const ingress = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: a}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
`;
  const behind = (...more: string[]) => {
    const [exposure] = list(deployment('a', 'web'), service, ingress, ...more).exposures;
    const { workload, ports: targets, admits, peers } = exposure!;
    return [workload?.id, targets, admits, peers];
  };
  const allow = (rule: string) =>
    policy('a', 'p', 'app: web', 'Ingress').replace('policyTypes', `ingress: [${rule}], policyTypes`);

  it('lead through the Service to the port of the pod', () => {
    expect(behind()).toEqual(['a/web', ['8080/TCP'], 'anyone', []]);
  });

  it('stay shut where no rule opens that port', () => {
    expect(behind(policy('a', 'p', 'app: web', 'Ingress'))).toEqual(['a/web', ['8080/TCP'], 'nobody', []]);
    expect(behind(allow('{ports: [{port: 81}]}'))).toEqual(['a/web', ['8080/TCP'], 'nobody', []]);
  });

  it('tell whom the rules let in there', () => {
    expect(behind(allow('{ports: [{port: http}]}'))).toEqual(['a/web', ['8080/TCP'], 'anyone', []]);
    expect(
      behind(allow('{from: [{namespaceSelector: {matchLabels: {role: ingress}}}, {ipBlock: {cidr: 10.0.0.0/8}}]}')),
    ).toEqual(['a/web', ['8080/TCP'], 'some', ['10.0.0.0/8', 'any pod in namespaces role=ingress']]);
  });

  it('are listed also where their Service is missing', () => {
    const [exposure] = list(deployment('a', 'web'), ingress).exposures;
    expect(exposure).toMatchObject({ service: 'a/web', ports: [], admits: 'unknown' });
    expect(exposure).not.toHaveProperty('workload');
  });
});

describe('addresses', () => {
  const to = (block: string) =>
    list(
      deployment('a', 'web'),
      policy('a', 'p', '', 'Egress').replace('policyTypes', `egress: [{to: [{ipBlock: ${block}}]}], policyTypes`),
    ).outside.filter(({ direction }) => direction === 'egress')[0]!.addresses;

  it('are told by what is left out where that is shorter', () => {
    expect(to('{cidr: 0.0.0.0/0, except: [10.0.0.0/8]}')).toEqual({
      text: '0.0.0.0/0 except 10.0.0.0/8',
      ranges: ['0.0.0.0/5', '8.0.0.0/7', '11.0.0.0-255.255.255.255'],
    });
  });

  it('are told as they are where that is shorter', () => {
    expect(to('{cidr: 10.1.0.0/16}')).toEqual({ text: '10.1.0.0/16', ranges: ['10.1.0.0/16'] });
  });
});

function resolved(set: PortSet, { ports: own }: PlacedWorkload): PortSet {
  return PortSet.of(
    set.items().flatMap((item) => {
      if ('first' in item) return [item];
      return own
        .filter(({ name, protocol }) => name === item.name && protocol === item.protocol)
        .map(({ number, protocol }) => ({ protocol, first: number, last: number }));
    }),
  );
}

function rangesOf(ranges: readonly string[]): AddressSet {
  const range = (text: string) => {
    if (text === 'any address') return everyAddress;
    if (text.includes('/')) return addressesOf({ cidr: text, except: [] });
    const [first, last] = text.split('-').map((part) => {
      const width = part.includes(':') ? 128 : 32;
      return addressesOf({ cidr: `${part}/${width}`, except: [] }).intervals[0]!.first;
    }) as [bigint, bigint];
    return IntervalSet.of(first, last);
  };
  return IntervalSet.union(ranges.map(range));
}

function deployment(namespace: string, name: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: c, image: x, ports: [{name: http, containerPort: 8080}]}]}
`;
}

function pod(namespace: string, name: string): string {
  return `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}
spec: {containers: [{name: c, image: x}]}
`;
}

function policy(namespace: string, name: string, labels: string, type: string): string {
  return `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: ${namespace}}
spec: {podSelector: {matchLabels: {${labels}}}, policyTypes: [${type}]}
`;
}

function read(...texts: string[]): Cluster {
  return clusterOfTexts(texts.map((text, i) => ({ file: `${i}.yaml`, text })));
}

function list(...texts: string[]): ConnectivityListing {
  return listConnectivity(new Connectivity(read(...texts), defaultProfile));
}
