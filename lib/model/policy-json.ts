import { LabelBox, type Requirement } from '../sets/label-box';
import { type PortItem, PortSet } from '../sets/port-set';
import type { Place } from './issue';
import type { AddressBlock } from './outside';
import type { Direction, DocumentPlace, Policy, Rule, RulePeer } from './policy';

/** As in JSON: every port of every protocol, or a list. */
export type PortsJson = '*' | readonly PortItem[];

export type PeerJson =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'pods'; readonly namespaces: readonly Requirement[]; readonly pods: readonly Requirement[] }
  | { readonly kind: 'addresses'; readonly block: AddressBlock };

/** A policy as plain data. */
export interface PolicyJson {
  readonly namespace: string;
  readonly name: string;
  readonly pods: readonly Requirement[];
  readonly isolates: readonly Direction[];
  readonly rules: readonly {
    readonly direction: Direction;
    readonly index: number;
    readonly peers: readonly PeerJson[];
    readonly ports: PortsJson;
    readonly place: Place;
  }[];
  readonly place: Place;
}

export function policyToJson({ namespace, name, pods, isolates, rules, place }: Policy): PolicyJson {
  return {
    namespace,
    name,
    pods: pods.requirements(),
    isolates,
    rules: rules.map(({ direction, index, peers, ports, place: own }) => {
      return { direction, index, peers: peers.map(peerToJson), ports: portsToJson(ports), place: placeToJson(own) };
    }),
    place: placeToJson(place),
  };
}

export function policyFromJson({ namespace, name, pods, isolates, rules, place }: PolicyJson): Policy {
  const read: Rule[] = [];
  const policy: Policy = {
    namespace,
    name,
    pods: LabelBox.of(pods),
    isolates,
    rules: read,
    place: documentPlace(place),
  };
  for (const { direction, index, peers, ports, place: own } of rules) {
    read.push({ policy, direction, index, peers: peers.map(peerFromJson), ports: portsFromJson(ports), place: own });
  }
  return policy;
}

export function peerToJson(peer: RulePeer): PeerJson {
  if (peer.kind !== 'pods') return peer;
  return { kind: 'pods', namespaces: peer.namespaces.requirements(), pods: peer.pods.requirements() };
}

export function peerFromJson(peer: PeerJson): RulePeer {
  if (peer.kind !== 'pods') return peer;
  return { kind: 'pods', namespaces: LabelBox.of(peer.namespaces), pods: LabelBox.of(peer.pods) };
}

export function portsToJson(ports: PortSet): PortsJson {
  return ports.isEverything ? '*' : ports.items();
}

export function portsFromJson(ports: PortsJson): PortSet {
  return ports === '*' ? PortSet.all : PortSet.of(ports);
}

/** With its line, which would else be worked out from a text that may be gone. */
export function placeToJson({ construct, origin, file, line, field }: Place): Place {
  const known = origin ? /^(.*):(\d+)$/.exec(origin.toString()) : undefined;
  const at = known ? { file: known[1], line: Number(known[2]) } : { file, line };
  return {
    ...(construct === undefined ? {} : { construct }),
    ...(at.file === undefined ? {} : { file: at.file }),
    ...(at.line === undefined ? {} : { line: at.line }),
    ...(field === undefined ? {} : { field }),
  };
}

function documentPlace(place: Place): DocumentPlace {
  return { ...place, at: (field) => ({ ...place, field }) };
}
