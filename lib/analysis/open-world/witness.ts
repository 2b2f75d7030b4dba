import { namespaceNameKey } from '../../model/selector';
import { addressRanges } from '../../sets/address-set';
import { addressToString } from '../../sets/cidr';
import type { LabelBox } from '../../sets/label-box';
import type { PortSet } from '../../sets/port-set';
import { shownPort } from './shown-port';
import { peerOf, type Statement, subjectOf } from './statement';

type Labels = Readonly<Record<string, string>>;

/** A pod that could exist. */
export interface PossiblePod {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
}

/** A node or a pod on its network that no selector or ipBlock picks, as under some plugins. */
export interface UnpickedPeer {
  readonly node: 'any';
}

/** All of them, in words. */
export const unpickedNodes = 'nodes, and pods on their network, that no selector or ipBlock picks';

type End = PossiblePod | UnpickedPeer | { readonly address: string };

/** One connection out of many, to show. */
export interface Witness {
  readonly source: End;
  readonly destination: End;
  /** As in `8080/TCP`, `http/TCP` for the port of that name, or `any` where it is about every protocol. */
  readonly port: string;
}

/** A connection of the statement; the same one for the same statement. */
export function witnessOf(statement: Statement, namespaceLabels: Labels = {}): Witness {
  const subject: PossiblePod = {
    namespace: statement.namespace,
    namespaceLabels: { ...namespaceLabels, [namespaceNameKey]: statement.namespace },
    labels: sample(subjectOf(statement.labels)),
  };
  const peer = peerSample(statement);
  const port = portSample(statement.ports);
  return statement.direction === 'egress'
    ? { source: subject, destination: peer, port }
    : { source: peer, destination: subject, port };
}

function peerSample(statement: Statement): End {
  if (statement.peers === 'unpicked') return { node: 'any' };
  const [range] = statement.addresses ? addressRanges(statement.addresses) : [];
  if (range) return { address: addressToString(range.first) };
  const { namespaces, pods } = peerOf(statement.labels);
  const namespaceLabels = sample(namespaces);
  const namespace = namespaceLabels[namespaceNameKey] ?? freshValue([]);
  return { namespace, namespaceLabels: { ...namespaceLabels, [namespaceNameKey]: namespace }, labels: sample(pods) };
}

/** Labels in the box, which is not empty: as few as it takes, and the same ones each time. */
export function sample(box: LabelBox): Labels {
  const labels: Record<string, string> = {};
  for (const key of box.keys) {
    const [asked] = box.valuesOf(key) ?? [];
    if (asked !== undefined) labels[key] = asked;
    else if (!box.matches(labels) && mustBePresent(box, key)) labels[key] = freshValue(box.mentioned(key));
  }
  return labels;
}

function mustBePresent(box: LabelBox, key: string): boolean {
  return box.requirements().some((requirement) => requirement.key === key && requirement.operator === 'Exists');
}

function freshValue(taken: readonly string[]): string {
  let value = 'other';
  for (let n = 2; taken.includes(value); n++) value = `other-${n}`;
  return value;
}

function portSample(ports: PortSet): string {
  const shown = shownPort(ports);
  if (!shown) return 'any';
  return 'name' in shown ? `${shown.name}/${shown.protocol}` : `${shown.first}/${shown.protocol}`;
}

/** As in `pod {app=web} of shop → 203.0.113.7 on 443/TCP`. */
export function witnessToString({ source, destination, port }: Witness): string {
  return `${endToString(source)} → ${endToString(destination)} on ${port}`;
}

function endToString(end: End): string {
  if ('node' in end) return 'a node, or a pod on its network, that no selector or ipBlock picks';
  if ('address' in end) return end.address;
  const labels = Object.entries(end.labels).map(([key, value]) => `${key}=${value}`);
  const others = Object.entries(end.namespaceLabels)
    .filter(([key]) => key !== 'kubernetes.io/metadata.name')
    .map(([key, value]) => `${key}=${value}`);
  return `pod {${labels.join(',')}} of ${end.namespace}${others.length > 0 ? ` {${others.join(',')}}` : ''}`;
}
