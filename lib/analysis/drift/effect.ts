import { type PlacedWorkload, workloadToString } from '../../model/cluster';
import { defaultProfile } from '../../model/cni-profiles';
import type { Connection, End, PodEnd } from '../../model/connection';
import type { Policy } from '../../model/policy';
import { namespaceBox, namespaceNameKey } from '../../model/selector';
import { type AddressSet, addressRanges, addressSetToString, everyAddress } from '../../sets/address-set';
import type { LabelBox } from '../../sets/label-box';
import type { PortSet } from '../../sets/port-set';
import { evaluate } from '../evaluate';
import { podsToString, portItemToString } from '../explain/texts';
import type { PolicyStatement } from '../open-world/relation';
import { peerOf, type Statement, subjectOf } from '../open-world/statement';
import { type Remainder, uncovered } from '../open-world/uncovered';
import { unpickedNodes } from '../open-world/witness';
import type { DriftWorld } from './drift-world';

/** Connections that the cluster allows and the intent does not, or the reverse, as far as one side's policies go. */
export interface Effect {
  readonly kind: 'opens' | 'closes';
  /** The rule that allows it, live or intended; without one, nothing isolates the pods. */
  readonly statement: PolicyStatement;
  /** As in `shop/web → shop/redis on 6379/TCP`. */
  readonly text: string;
  /** Between known workloads: what both sides together come to now. */
  readonly now: 'allowed' | 'denied' | 'unknown' | undefined;
}

/** More workloads than these are counted. */
const mostNames = 3;
/** Of more parts the first ones are looked at. */
const mostParts = 64;

/** What of a statement others do not hold, by its largest part: that with the most known workloads, else the least particular one. */
export function effectOf(
  kind: Effect['kind'],
  statement: PolicyStatement,
  others: readonly Statement[],
  world: DriftWorld,
): Effect | undefined {
  const parts: Ends[] = [];
  for (const rest of uncovered(statement, others)) {
    parts.push(endsOf(statement, rest, world));
    if (parts.length === mostParts) break;
  }
  const [ends] = parts.sort((a, b) => b.pairs - a.pairs || a.rest.labels.keys.length - b.rest.labels.keys.length);
  if (!ends) return undefined;
  const { rest, own, peer } = ends;
  const [from, to] = statement.direction === 'egress' ? [own, peer] : [peer, own];
  const ports = rest.ports.isEverything ? '' : ` on ${portsText(rest.ports)}`;
  return {
    kind,
    statement,
    text: `${from.text} → ${to.text}${ports}`,
    now: from.example && to.example ? judged(from.example, to.example, rest.ports, world) : undefined,
  };
}

type Example = PlacedWorkload | { readonly address: End };

interface NamedEnd {
  readonly text: string;
  readonly example: Example | undefined;
}

interface Ends {
  readonly rest: Remainder;
  readonly own: NamedEnd;
  readonly peer: NamedEnd;
  /** Of known workloads. */
  readonly pairs: number;
}

function endsOf({ namespace }: Statement, rest: Remainder, world: DriftWorld): Ends {
  const subject = subjectOf(rest.labels);
  const own = (world.workloads.get(namespace) ?? []).filter(({ podLabels }) => subject.matches(podLabels));
  const named = { text: textOf(own, podsToString(namespaceBox(namespace), subject)), example: own[0] };
  if (rest.peers === 'unpicked') {
    return { rest, own: named, peer: { text: unpickedNodes, example: undefined }, pairs: own.length };
  }
  if (rest.addresses) {
    const [range] = addressRanges(rest.addresses);
    const example: Example | undefined = range && { address: { kind: 'address', address: range.first } };
    return { rest, own: named, peer: { text: addressesText(rest.addresses), example }, pairs: own.length };
  }
  const { namespaces, pods } = peerOf(rest.labels);
  const isEvery = namespaces.isEverything && pods.isEverything;
  const peers = isEvery ? world.live.workloads : peersIn(namespaces, pods, world);
  const text = isEvery ? 'every pod' : textOf(peers, podsToString(namespaces, pods));
  return { rest, own: named, peer: { text, example: peers[0] }, pairs: own.length * peers.length };
}

function addressesText(addresses: AddressSet): string {
  const ranges = addressSetToString(addresses).split(' ');
  const rest = ranges.length - mostNames;
  // One more than is shown is shown too.
  if (rest <= 1 || addresses.equals(everyAddress)) return addressSetToString(addresses);
  return `${ranges.slice(0, mostNames).join(' ')} and ${rest} more ranges`;
}

function peersIn(namespaces: LabelBox, pods: LabelBox, world: DriftWorld): PlacedWorkload[] {
  const names = [...(namespaces.valuesOf(namespaceNameKey) ?? world.workloads.keys())];
  return names
    .filter((name) => namespaces.matches(world.labels.get(name) ?? {}))
    .flatMap((name) => (world.workloads.get(name) ?? []).filter(({ podLabels }) => pods.matches(podLabels)));
}

function textOf(workloads: readonly PlacedWorkload[], otherwise: string): string {
  return workloads.length > 0 ? namesOf(workloads) : otherwise;
}

function namesOf(workloads: readonly PlacedWorkload[]): string {
  const names = [...new Set(workloads.map(workloadToString))].sort();
  const rest = names.length - mostNames;
  return rest > 0 ? `${names.slice(0, mostNames).join(', ')} and ${rest} more` : names.join(', ');
}

function portsText(ports: PortSet): string {
  const items = ports.items().map(portItemToString);
  return items.length > 0 ? items.join(', ') : 'protocols without ports';
}

/** One connection of it, by the policies as they are in the cluster. */
function judged(from: Example, to: Example, ports: PortSet, world: DriftWorld): Effect['now'] {
  const [source, destination] = [endOf(from, world), endOf(to, world)];
  const named = destination.kind === 'pod' ? destination.ports : [];
  const [first] = ports.isEverything ? [{ protocol: 'TCP' as const, first: named[0]?.number ?? 1 }] : ports.items();
  if (!first) return undefined;
  const port = 'first' in first ? first.first : named.find(({ name }) => name === first.name)?.number;
  if (port === undefined) return undefined;
  const connection: Connection = { source, destination, protocol: first.protocol, port };
  const policies = [source, destination].flatMap((end): readonly Policy[] =>
    end.kind === 'pod' ? (world.livePolicies.get(end.namespace) ?? []) : [],
  );
  return evaluate(connection, [...new Set(policies)], defaultProfile, world.live.unread).decision;
}

function endOf(example: Example, world: DriftWorld): End {
  if ('address' in example) return example.address;
  const { namespace, podLabels, ports, network } = example;
  const end: PodEnd = {
    kind: 'pod',
    namespace,
    namespaceLabels: world.labels.get(namespace) ?? {},
    labels: podLabels,
    ports,
    network,
    addresses: [],
  };
  return end;
}
