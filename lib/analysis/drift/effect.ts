import { type PlacedWorkload, workloadToString } from '../../model/cluster';
import { defaultProfile } from '../../model/cni-profiles';
import type { Connection, End, PodEnd } from '../../model/connection';
import type { Policy } from '../../model/policy';
import { namespaceBox, namespaceNameKey } from '../../model/selector';
import { addressRanges, addressSetToString } from '../../sets/address-set';
import type { PortSet } from '../../sets/port-set';
import { evaluate } from '../evaluate';
import { podsToString, portItemToString } from '../explain/texts';
import type { PolicyStatement } from '../open-world/relation';
import { peerOf, subjectOf } from '../open-world/statement';
import type { Remainder } from '../open-world/uncovered';
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

export function effectOf(kind: Effect['kind'], statement: PolicyStatement, rest: Remainder, world: DriftWorld): Effect {
  const { namespace, direction } = statement;
  const subject = subjectOf(rest.labels);
  const own = (world.workloads.get(namespace) ?? []).filter(({ podLabels }) => subject.matches(podLabels));
  const ownText = own.length > 0 ? namesOf(own) : podsToString(namespaceBox(namespace), subject);
  const { text: peerText, example } = peerIn(rest, world);
  const [from, to] = direction === 'egress' ? [ownText, peerText] : [peerText, ownText];
  const ends = direction === 'egress' ? ([own[0], example] as const) : ([example, own[0]] as const);
  return {
    kind,
    statement,
    text: `${from} → ${to}${rest.ports.isEverything ? '' : ` on ${portsText(rest.ports)}`}`,
    now: ends[0] && ends[1] ? judged(ends[0], ends[1], rest.ports, world) : undefined,
  };
}

type Example = PlacedWorkload | { readonly address: End };

function peerIn({ labels, addresses }: Remainder, world: DriftWorld): { text: string; example: Example | undefined } {
  if (addresses) {
    const [range] = addressRanges(addresses);
    return {
      text: addressSetToString(addresses),
      example: range && { address: { kind: 'address', address: range.first } },
    };
  }
  const { namespaces, pods } = peerOf(labels);
  const text = podsToString(namespaces, pods);
  if (namespaces.isEverything && pods.isEverything) return { text: 'every pod', example: undefined };
  const found: PlacedWorkload[] = [];
  for (const name of namespaces.valuesOf(namespaceNameKey) ?? world.workloads.keys()) {
    const own = world.labels.get(name) ?? {};
    if (!namespaces.matches(own)) continue;
    found.push(...(world.workloads.get(name) ?? []).filter(({ podLabels }) => pods.matches(podLabels)));
  }
  return { text: found.length > 0 ? namesOf(found) : text, example: found[0] };
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
