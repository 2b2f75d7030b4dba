import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../lib/analysis/evaluate';
import { notIsolated, relationOf } from '../../lib/analysis/open-world/relation';
import { pairBox, type Statement } from '../../lib/analysis/open-world/statement';
import { StatementIndex } from '../../lib/analysis/open-world/statement-index';
import { uncovered } from '../../lib/analysis/open-world/uncovered';
import { Universe } from '../../lib/analysis/open-world/universe';
import type { CniProfile } from '../../lib/model/cni-profile';
import type { End, PodEnd } from '../../lib/model/connection';
import { namespaceNameKey } from '../../lib/model/selector';
import { addressesOf, holdsAddress } from '../../lib/sets/address-set';
import { parseAddress } from '../../lib/sets/cidr';
import { LabelBox } from '../../lib/sets/label-box';
import { PortSet } from '../../lib/sets/port-set';
import { addresses, box, policies, portNumbers, ports, profile, protocols } from '../support/arbitrary-cluster';

/** Everything that the facts leave open, decided: so that the evaluator's verdict is never unknown. */
const decided = profile.map((drawn): CniProfile => {
  const [no, yes] = [{ value: 'no' as const }, { value: 'yes' as const }];
  const facts = {
    ...drawn.facts,
    ipBlockMatchesPods: no,
    ipBlockMatchesNodes: no,
    enforcesEgress: yes,
    enforcesEndPort: yes,
    enforcesSctp: yes,
    enforcesNamedPorts: yes,
    enforcesIpBlockExcept: yes,
    enforcesIpv6: yes,
  };
  return { ...drawn, facts };
});

/** Labels that a pod could have: values that selectors name, another value, or none. */
const anyLabels: fc.Arbitrary<Record<string, string>> = fc
  .tuple(
    ...['app', 'tier'].map((key) =>
      fc.constantFrom(undefined, 'x', 'y', 'other').map((value) => [key, value] as const),
    ),
  )
  .map((entries) => Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Record<string, string>);

const known = { a: { [namespaceNameKey]: 'a', app: 'x' }, b: { [namespaceNameKey]: 'b' } } as const;

const pod: fc.Arbitrary<PodEnd> = fc
  .record({
    namespace: fc.constantFrom('a', 'b', 'c', 'd'),
    own: anyLabels,
    labels: anyLabels,
    numbers: fc.tuple(fc.constantFrom(...portNumbers), fc.constantFrom(...portNumbers)),
  })
  .map(({ namespace, own, labels, numbers }) => ({
    kind: 'pod',
    namespace,
    namespaceLabels: namespace in known ? known[namespace as 'a'] : { ...own, [namespaceNameKey]: namespace },
    labels,
    ports: [
      { name: 'http', number: numbers[0], protocol: 'TCP' },
      { name: 'dns', number: numbers[1], protocol: 'UDP' },
    ],
    network: 'pod',
    addresses: [],
  }));

function holds(
  statement: Statement,
  subject: PodEnd,
  peer: End,
  destination: End,
  protocol: 'TCP' | 'UDP' | 'SCTP',
  port: number,
): boolean {
  const pair = {
    ...prefixed('subject:', subject.labels),
    ...(peer.kind === 'pod'
      ? { ...prefixed('namespace:', peer.namespaceLabels), ...prefixed('pod:', peer.labels) }
      : {}),
  };
  if (statement.namespace !== subject.namespace || (peer.kind === 'address') !== (statement.addresses !== undefined))
    return false;
  if (!statement.labels.matches(pair)) return false;
  if (peer.kind === 'address' && !holdsAddress(statement.addresses!, peer.address)) return false;
  if (statement.ports.isEverything) return true;
  return statement.ports.items().some((item) => {
    if (item.protocol !== protocol) return false;
    if ('first' in item) return item.first <= port && port <= item.last;
    return (
      destination.kind === 'pod' &&
      destination.ports.some((p) => p.name === item.name && p.protocol === protocol && p.number === port)
    );
  });
}

const prefixed = (prefix: string, labels: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(labels).map(([key, value]) => [prefix + key, value]));

describe('the relation over every pod that could exist', () => {
  it('holds a connection exactly if the evaluator allows it, side by side', () => {
    const address = fc
      .constantFrom(...addresses)
      .map((text): End => ({ kind: 'address', address: parseAddress(text)! }));
    const universe = new Universe(new Map(Object.entries(known)));
    fc.assert(
      fc.property(
        policies,
        decided,
        fc.array(fc.tuple(pod, fc.oneof(pod, address)), { minLength: 20, maxLength: 20 }),
        (list, cni, pairs) => {
          const relation = relationOf(list, ['a', 'b', 'c', 'd'], universe);
          for (const [subject, peer] of pairs) {
            for (const direction of ['ingress', 'egress'] as const) {
              const [source, destination] = direction === 'egress' ? [subject, peer] : [peer, subject];
              for (const protocol of protocols) {
                for (const port of portNumbers) {
                  const verdict = evaluate({ source, destination, protocol, port }, list, cni);
                  const found = relation.some(
                    (s) => s.direction === direction && holds(s, subject, peer, destination, protocol, port),
                  );
                  expect(found ? 'allowed' : 'denied').toBe(verdict[direction].decision);
                }
              }
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('names the pods that no policy isolates, each once', () => {
    fc.assert(
      fc.property(policies, anyLabels, (list, labels) => {
        const own = list.filter(({ namespace }) => namespace === 'a');
        for (const direction of ['ingress', 'egress'] as const) {
          const isolated = own.some((policy) => policy.isolates.includes(direction) && policy.pods.matches(labels));
          expect(notIsolated(own, direction).filter((found) => found.matches(labels)).length).toBe(isolated ? 0 : 1);
        }
      }),
    );
  });
});

const blocks = [
  undefined,
  addressesOf({ cidr: '10.0.0.0/8', except: [] }),
  addressesOf({ cidr: '10.0.0.0/16', except: ['10.0.1.0/24'] }),
  addressesOf({ cidr: '0.0.0.0/0', except: [] }),
];
const statement: fc.Arbitrary<Statement> = fc
  .record({ subject: box, namespaces: box, pods: box, addresses: fc.constantFrom(...blocks), ports })
  .map(({ subject, namespaces, pods, addresses: set, ports: list }) => ({
    namespace: 'a',
    direction: 'ingress',
    labels: pairBox(subject, set ? undefined : { namespaces, pods }),
    addresses: set,
    ports: list,
  }));

describe('what of a statement others do not hold', () => {
  it('is exactly that, in disjoint parts', () => {
    const subject = fc.record({
      labels: anyLabels,
      other: anyLabels,
      own: anyLabels,
      address: fc.constantFrom(undefined, ...addresses),
    });
    fc.assert(
      fc.property(
        statement,
        fc.array(statement, { maxLength: 6 }),
        fc.array(subject, { minLength: 30, maxLength: 30 }),
        (part, others, points) => {
          const rest = [...uncovered(part, others)];
          for (const { labels, other, own, address } of points) {
            const me: PodEnd = {
              kind: 'pod',
              namespace: 'a',
              namespaceLabels: {},
              labels,
              ports: [{ name: 'http', number: 81, protocol: 'TCP' }],
              network: 'pod',
              addresses: [],
            };
            const peer: End = address
              ? { kind: 'address', address: parseAddress(address)! }
              : { ...me, labels: other, namespaceLabels: own };
            for (const port of [...portNumbers, 81]) {
              const inside = (s: Statement) => holds(s, me, peer, me, 'TCP', port);
              const within = rest.filter((r) => inside({ ...part, ...r }));
              // Every port, and a port known by name, stay as a whole as long as anything of them is not held.
              const strict = inside(part) && !others.some(inside);
              if (strict) expect(within.length).toBe(1);
              else if (![part, ...others].some((s) => s.ports.isEverything || `${s.ports}`.includes('TCP/')))
                expect(within.length).toBe(0);
            }
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is found among the statements that an index says are near', () => {
    fc.assert(
      fc.property(statement, fc.array(statement, { maxLength: 12 }), (part, others) => {
        const near = new StatementIndex(others).near(part);
        expect([...uncovered(part, near)].map((r) => `${r.labels} ${r.addresses} ${r.ports}`).sort()).toEqual(
          [...uncovered(part, others)].map((r) => `${r.labels} ${r.addresses} ${r.ports}`).sort(),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('is nothing where the parts together hold the whole', () => {
    const whole = {
      labels: LabelBox.of([{ key: 'app', operator: 'Exists' }]),
      addresses: undefined,
      ports: PortSet.all,
    };
    const of = (operator: 'In' | 'NotIn') => ({
      ...whole,
      labels: LabelBox.of([{ key: 'app', operator, values: ['x'] }]),
    });
    expect([...uncovered(whole, [of('In'), of('NotIn')])]).toEqual([]);
    expect([...uncovered(whole, [of('In')])].map(({ labels }) => `${labels}`)).toEqual(['app,app!=x']);
  });
});
