import type { Cluster } from '../../model/cluster';
import type { ExplainedCase } from '../../model/explanation';
import type { ServiceObject } from '../../model/service-object';
import type { ContainerPort } from '../../model/workload';
import { highestPort, lowestPort, type PortItem, PortSet, type Protocol, protocols } from '../../sets/port-set';
import { listedPlace } from '../connectivity/listing-place';
import type { AskedEnd, AskedName, AskedNumbers, AskedPort } from './asked';
import { numberedPorts } from './judged-end';
import { portItemToString } from './texts';

/** Every port of every protocol, by number. */
export const everyPort = PortSet.of(protocols.map((protocol) => ({ protocol, first: lowestPort, last: highestPort })));

/** What the question's ports come to at one destination. */
export interface JudgedPorts {
  /** By number, at the destination itself. */
  readonly set: PortSet;
  /** `every`: neither asked for nor declared. */
  readonly extent: 'asked' | 'declared' | 'every';
  readonly translations: ExplainedCase['translations'];
  readonly notes: readonly string[];
  /** Names that mean nothing there. */
  readonly unresolved: readonly string[];
}

/** Where a destination's pods can be reached: their own ports, and those of the Services in front of them. */
export interface Destination {
  readonly name: string;
  readonly ports: readonly ContainerPort[];
  readonly services: readonly ServiceObject[];
  readonly via: ServiceObject | undefined;
}

export function destinationOf(end: AskedEnd, name: string, { services }: Cluster): Destination {
  if (end.kind === 'addresses') return { name, ports: [], services: [], via: undefined };
  const [namespace, labels] =
    end.kind === 'pod' ? [end.namespace, end.labels] : [end.workload.namespace, end.workload.podLabels];
  return {
    name,
    ports: (end.kind === 'workload' ? numberedPorts(end.workload) : end.ports) ?? [],
    services: services.filter((service) => service.namespace === namespace && selects(service, labels)),
    via: end.kind === 'workload' ? end.via : undefined,
  };
}

export function selects({ selector }: ServiceObject, labels: Readonly<Record<string, string>>): boolean {
  return selector !== undefined && Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** @param asked undefined: all that the destination declares */
export function judgedPorts(asked: readonly AskedPort[] | undefined, destination: Destination): JudgedPorts {
  return asked ? askedPorts(asked, destination) : declaredPorts(destination);
}

/** What may be asked for by name there, as in `grpc (7070/TCP)`. */
export function portNamesOf({ ports, services }: Destination): string[] {
  const own = ports.flatMap((port) => (port.name ? [`\`${port.name}\` (${port.number}/${port.protocol})`] : []));
  const others = services.flatMap((service) =>
    service.ports.flatMap(({ name, port }) => (name ? [`\`${name}\` (Service ${service.name}:${port})`] : [])),
  );
  return [...new Set([...own, ...others])];
}

function declaredPorts(destination: Destination): JudgedPorts {
  const { ports, services, via } = destination;
  const empty = { translations: [], notes: [], unresolved: [] };
  if (!via && ports.length > 0) return { ...empty, set: PortSet.of(ports.map(pointOf)), extent: 'declared' };
  const found = translate(via ? [via] : services, destination, () => true);
  if (!found.set.isEmpty) return { ...empty, ...found, extent: 'declared' };
  return { ...empty, set: everyPort, extent: 'every' };
}

function askedPorts(asked: readonly AskedPort[], destination: Destination): JudgedPorts {
  const results = asked.map((port) => ('name' in port ? byName(port, destination) : byNumber(port, destination)));
  return {
    set: results.reduce((set, found) => set.union(found.set), PortSet.empty),
    extent: 'asked',
    translations: results.flatMap(({ translations }) => translations),
    notes: results.flatMap(({ notes }) => notes),
    unresolved: asked.filter((_, i) => results[i]!.set.isEmpty).map(({ text }) => text),
  };
}

type Found = Pick<JudgedPorts, 'set' | 'translations' | 'notes'>;

function byName({ name, protocol }: AskedName, destination: Destination): Found {
  const fits = (entry: { name?: string; protocol: Protocol }) =>
    entry.name === name && (protocol === undefined || entry.protocol === protocol);
  const own = destination.via ? [] : destination.ports.filter(fits);
  const services = translate(destination.via ? [destination.via] : destination.services, destination, fits);
  if (own.length === 0 && services.set.isEmpty && destination.via) {
    return byName({ text: name, name, protocol }, { ...destination, via: undefined });
  }
  if (own.length === 0) return services;
  const set = PortSet.of(own.map(pointOf));
  const others = services.set.subtract(set);
  const notes = others.isEmpty
    ? []
    : [
        `\`${name}\` is the pod's own port; a Service calls another one so: ${others.items().map(portItemToString).join(', ')}`,
      ];
  return { set, translations: [], notes };
}

/** A number that the pod does not declare, but a Service in front of it, is taken for the Service's. */
function byNumber(port: AskedNumbers, destination: Destination): Found {
  const { protocol, first, last, text } = port;
  const set = PortSet.of([{ protocol, first, last }]);
  const { ports, services, via, name } = destination;
  const plain = { set, translations: [], notes: [] };
  if (first !== last) return plain;
  const own = ports.some((p) => p.number === first && p.protocol === protocol);
  if (!own || via) {
    const fits = (entry: { port: number; protocol: Protocol }) => entry.port === first && entry.protocol === protocol;
    const found = translate(via ? [via] : services, destination, fits);
    if (!found.set.isEmpty) return found;
  }
  if (via) {
    const known = via.ports.map((p) => `${p.port}/${p.protocol}`).join(', ') || 'none';
    const note = `Service ${via.name} has no port ${first}/${protocol}, but ${known}: judged at its pods`;
    return { ...plain, notes: [note] };
  }
  if (own || ports.length === 0) return plain;
  const other = ports.find((p) => p.number === first);
  if (other && !text.includes('/')) {
    return { ...plain, notes: [`\`${text}\` is taken for ${first}/TCP; ${name} declares ${first}/${other.protocol}`] };
  }
  return { ...plain, notes: [`${first}/${protocol} is no port that ${name} declares`] };
}

type ServicePort = ServiceObject['ports'][number];

function translate(
  services: readonly ServiceObject[],
  { ports }: Destination,
  fits: (port: ServicePort) => boolean,
): Found {
  const items: PortItem[] = [];
  const translations: ExplainedCase['translations'][number][] = [];
  for (const service of services) {
    for (const entry of service.ports.filter(fits)) {
      const targets = targetsOf(entry, ports);
      items.push(...targets);
      const { port, name, targetPort } = entry;
      const word = `${service.name}:${port}${name ? ` (${name})` : ''}`;
      const named = typeof targetPort === 'string' ? ` (${targetPort})` : '';
      for (const target of targets) {
        const same = target.first === port && named === '';
        const text = same
          ? `${word} leads to the same port of the pod`
          : `${word} is translated to ${portItemToString(target)}${named} at the pod`;
        if (!same) translations.push({ text, place: listedPlace(service.place) });
      }
    }
  }
  return { set: PortSet.of(items), translations, notes: [] };
}

function targetsOf({ targetPort, protocol }: ServicePort, ports: readonly ContainerPort[]) {
  const numbers =
    typeof targetPort === 'number'
      ? [targetPort]
      : ports.filter((p) => p.name === targetPort && p.protocol === protocol).map(({ number }) => number);
  return numbers
    .filter((number) => number >= lowestPort && number <= highestPort)
    .map((number) => ({ protocol, first: number, last: number }));
}

function pointOf({ number, protocol }: ContainerPort): PortItem {
  return { protocol, first: number, last: number };
}
