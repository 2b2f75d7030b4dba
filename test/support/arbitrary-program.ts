import { Testing } from 'cdk8s';
import fc from 'fast-check';
import { Environment, Namespace, Peer, Service, Tier } from 'tierwall';
import type { End } from './evaluate';
import { pod } from './program';

/** A statement of a small program: every one of them can be said in any order after the services are there. */
export interface Statement {
  readonly callee: number;
  readonly caller: number;
  readonly ports: readonly string[] | undefined;
}

export const names = ['a', 'b', 'c', 'd', 'e'] as const;
const outsiders = [Peer.namespace('other'), Peer.cidr('10.0.0.0/8'), Peer.cidr('10.1.0.0/16'), Peer.anywhere()];
const addresses: End[] = [
  { address: '10.1.0.1' },
  { address: '10.2.0.1' },
  { address: '8.8.8.8' },
  { namespace: 'other', labels: {} },
];
export const universe: End[] = [
  ...names.map((n, i) => pod(n, i < 3 ? 'one' : 'two')),
  pod('unnamed', 'one'),
  ...addresses,
];
export const ports = [80, 90, 91, 1000];

export const statement: fc.Arbitrary<Statement> = fc.record({
  callee: fc.nat(names.length + 1),
  caller: fc.nat(names.length + 1 + outsiders.length),
  ports: fc.option(fc.constantFrom(['http'], ['metrics'], ['http', 'metrics']), { nil: undefined }),
});
export const program = fc.array(statement, { maxLength: 8 });

export function build(statements: readonly Statement[], order: readonly string[] = names) {
  const app = Testing.app();
  const environment = new Environment(app, 'prod');
  const one = new Namespace(environment, 'one');
  const two = new Namespace(environment, 'two');
  const tier = new Tier(one, 'tier');
  const services = new Map<string, Service>();
  for (const name of order) {
    const home = name === 'a' || name === 'b' ? tier : name === 'c' ? one : two;
    services.set(name, new Service(home, name, { ports: { http: 80, metrics: '90-91' } }));
  }
  const groups = [...names.map((n) => services.get(n)!), tier, two];
  const peers = [...groups, ...outsiders];
  for (const { callee, caller, ports } of statements) {
    groups[callee]!.allowFrom(peers[caller]!, { because: `reason ${caller}`, ...(ports ? { ports } : {}) });
  }
  return app;
}

/** What the statements say, worked out without the synthesizer. */
export function declared(statements: readonly Statement[], from: End, to: End, port: number): boolean {
  const serviceOf = (end: End) =>
    names.find(
      (n, i) =>
        pod(n, i < 3 ? 'one' : 'two').labels!['app.kubernetes.io/name'] === end.labels?.['app.kubernetes.io/name'] &&
        end.namespace === (i < 3 ? 'one' : 'two'),
    );
  const isIn = (group: number, end: End) => {
    const name = serviceOf(end);
    if (group < names.length) return name === names[group];
    return group === names.length ? name === 'a' || name === 'b' : end.namespace === 'two';
  };
  const target = serviceOf(to);
  if (to.namespace === 'one' || to.namespace === 'two') {
    if (!target) return false;
    if ((from.namespace === 'one' || from.namespace === 'two') && !serviceOf(from)) return false;
    return statements.some(({ callee, caller, ports }) => {
      const wanted = ports ?? ['http', 'metrics'];
      const onPort =
        (port === 80 && wanted.includes('http')) || ((port === 90 || port === 91) && wanted.includes('metrics'));
      if (!onPort || !isIn(callee, to)) return false;
      if (caller < names.length + 2) return isIn(caller, from);
      const egressOpen = from.namespace === undefined || from.namespace === 'other';
      const held = [from.namespace === 'other', inTen(from), inTen(from) && from.address!.startsWith('10.1.'), true][
        caller - names.length - 2
      ]!;
      return egressOpen && held;
    });
  }
  return from.namespace === undefined || from.namespace === 'other';
}

const inTen = (end: End) => end.address?.startsWith('10.') ?? false;
