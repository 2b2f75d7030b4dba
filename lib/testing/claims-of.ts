import type { Issue } from '../model/issue';
import { resolveNames } from '../model/named-ports';
import { podPorts } from '../model/workload';
import { everyAddress } from '../sets/address-set';
import { LabelBox } from '../sets/label-box';
import { PortSet } from '../sets/port-set';
import type { Assertion } from './assertion';
import { bothOutside } from './both-outside';
import type { Claim, ClaimEnd, Excepted } from './claim';
import { type Network, refuse } from './network';
import type { ListedText } from './party';
import { portsAt } from './ports-at';
import { tableClaims } from './table/table-claims';
import { endOf, endsNamed } from './term';
import { isItself } from './world';

type Report = (issue: Issue) => void;

const anyPod: ClaimEnd = {
  kind: 'pods',
  text: 'any other pod',
  space: { namespaces: LabelBox.everything, pods: LabelBox.everything },
};
const anyAddress: ClaimEnd = { kind: 'addresses', text: 'any address', addresses: everyAddress };

/**
 * What an assertion comes to in a network. Empty for one that is about texts, or about what the code declares.
 * @throws InputError with all that cannot be read or names nothing
 */
export function claimsOf(assertion: Assertion, network: Network): Claim[] {
  const issues: Issue[] = [];
  const claims = claimsIn(assertion, network, (issue) => issues.push(issue));
  refuse(issues);
  return claims;
}

function claimsIn(assertion: Assertion, network: Network, report: Report): Claim[] {
  const { cluster } = network;
  const named = (texts: readonly string[], where: string) =>
    texts.flatMap((text) => endsNamed(text, cluster, where, report));
  switch (assertion.kind) {
    case 'allow':
    case 'deny':
      return connections(assertion, named(assertion.from, 'from'), named(assertion.to, 'to'), network, report);
    case 'isolated':
      return named(assertion.who, 'who').flatMap((who) =>
        assertion.directions.map((direction): Claim => ({ kind: 'isolated', who, direction })),
      );
    case 'reach-only':
    case 'reachable-only-from': {
      const { kind, listed } = assertion;
      const of = kind === 'reach-only' ? 'destination' : 'source';
      return named(assertion.who, 'who').flatMap((who) => onlyClaims(who, of, listed, network, report));
    }
    case 'hold':
      return assertion.to.flatMap(({ peer, ports }) =>
        connections(
          { kind: 'deny', ...(ports ? { ports } : {}) },
          named(assertion.from, 'from'),
          named(peer, 'to'),
          network,
          report,
        ),
      );
    case 'connectivity':
      return closedClaims(assertion.focus ? named(assertion.focus, 'focus') : undefined, network);
    case 'table':
      return tableClaims(assertion.table, network, report).map(({ claim }) => claim);
    case 'policies':
    case 'proved':
      return [];
  }
}

function connections(
  { kind, ports }: { readonly kind: 'allow' | 'deny'; readonly ports?: readonly string[] },
  sources: readonly ClaimEnd[],
  destinations: readonly ClaimEnd[],
  { cluster }: Network,
  report: Report,
): Claim[] {
  const single = sources.length * destinations.length === 1;
  return destinations.flatMap((destination) => {
    const own = kind === 'deny' && !ports ? PortSet.all : portsAt(ports, destination, cluster, report);
    return sources.flatMap((source): Claim[] => {
      if (own.isEmpty || bothOutside(source, destination, report)) return [];
      // Of many pairs, those of a pod and itself say nothing.
      if (!single && isSame(source, destination)) return [];
      return [{ kind: kind === 'allow' ? 'allowed' : 'denied', source, destination, ports: own }];
    });
  });
}

function isSame(a: ClaimEnd, b: ClaimEnd): boolean {
  return a.kind === 'workload' && b.kind === 'workload' && isItself(a.workload, b.workload);
}

/** That each of the listed is reached on its ports; and of all others, known, possible or outside, none on any. */
function onlyClaims(
  who: ClaimEnd,
  of: 'source' | 'destination',
  texts: readonly ListedText[],
  network: Network,
  report: Report,
): Claim[] {
  const { cluster } = network;
  if (who.kind !== 'workload') {
    report({
      code: 'no-workload',
      message: `${who.text} is no workload of the input`,
      place: {},
      hint: 'name one, as in `shop/web`',
    });
    return [];
  }
  const listed = texts.flatMap(({ peer, ports }) =>
    peer.flatMap((text) =>
      endsNamed(text, cluster, of === 'source' ? 'from' : 'to', report).map((end): Excepted => {
        return { end, ports: portsAt(ports, of === 'source' ? who : end, cluster, report) };
      }),
    ),
  );
  const pair = (end: ClaimEnd) =>
    of === 'source' ? { source: end, destination: who } : { source: who, destination: end };
  const only = { of, listed };
  const rest = cluster.workloads.flatMap((workload): Claim[] => {
    if (isItself(workload, who.workload)) return [];
    const end = endOf(workload);
    const own = listed
      .filter((excepted) => names(excepted.end, end, network))
      .map((excepted) => (of === 'destination' ? resolveNames(excepted.ports, podPorts(workload)) : excepted.ports));
    const ports = own.reduce((left, some) => left.subtract(some), PortSet.all);
    if (ports.isEmpty) return [];
    const { source, destination } = pair(end);
    const but = own.reduce((all, some) => all.union(some.byName), PortSet.empty);
    // Written out: an object that others are spread into takes more, and there is one for every pair.
    if (but.isEmpty) return [{ kind: 'denied', source, destination, ports, only }];
    return [{ kind: 'denied', source, destination, ports, only, but }];
  });
  return [
    ...listed.flatMap(({ end, ports }): Claim[] => {
      const side = end.kind === 'pods' ? { side: of === 'source' ? ('ingress' as const) : ('egress' as const) } : {};
      return ports.isEmpty ? [] : [{ kind: 'allowed', ...pair(end), ports, ...side }];
    }),
    ...rest,
    { kind: 'denied', ...pair(anyPod), ports: PortSet.all, only },
    { kind: 'denied', ...pair(anyAddress), ports: PortSet.all, only },
  ];
}

/** Whether the workload is one that the entry names. */
function names(entry: ClaimEnd, { workload }: ClaimEnd & { kind: 'workload' }, { cluster }: Network): boolean {
  if (entry.kind === 'workload') return entry.workload === workload;
  if (entry.kind === 'addresses') return false;
  const labels = cluster.namespaces.find(({ name }) => name === workload.namespace)?.labels ?? {};
  return entry.space.namespaces.matches(labels) && entry.space.pods.matches(workload.podLabels);
}

/** Each connection among known workloads as it is now. */
function closedClaims(focus: readonly ClaimEnd[] | undefined, { cluster, world }: Network): Claim[] {
  const ends = cluster.workloads.map(endOf);
  const others = new Map<PortSet, PortSet>();
  const inFocus = focus && new Set(focus.flatMap((end) => (end.kind === 'workload' ? [end.workload] : [])));
  return ends.flatMap((source) =>
    ends.flatMap((destination): Claim[] => {
      if (inFocus && !inFocus.has(source.workload) && !inFocus.has(destination.workload)) return [];
      if (isItself(source.workload, destination.workload)) return [];
      const { certain, possible } = world.known.between(source.workload, destination.workload);
      const denied = others.get(possible) ?? PortSet.all.subtract(possible);
      others.set(possible, denied);
      return [
        ...(certain.isEmpty ? [] : [{ kind: 'allowed' as const, source, destination, ports: certain }]),
        ...(denied.isEmpty
          ? []
          : [{ kind: 'denied' as const, source, destination, ports: denied, but: possible.byName }]),
      ];
    }),
  );
}
