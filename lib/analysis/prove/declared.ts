import type { Outside } from '../../model/outside';
import type { Policy, RulePeer } from '../../model/policy';
import { AnyPort, Port } from '../../model/port';
import type {
  EnvironmentModel,
  Group,
  Intent,
  NamespaceModel,
  Party,
  PortRef,
  Program,
  RawPolicyModel,
  ServiceModel,
} from '../../model/program';
import { namespaceNameKey } from '../../model/selector';
import { type AddressSet, addressesOf } from '../../sets/address-set';
import { IntervalSet } from '../../sets/interval-set';
import { LabelBox } from '../../sets/label-box';
import { PortSet } from '../../sets/port-set';
import { directions, notIsolated, openStatements, peerStatements, ruleStatements } from '../open-world/relation';
import { pairBox, type Statement } from '../open-world/statement';
import type { Universe } from '../open-world/universe';

/** What an intent declares to be open, on one side. */
export interface DeclaredStatement extends Statement {
  /** Who says it: for the DNS that comes with a service's first egress the service, for pods that are left open the namespace. */
  readonly by: Intent | ServiceModel | RawPolicyModel | NamespaceModel;
}

/** Pods, addresses or everyone. Addresses as a set, so that nothing hangs on how ranges are written. */
type Peer = RulePeer | { readonly kind: 'address-set'; readonly set: AddressSet };

/**
 * What the program declares for the namespaces of one cluster: what intents open, what pods may do that nothing isolates, and what policies
 * allow that are kept as they are.
 *
 * The proof compares this with what the emitted policies say. It is worked out from the intents by code of its own, that shares
 * nothing with what writes the policies: a mistake in either shows as a difference (design, Proof).
 */
export function declaredStatements(
  program: Program,
  active: readonly Intent[],
  cluster: string,
  universe: Universe,
): DeclaredStatement[] {
  const found: DeclaredStatement[] = [];
  const sending = new Set<ServiceModel>();
  const declare = (
    direction: Statement['direction'],
    service: ServiceModel,
    peers: readonly Peer[],
    ports: PortSet,
    by: Intent | ServiceModel,
  ) => {
    if (service.namespace.environment.cluster !== cluster || ports.isEmpty) return;
    if (service.isolates !== 'both' && service.isolates !== direction) return;
    if (direction === 'egress') sending.add(service);
    const side = { namespace: service.namespace.name, direction, by };
    for (const peer of peers) found.push(...statementsOf(side, service.pods, peer, ports, universe));
  };
  for (const intent of active) {
    const { caller, callee, enforcedAt } = intent;
    const callers = enforcedAt === 'callee' ? [] : members(caller);
    if (isOutside(callee)) {
      for (const service of callers) {
        const { environment } = service.namespace;
        declare(
          'egress',
          service,
          outsidePeers(callee, environment),
          outsidePorts(intent, callee, environment),
          intent,
        );
      }
      continue;
    }
    for (const target of members(callee)) {
      const ports = portsAt(target, intent);
      if (ports.isEmpty) continue;
      if (enforcedAt !== 'caller')
        declare('ingress', target, sources(caller, target.namespace.environment), ports, intent);
      for (const service of callers) declare('egress', service, [podsOf(target)], ports, intent);
    }
  }
  for (const service of [...sending]) {
    const { environment } = service.namespace;
    const { servers, port } = environment.dns;
    const ports = PortSet.of((['TCP', 'UDP'] as const).map((protocol) => ({ protocol, first: port, last: port })));
    for (const server of servers) declare('egress', service, outsidePeers(server, environment), ports, service);
  }
  for (const namespace of program.namespaces) {
    if (namespace.environment.cluster === cluster) found.push(...besideIntents(namespace, universe));
  }
  return found;
}

/** What is open in a namespace whatever the intents say. */
function besideIntents(namespace: NamespaceModel, universe: Universe): DeclaredStatement[] {
  const raw = namespace.rawPolicies.flatMap((by) => (by.meaning ? [{ by, policy: by.meaning }] : []));
  const kept = raw.flatMap(({ by, policy }) => ruleStatements([policy], universe).map((s) => ({ ...s, by })));
  const isolating = [
    ...(namespace.unnamedPods === 'denied' ? [isolation(LabelBox.everything, namespace.isolates)] : []),
    ...namespace.services.map((service) => isolation(service.pods, service.isolates)),
    ...raw.map(({ policy }) => policy),
  ];
  const open = directions.flatMap((direction) =>
    notIsolated(isolating, direction).flatMap((subject) =>
      openStatements({ namespace: namespace.name, direction }, subject, universe),
    ),
  );
  return [...kept, ...open.map((statement) => ({ ...statement, by: namespace }))];
}

function isolation(pods: LabelBox, isolates: ServiceModel['isolates']): Pick<Policy, 'pods' | 'isolates'> {
  return { pods, isolates: directions.filter((direction) => isolates === 'both' || isolates === direction) };
}

function isOutside(party: Party): party is Outside {
  return !['service', 'tier', 'namespace'].includes(party.kind);
}

function members(party: Party): readonly ServiceModel[] {
  if (isOutside(party)) return [];
  return party.kind === 'service' ? [party] : (party as Exclude<Group, ServiceModel>).services;
}

function podsOf(service: ServiceModel): Peer {
  return podsIn(service.namespace, service.pods);
}

function podsIn(namespace: NamespaceModel, pods: LabelBox): Peer {
  return { kind: 'pods', namespaces: LabelBox.ofLabels({ [namespaceNameKey]: namespace.name }), pods };
}

/** Who sends: a tier is its members, unless it is asked for by its label; a namespace is all its pods. */
function sources(caller: Party, environment: EnvironmentModel): readonly Peer[] {
  if (isOutside(caller)) {
    return caller.kind === 'internet' && typeof caller.via === 'object'
      ? outsidePeers(caller.via, environment)
      : outsidePeers(caller, environment);
  }
  if (caller.kind === 'namespace') return [podsIn(caller, LabelBox.everything)];
  if (caller.kind === 'tier' && caller.selection === 'label') {
    const { keys } = caller.namespace.environment.scheme;
    return [podsIn(caller.namespace, LabelBox.ofLabels({ [keys.tier]: caller.name }))];
  }
  return members(caller).map(podsOf);
}

function outsidePeers(outside: Outside, environment: EnvironmentModel): readonly Peer[] {
  switch (outside.kind) {
    case 'everyone':
      return [{ kind: 'everyone' }];
    case 'pods':
      return [{ kind: 'pods', namespaces: outside.namespaces, pods: outside.pods }];
    case 'addresses':
      return outside.blocks.map((block) => ({ kind: 'address-set', set: addressesOf(block) }));
    case 'api-server':
      return (environment.apiServer?.cidrs ?? []).map((cidr) => ({ kind: 'address-set', set: range(cidr) }));
    case 'internet': {
      const publicRanges = IntervalSet.union([range('0.0.0.0/0'), range('2000::/3')]);
      const special = IntervalSet.union(environment.notInternet.map(range));
      return [{ kind: 'address-set', set: publicRanges.subtract(special) }];
    }
  }
}

function range(cidr: string): AddressSet {
  return addressesOf({ cidr, except: [] });
}

/** The ports that an intent asks for at one of its callees. */
function portsAt(callee: ServiceModel, { ports, callee: asked }: Intent): PortSet {
  const declared = callee.ports instanceof AnyPort ? PortSet.all : setOf([...callee.ports.values()]);
  if (!ports) return declared;
  return ports.map((ref) => refAt(callee, declared, ref, asked.kind)).reduce((a, b) => a.union(b), PortSet.empty);
}

/** A number given to a tier or namespace holds for the members that declare it, as a name does. */
function refAt(callee: ServiceModel, declared: PortSet, ref: PortRef, asked: Party['kind']): PortSet {
  const read = typeof ref === 'string' ? (Port.parse(ref) ?? ref) : ref;
  if (typeof read === 'string') {
    const named = callee.ports instanceof AnyPort ? undefined : callee.ports.get(read);
    return named ? setOf([named]) : PortSet.empty;
  }
  const set = setOf([read]);
  const foreign = read instanceof Port && !declared.isEmpty && !set.isSubsetOf(declared);
  return foreign && asked !== 'service' ? PortSet.empty : set;
}

function outsidePorts({ ports }: Intent, callee: Outside, environment: EnvironmentModel): PortSet {
  if (ports) return setOf(ports.flatMap((ref) => (typeof ref === 'string' ? (Port.parse(ref) ?? []) : [ref])));
  if (callee.kind === 'api-server') return setOf([Port.tcp(environment.apiServer?.port ?? 0)]);
  return 'ports' in callee && callee.ports ? setOf(callee.ports) : PortSet.empty;
}

function setOf(ports: readonly (Port | AnyPort)[]): PortSet {
  if (ports.some((port) => port instanceof AnyPort)) return PortSet.all;
  return PortSet.of(ports.flatMap((port) => (port instanceof Port ? [port.item] : [])));
}

function statementsOf(
  side: Omit<DeclaredStatement, 'labels' | 'addresses' | 'ports'>,
  subject: LabelBox,
  peer: Peer,
  ports: PortSet,
  universe: Universe,
): DeclaredStatement[] {
  if (peer.kind !== 'address-set') return peerStatements(side, subject, peer, ports, universe);
  return [{ ...side, labels: pairBox(subject), addresses: peer.set, ports }];
}
