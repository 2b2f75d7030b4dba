import type { Fix, PolicyConstruct } from '../../model/explanation';
import { internetAddresses } from '../../model/internet';
import type { LabelSelector } from '../../model/network-policy';
import { selectorOf } from '../../model/selector';
import { cidrsOfAddresses } from '../../sets/address-set';
import { cidrToString } from '../../sets/cidr';
import type { LabelBox } from '../../sets/label-box';
import type { PortSet } from '../../sets/port-set';
import type { JudgedEnd } from './judged-end';
import { type PortRange, rangesOf } from './port-pieces';

/** What the code may know of one end. */
export interface NamedEnd {
  readonly end: JudgedEnd;
  /** `managed`: the end is, or is to be, a Service of the app. */
  readonly by: 'app' | 'others';
  /** The Service's construct, where a policy names it. */
  readonly construct: PolicyConstruct | undefined;
  /** The labels that tell the pods. */
  readonly identity: LabelBox | undefined;
}

/** Words that JavaScript takes no name from, of those that people call workloads. */
const reserved = new Set([
  'default',
  'export',
  'import',
  'package',
  'public',
  'private',
  'static',
  'class',
  'function',
  'new',
]);

/** The statement of tierwall that allows the connection: for the callee where the app has it, else for the caller. */
export function allowFromLine(source: NamedEnd, destination: NamedEnd, ports: PortSet): Fix['typescript'] {
  const caller = identifierOf(source);
  const callee =
    caller === identifierOf(destination) && !isSameService(source, destination)
      ? identifierOf(destination, 'with-namespace')
      : identifierOf(destination);
  const list = `ports: [${rangesOf(ports)
    .map((range) => quoted(portWord(range, destination)))
    .join(', ')}]`;
  const names = [
    ...(source.by === 'app' ? [{ name: caller, stands: standsFor(source) }] : []),
    ...(destination.by === 'app' ? [{ name: callee, stands: standsFor(destination) }] : []),
  ];
  if (destination.by === 'app') {
    const from = source.by === 'app' ? caller : peerCode(source, 'from');
    const id = source.by === 'app' ? idOf(source) : `from-${idOf(source)}`;
    return { line: `new AllowFrom(${callee}, ${quoted(id)}, { from: ${from}, ${list} });`, names: distinct(names) };
  }
  return { line: `${caller}.allowTo(${peerCode(destination, 'to')}, { ${list} });`, names: distinct(names) };
}

/** Two pods of one workload are of one Service. */
function isSameService(source: NamedEnd, destination: NamedEnd): boolean {
  return source.end.explained.text === destination.end.explained.text;
}

function distinct(names: Fix['typescript']['names']): Fix['typescript']['names'] {
  return names.filter(({ name }, i) => names.findIndex((other) => other.name === name) === i);
}

/** By the name of the pod's container, as the app's Service has it where it is made of the workload. */
function portWord({ protocol, first, last }: PortRange, { end, by }: NamedEnd): string {
  const ports = end.kind === 'pod' && by === 'app' ? end.pod.ports : [];
  const own = first === last ? ports.find((port) => port.number === first && port.protocol === protocol) : undefined;
  if (own?.name) return own.name;
  return `${first === last ? first : `${first}-${last}`}/${protocol}`;
}

function standsFor({ end, construct }: NamedEnd): string {
  if (construct) return construct.path;
  return `the Service of ${end.explained.text}`;
}

function idOf({ end, construct }: NamedEnd): string {
  if (construct) return lastOf(construct.path);
  if (end.kind === 'addresses') return end.explained.text.replace(/[^A-Za-z0-9]+/g, '-').replace(/-+$/, '');
  return end.workload?.name ?? Object.values(end.pod.labels)[0] ?? 'pods';
}

function identifierOf(named: NamedEnd, style: 'short' | 'with-namespace' = 'short'): string {
  const { end } = named;
  const prefix = style === 'with-namespace' && end.kind === 'pod' ? `${end.pod.namespace}-` : '';
  const words = `${prefix}${idOf(named)}`.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const name = words.map((word, i) => (i === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join('');
  return /^[A-Za-z]/.test(name) && !reserved.has(name) ? name : `pods${name}`;
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function peerCode({ end, identity }: NamedEnd, role: 'from' | 'to'): string {
  if (end.kind === 'addresses') {
    if (end.addresses.equals(internetAddresses)) return `Peer.internet(${role === 'from' ? "{ via: 'direct' }" : ''})`;
    const cidrs = cidrsOfAddresses(end.addresses).map((cidr) => quoted(cidrToString(cidr)));
    return cidrs.length === 1 ? `Peer.cidr(${cidrs[0]})` : `Peer.cidrs([${cidrs.join(', ')}])`;
  }
  const { matchLabels, matchExpressions } = selectorOf(identity!) as LabelSelector;
  const labels = matchExpressions ? '' : `labels: ${objectCode(matchLabels ?? {})}`;
  const selector = matchExpressions ? `selector: ${JSON.stringify(selectorOf(identity!))}` : '';
  return `Peer.pods({ namespace: ${quoted(end.pod.namespace)}, ${labels}${selector} })`;
}

function objectCode(labels: Readonly<Record<string, string>>): string {
  const key = (text: string) => (/^[A-Za-z_]\w*$/.test(text) ? text : quoted(text));
  return `{ ${Object.entries(labels)
    .map(([name, value]) => `${key(name)}: ${quoted(value)}`)
    .join(', ')} }`;
}

/** As a string of TypeScript. */
export function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
