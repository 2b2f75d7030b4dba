import type { PlacedWorkload } from '../../model/cluster';
import type { ListedPlace } from '../../model/connectivity-listing';
import { resolveNames } from '../../model/named-ports';
import type { Direction, RulePeer } from '../../model/policy';
import { namespaceNameKey } from '../../model/selector';
import { podPorts } from '../../model/workload';
import { addressesOf, everyAddress } from '../../sets/address-set';
import type { LabelBox } from '../../sets/label-box';
import type { PortSet } from '../../sets/port-set';
import type { Claim, ClaimEnd } from '../claim';

/** Pods that a peer may reach, or that may reach it: what a test can state. */
export interface OpeningPoint {
  readonly direction: Direction;
  readonly namespace: string;
  readonly pods: LabelBox;
  readonly peer: RulePeer;
  readonly ports: PortSet;
  readonly text: string;
  readonly place: ListedPlace;
}

export type NamespaceLabels = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Whether a statement is about some of the opening. */
export function isAbout(claim: Claim, point: OpeningPoint, labels: NamespaceLabels): boolean {
  if (claim.kind !== 'allowed' || (claim.side && claim.side !== point.direction)) return false;
  const [subject, peer] =
    point.direction === 'egress' ? [claim.source, claim.destination] : [claim.destination, claim.source];
  const containers = claim.destination.kind === 'workload' ? podPorts(claim.destination.workload) : undefined;
  const ports = containers ? resolveNames(point.ports, containers) : point.ports;
  return !ports.intersect(claim.ports).isEmpty && isSubject(subject, point) && isPeer(peer, point.peer, labels);
}

function isSubject(end: ClaimEnd, { namespace, pods }: OpeningPoint): boolean {
  if (end.kind === 'workload') return end.workload.namespace === namespace && pods.matches(end.workload.podLabels);
  if (end.kind === 'addresses') return false;
  const asked = end.space.namespaces.valuesOf(namespaceNameKey);
  return (asked === undefined || asked.includes(namespace)) && end.space.pods.meets(pods);
}

function isPeer(end: ClaimEnd, peer: RulePeer, labels: NamespaceLabels): boolean {
  if (end.kind === 'addresses') {
    if (peer.kind === 'pods') return false;
    const held = peer.kind === 'everyone' ? everyAddress : addressesOf(peer.block);
    return !held.intersect(end.addresses).isEmpty;
  }
  if (peer.kind === 'addresses') return end.kind === 'workload' && holds(peer, end.workload);
  if (peer.kind === 'everyone') return true;
  if (end.kind === 'pods') return end.space.namespaces.meets(peer.namespaces) && end.space.pods.meets(peer.pods);
  const { namespace, podLabels } = end.workload;
  return (
    peer.namespaces.matches(labels.get(namespace) ?? { [namespaceNameKey]: namespace }) && peer.pods.matches(podLabels)
  );
}

/** Pods that are known by their address may be meant by it. */
function holds({ block }: Extract<RulePeer, { kind: 'addresses' }>, { addresses }: PlacedWorkload): boolean {
  return addresses.some((address) => {
    const bits = address.includes(':') ? 128 : 32;
    return !addressesOf(block).intersect(addressesOf({ cidr: `${address}/${bits}`, except: [] })).isEmpty;
  });
}
