import type { Fix, PolicyConstruct } from '../../model/explanation';
import { internetAddresses } from '../../model/internet';
import { resolveNames } from '../../model/named-ports';
import type { LabelSelector } from '../../model/network-policy';
import { selectorOf } from '../../model/selector';
import type { PodPort } from '../../model/workload';
import { cidrsOfAddresses } from '../../sets/address-set';
import { cidrToString } from '../../sets/cidr';
import type { LabelBox } from '../../sets/label-box';
import { type PortItem, PortSet } from '../../sets/port-set';
import { keyCode, quoted } from './code-words';
import type { DeclaredService, DeclaringApp } from './declaring-app';
import type { JudgedEnd } from './judged-end';
import { type PortRange, rangesOf } from './port-pieces';
import { portItemToString } from './texts';
import { undeclaredPorts } from './undeclared-ports';

/** What the code may know of one end. */
export interface NamedEnd {
  readonly end: JudgedEnd;
  /** `managed`: the end is, or is to be, a Service of the app. */
  readonly by: 'app' | 'others';
  /** The Service's construct, where the app or a policy names it. */
  readonly construct: PolicyConstruct | undefined;
  /** As the app declares it, where that is known. */
  readonly service: DeclaredService | undefined;
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

/**
 * The statement of tierwall that allows the connection: for the callee where the app has it, else for the caller; and what synth asks for
 * besides, before it takes it.
 * @param app undefined where it is not known
 */
export function allowFromLine(
  source: NamedEnd,
  destination: NamedEnd,
  ports: PortSet,
  app: DeclaringApp | undefined,
): Fix['typescript'] {
  const caller = identifierOf(source);
  const callee =
    caller === identifierOf(destination) && !isSameService(source, destination)
      ? identifierOf(destination, 'with-namespace')
      : identifierOf(destination);
  const list = `ports: [${rangesOf(ports)
    .map((range) => quoted(portWord(range, destination)))
    .join(', ')}]`;
  const names = [
    ...(source.by === 'app' ? [{ name: caller, stands: standsFor(source, app) }] : []),
    ...(destination.by === 'app' ? [{ name: callee, stands: standsFor(destination, app) }] : []),
  ];
  if (destination.by === 'app') {
    const from = source.by === 'app' ? caller : peerCode(source, 'from');
    const id = source.by === 'app' ? idOf(source) : `from-${idOf(source)}`;
    const { service, construct } = destination;
    const crossing = crossedEnvironments(source, destination, app);
    const reason = crossing ? ", crossEnvironment: { because: 'say why' }" : '';
    return {
      line: `new AllowFrom(${callee}, ${quoted(id)}, { from: ${from}, ${list}${reason} });`,
      names: distinct(names),
      needs: [
        ...(service ? undeclaredPorts(service.ports, construct!, ports, podPortsOf(destination.end)) : []),
        ...(crossing
          ? [
              `${crossing.join(' and ')} are two environments: synth takes it with a reason alone, so say why in its place`,
            ]
          : []),
      ],
    };
  }
  return { line: `${caller}.allowTo(${peerCode(destination, 'to')}, { ${list} });`, names: distinct(names), needs: [] };
}

/** Two pods of one workload are of one Service. */
function isSameService(source: NamedEnd, destination: NamedEnd): boolean {
  return source.end.explained.text === destination.end.explained.text;
}

function distinct(names: Fix['typescript']['names']): Fix['typescript']['names'] {
  return names.filter(({ name }, i) => names.findIndex((other) => other.name === name) === i);
}

/** The environments of both ends, where they are two. */
function crossedEnvironments(source: NamedEnd, destination: NamedEnd, app: DeclaringApp | undefined) {
  if (source.by !== 'app' || source.end.kind !== 'pod' || destination.end.kind !== 'pod') return undefined;
  const from = app?.environmentOf(source.end.pod.namespace);
  const to = app?.environmentOf(destination.end.pod.namespace);
  return from !== undefined && to !== undefined && from !== to ? [from, to] : undefined;
}

/** As the app's Service declares it, else by the name of the pod's container, as a Service has it that is made of the workload. */
function portWord({ protocol, first, last }: PortRange, { end, by, service }: NamedEnd): string {
  if (service?.ports) {
    const range = PortSet.of([{ protocol, first, last }]);
    const same = (item: PortItem) => resolveNames(PortSet.of([item]), podPortsOf(end)).equals(range);
    const declared = service.ports === '*' ? undefined : service.ports.find(({ item }) => same(item));
    return declared?.name ?? portItemToString({ protocol, first, last });
  }
  const ports = by === 'app' ? podPortsOf(end) : [];
  const own = first === last ? ports.find((port) => port.number === first && port.protocol === protocol) : undefined;
  if (own?.name) return own.name;
  return `${first === last ? first : `${first}-${last}`}/${protocol}`;
}

function podPortsOf(end: JudgedEnd): readonly PodPort[] {
  return end.kind === 'pod' ? end.pod.ports : [];
}

function standsFor({ end, construct }: NamedEnd, app: DeclaringApp | undefined): string {
  if (construct) return construct.path;
  if (app) return `a Service of ${end.explained.text}, which the app has yet to declare`;
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
  return `{ ${Object.entries(labels)
    .map(([name, value]) => `${keyCode(name)}: ${quoted(value)}`)
    .join(', ')} }`;
}
