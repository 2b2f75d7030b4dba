import { PortSet } from '../sets/port-set';
import { AnyPort, Port } from './port';
import {
  type EnvironmentModel,
  type Intent,
  isGroup,
  type PortRef,
  partyToString,
  type ServiceModel,
  servicesOf,
} from './program';

/** What an intent's ports come to, for every callee, with what is wrong with them. */
export interface PortResolution {
  /** The ports of a peer outside this app; empty where the callee is a group. */
  readonly shared: PortSet;
  of(callee: ServiceModel): PortSet;
  readonly problems: readonly { readonly code: string; readonly message: string; readonly hint: string }[];
}

/**
 * Ports as the callee declares them. Without `ports`, all that it declares; a service that declares none allows nothing until
 * ports are given. In a tier or namespace a name stands for the ports of the members that declare it: at least one must.
 */
export function resolvePorts(
  intent: Pick<Intent, 'callee' | 'ports'>,
  environment: EnvironmentModel | undefined,
): PortResolution {
  const { callee, ports } = intent;
  if (callee.kind === 'service' && !ports) return declaredPortsOf(callee);
  const problems: Problem[] = [];
  const report = (code: string, message: string, hint: string) => void problems.push({ code, message, hint });

  const refs = (ports ?? []).map((ref) => {
    const read = readRef(ref);
    if (read instanceof Port && read.problem) report('bad-port', read.problem, 'give one that exists, from 1 to 65535');
    return read;
  });
  if (ports?.length === 0) {
    report(
      'no-ports',
      '`ports` is empty, which would open nothing',
      'leave `ports` out for all declared ports, or name some',
    );
  }

  if (!isGroup(callee)) {
    const own =
      callee.kind === 'api-server'
        ? [Port.tcp(environment?.apiServer?.port ?? 0)]
        : 'ports' in callee
          ? callee.ports
          : [];
    if (!ports && !own?.length) {
      report('no-ports', `${callee.description} declares no ports`, 'give `ports`, or write `anyPort()`');
    }
    for (const ref of refs) {
      if (typeof ref === 'string') {
        report(
          'unknown-port',
          `port \`${ref}\` has no meaning for ${callee.description}`,
          'give a number, as in `443` or `53/UDP`',
        );
      } else if (ref instanceof Port && 'name' in ref.item && callee.kind !== 'pods') {
        report('named-port-of-address', `port name \`${ref.item.name}\` matches no address`, 'give a number');
      }
    }
    const chosen = ports ? refs.filter((ref) => typeof ref !== 'string') : (own ?? []);
    return { shared: toSet(chosen), of: () => PortSet.empty, problems };
  }

  const resolved = new Map<ServiceModel, PortSet>();
  const members = servicesOf(callee);
  for (const member of members) {
    const declared = declaredSet(member);
    if (!ports) {
      if (declaresNone(member)) problems.push(declaresNoPorts(member));
      resolved.set(member, declared);
      continue;
    }
    let wanted = PortSet.empty;
    for (const ref of refs) {
      if (typeof ref === 'string') {
        const port = member.ports instanceof AnyPort ? undefined : member.ports.get(ref);
        if (port) wanted = wanted.union(toSet([port]));
        continue;
      }
      const set = toSet([ref]);
      if (ref instanceof Port && !declared.isEmpty && !set.isSubsetOf(declared)) {
        if (callee.kind !== 'service') continue;
        report('undeclared-port', `port \`${ref}\` is not declared by \`${member.path}\``, declaredPorts(member));
      }
      wanted = wanted.union(set);
    }
    resolved.set(member, wanted);
  }
  for (const ref of refs) {
    if (typeof ref === 'string') {
      const known = members.some((m) => !(m.ports instanceof AnyPort) && m.ports.has(ref));
      if (!known && members.length > 0) {
        const hint = callee.kind === 'service' ? declaredPorts(callee) : `no member of ${callee.kind} declares it`;
        report('unknown-port', `port \`${ref}\` is not declared by \`${partyToString(callee)}\``, hint);
      }
    } else if (callee.kind !== 'service' && members.length > 0 && !members.some((m) => meets(resolved.get(m), ref))) {
      report(
        'undeclared-port',
        `port \`${ref}\` is declared by no member of \`${callee.path}\``,
        'declare it on a member',
      );
    }
  }
  return { shared: PortSet.empty, of: (callee) => resolved.get(callee) ?? PortSet.empty, problems };
}

type Problem = PortResolution['problems'][number];

type DeclaredPorts = ServiceModel['ports'];

const declaredResolutions = new WeakMap<ServiceModel, { ports: DeclaredPorts; resolution: PortResolution }>();

/** All that a service declares, which is what most intents ask for. */
function declaredPortsOf(service: ServiceModel): PortResolution {
  const { ports } = service;
  const known = declaredResolutions.get(service);
  // A workload that the user changed since has other ports.
  if (known?.ports === ports) return known.resolution;
  const declared = declaredSet(service);
  const problems = declaresNone(service) ? [declaresNoPorts(service)] : [];
  const resolution = { shared: PortSet.empty, of: () => declared, problems };
  declaredResolutions.set(service, { ports, resolution });
  return resolution;
}

/** Ports that are wrong are mistakes of their own. */
function declaresNone({ ports }: ServiceModel): boolean {
  return !(ports instanceof AnyPort) && ports.size === 0;
}

function declaresNoPorts(service: ServiceModel): Problem {
  return {
    code: 'no-ports',
    message: `service \`${service.path}\` declares no ports`,
    hint: 'declare its `ports`, give `ports` here, or write `anyPort()`',
  };
}

const declaredSets = new WeakMap<DeclaredPorts, PortSet>();

/** All ports that a service declares. */
function declaredSet({ ports }: ServiceModel): PortSet {
  let set = declaredSets.get(ports);
  if (!set) {
    set = ports instanceof AnyPort ? PortSet.all : toSet(ports.values());
    declaredSets.set(ports, set);
  }
  return set;
}

/** A name stays a string; a number in text becomes a port. */
export function readRef(ref: PortRef): Port | AnyPort | string {
  return typeof ref === 'string' ? (Port.parse(ref) ?? ref) : ref;
}

export function toSet(ports: Iterable<Port | AnyPort>): PortSet {
  const list = [...ports];
  if (list.some((port) => port instanceof AnyPort)) return PortSet.all;
  return PortSet.of(list.flatMap((port) => (port instanceof Port && !port.problem ? [port.item] : [])));
}

function meets(set: PortSet | undefined, ref: Port | AnyPort): boolean {
  return set !== undefined && toSet([ref]).isSubsetOf(set);
}

function declaredPorts(service: ServiceModel): string {
  if (service.ports instanceof AnyPort) return 'it declares any port: give a number';
  const names = [...service.ports].map(([name, port]) => `\`${name}\` (${port})`);
  return names.length > 0 ? `it declares ${names.join(', ')}` : 'it declares no ports';
}
