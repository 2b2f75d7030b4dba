import { type Atom, outsideAtoms } from '../../model/atom';
import { type Flow, flowsOf } from '../../model/flow';
import type { Issue } from '../../model/issue';
import type { AddressBlock, Outside } from '../../model/outside';
import { namespacesOf, podsOf } from '../../model/pod-box';
import {
  type EnvironmentModel,
  type Guarantee,
  type Intent,
  isGroup,
  type NamespaceModel,
  type Party,
  type Program,
  partyToString,
  type ServiceModel,
} from '../../model/program';
import { namespaceNameKey } from '../../model/selector';
import { addressesOf } from '../../sets/address-set';
import type { LabelBox } from '../../sets/label-box';
import { PortSet } from '../../sets/port-set';
import { guaranteedPorts, membersOf } from './guarantee-scope';
import { mayHoldPods } from './pod-addresses';
import { problem } from './problem';

/** Pods of a service of a guarantee, as far as the policy of `subject` is theirs too: itself, or one that may share pods with it. */
interface Selected {
  readonly service: ServiceModel;
  readonly subject: ServiceModel;
  readonly pods: LabelBox;
}

/** What is asked again and again of one program. */
interface Asked {
  readonly program: Program;
  readonly ingress: ReadonlyMap<ServiceModel, readonly Opening[]>;
  readonly egress: ReadonlyMap<ServiceModel, readonly Opening[]>;
  /** By whose policies the pods of the service are opened. */
  selections(service: ServiceModel): readonly Selected[];
  readonly managed: ReadonlyMap<string, NamespaceModel>;
}

/** One side of a guarantee: services of this app, and peers outside it. */
interface Side {
  readonly services: ReadonlySet<ServiceModel>;
  readonly outside: readonly Outside[];
}

/** Whether a rule takes somebody in; `maybe` where the API leaves it to the CNI whether an ipBlock takes in pods. */
type Reach = 'yes' | 'maybe' | 'no';

/** An opening of an intent, or of the DNS that its egress implies. */
type Opening = Flow & { readonly implied?: 'DNS' };

/** What breaks a guarantee, or may. */
interface Breach {
  readonly certain: boolean;
  readonly from: string;
  readonly to: string;
  readonly ports: PortSet;
  readonly openings: readonly Opening[];
}

/**
 * Whether the declared intents keep every `Never`. A connection between two services needs both of its sides, so it breaks a
 * guarantee only if both are opened. Pods that services share may do what any of them may. What may break a guarantee is an issue as well.
 * Linear in (guarantees × openings).
 */
export function checkGuarantees(program: Program, active: readonly Intent[]): Issue[] {
  if (program.guarantees.length === 0) return [];
  const ingress = new Map<ServiceModel, Opening[]>();
  const egress = new Map<ServiceModel, Opening[]>();
  for (const intent of active) {
    for (const flow of flowsOf(intent)) {
      const map = flow.direction === 'ingress' ? ingress : egress;
      const list = map.get(flow.subject);
      if (list) list.push(flow);
      else map.set(flow.subject, [flow]);
    }
  }
  for (const list of egress.values()) list.push(...impliedDns(list[0]!));
  const managed = new Map(program.namespaces.map((n) => [managedKey(n.environment, n.name), n] as const));
  const asked = { program, ingress, egress, selections: selectionsOf(program.services), managed };
  return program.guarantees.flatMap((guarantee) => {
    const breaches = [...breachesOf(guarantee, asked)];
    const broken = new Set(breaches.filter(({ certain }) => certain).map(pairOf));
    return breaches
      .filter((breach) => breach.certain || !broken.has(pairOf(breach)))
      .map((breach) => issueOf(guarantee, breach));
  });
}

function* breachesOf(guarantee: Guarantee, asked: Asked): Generator<Breach> {
  const from = sideOf(asked.program, guarantee.from);
  const to = sideOf(asked.program, guarantee.to);
  const guaranteed = guaranteedPorts(guarantee);
  for (const service of to.services) {
    const ports = guaranteed.of(service);
    for (const target of asked.selections(service)) {
      for (const opening of asked.ingress.get(target.subject) ?? []) {
        if (opening.ports.mayMeet(ports)) yield* into(target, opening, from, ports, asked);
      }
    }
  }
  for (const service of to.outside.length > 0 ? from.services : []) {
    for (const { subject } of asked.selections(service)) {
      for (const opening of asked.egress.get(subject) ?? []) {
        if (!opening.ports.mayMeet(guaranteed.outside)) continue;
        for (const peer of to.outside) {
          const reach = reachOfOutside(opening, outsideAtoms(peer, service.namespace.environment), asked);
          if (reach !== 'no') yield breachOf(reach, service.path, peer.description, guaranteed.outside, [opening]);
        }
      }
    }
  }
}

function* into(target: Selected, opening: Opening, from: Side, ports: PortSet, asked: Asked): Generator<Breach> {
  const { service } = target;
  for (const source of sourcesOf(opening, from, asked)) {
    const reach = reachOf(opening, source);
    if (reach !== 'no') yield* bothSides(source, target, opening, reach, ports, asked);
  }
  for (const peer of from.outside) {
    const reach = reachOfOutside(opening, sourceAtoms(peer, service.namespace.environment), asked);
    if (reach !== 'no') yield breachOf(reach, peer.description, service.path, ports, [opening]);
  }
}

/** Services share pods only where one of them says so: guarantees are about pods of one service each otherwise, as in the proof. */
function selectionsOf(services: readonly ServiceModel[]): Asked['selections'] {
  const byPath = new Map(services.map((service) => [service.path, service] as const));
  const sharing = new Map<ServiceModel, Set<ServiceModel>>();
  const share = (a: ServiceModel, b: ServiceModel) => sharing.set(a, (sharing.get(a) ?? new Set()).add(b));
  for (const service of services) {
    for (const path of service.sharesPodsWith) {
      const other = byPath.get(path);
      if (other?.namespace !== service.namespace || other === service || !other.pods.meets(service.pods)) continue;
      share(service, other);
      share(other, service);
    }
    if (!service.pods.isEverything) continue;
    for (const other of service.namespace.services) {
      if (other === service) continue;
      share(service, other);
      share(other, service);
    }
  }
  return (service) => {
    const shared = [...(sharing.get(service) ?? [])];
    return [
      { service, subject: service, pods: service.pods },
      ...shared.map((subject) => ({ service, subject, pods: service.pods.intersect(subject.pods) })),
    ];
  };
}

/** The egress that goes with an ingress: one that is certain, and of the same intent, before another. */
function bothSides(
  source: Selected,
  target: Selected,
  opening: Opening,
  reach: Reach,
  ports: PortSet,
  { egress }: Asked,
): readonly Breach[] {
  let best: { readonly back: Opening; readonly reach: Reach } | undefined;
  for (const back of egress.get(source.subject) ?? []) {
    if (!back.ports.intersect(opening.ports).mayMeet(ports)) continue;
    const there = reachOf(back, target);
    if (there === 'no' || (best?.reach === 'yes' && back.intent !== opening.intent)) continue;
    if (!best || there === 'yes') best = { back, reach: there };
  }
  if (!best) return [];
  const certain = reach === 'yes' && best.reach === 'yes' ? 'yes' : 'maybe';
  return [breachOf(certain, source.service.path, target.service.path, ports, [opening, best.back])];
}

function breachOf(reach: Reach, from: string, to: string, guaranteed: PortSet, openings: readonly Opening[]): Breach {
  const ports = openings.reduce((set, opening) => set.intersect(opening.ports), guaranteed);
  // A port by name that may be one of the guaranteed numbers is in neither set for certain.
  return { certain: reach === 'yes', from, to, ports: ports.isEmpty ? openings[0]!.ports : ports, openings };
}

function pairOf({ from, to }: Breach): string {
  return `${from} -> ${to}`;
}

function issueOf(guarantee: Guarantee, { certain, from, to, ports, openings }: Breach): Issue {
  const [first] = openings;
  const others = openings.filter(({ intent }) => intent !== first!.intent);
  const by = [nameOf(first!), ...others.map((opening) => `${nameOf(opening)} (${opening.intent.origin})`)].join(
    ' and ',
  );
  const where = `${guarantee.origin ?? guarantee.path}`;
  const may = `\`${from}\` may reach \`${to}\` on ${ports.isEverything ? 'any port' : ports}, by ${by}`;
  if (certain) {
    const hint = `remove the intent, or change the guarantee at ${where}`;
    return problem('guarantee-broken', first!.intent, `guarantee \`${guarantee.name}\` is broken: ${may}`, hint);
  }
  const reason = 'the API leaves it to the CNI whether an ipBlock takes in pods';
  const hint = `narrow the addresses or ports, name the peer by its labels, or change the guarantee at ${where}`;
  const message = `guarantee \`${guarantee.name}\` is not certain: ${reason}, and if so, ${may}`;
  return problem('guarantee-unknown', first!.intent, message, hint);
}

function nameOf({ intent, implied }: Opening): string {
  const name = `the intent from \`${partyToString(intent.caller)}\` to \`${partyToString(intent.callee)}\``;
  return implied ? `the DNS that goes with ${name}` : name;
}

/** What a service with egress may do besides: look up names. */
function impliedDns(opening: Opening): readonly Opening[] {
  const { environment } = opening.subject.namespace;
  const { servers, port } = environment.dns;
  const ports = PortSet.of((['TCP', 'UDP'] as const).map((protocol) => ({ protocol, first: port, last: port })));
  const atoms = servers.flatMap((server) => outsideAtoms(server, environment));
  return atoms.map((peer) => ({ ...opening, peer, service: undefined, ports, implied: 'DNS' }));
}

function sideOf(program: Program, parties: readonly (Party | EnvironmentModel)[]): Side {
  const services = new Set(parties.flatMap((party) => membersOf(program, party) ?? []));
  const outside = parties.filter((party) => party.kind !== 'environment').filter((party) => !isGroup(party));
  return { services, outside };
}

/** Those who may be among whom an opening takes in. */
function* sourcesOf({ service }: Opening, from: Side, { selections }: Asked): Generator<Selected> {
  const near = service && new Set(selections(service).map(({ subject }) => subject));
  for (const source of near ?? from.services) if (from.services.has(source)) yield* selections(source);
}

/** Whether an opening takes in such pods, by the labels that are certain: their namespace's, and those that select them. */
function reachOf(opening: Opening, { service, pods }: Selected): Reach {
  const { peer } = opening;
  if (peer.kind === 'everyone') return 'yes';
  if (peer.kind === 'addresses') return holdsPods(opening, peer.block) ? 'maybe' : 'no';
  const { namespace } = service;
  if (namespace.environment.cluster !== opening.subject.namespace.environment.cluster) return 'no';
  return namespacesOf(peer.box).matches(labelsOf(namespace)) && podsOf(peer.box).meets(pods) ? 'yes' : 'no';
}

function labelsOf({ labels, name }: NamespaceModel): Readonly<Record<string, string>> {
  return { ...labels, [namespaceNameKey]: name };
}

function reachOfOutside(opening: Opening, others: readonly Atom[], { managed }: Asked): Reach {
  const { environment } = opening.subject.namespace;
  const atoms = [opening.peer, ...clientsOf(opening)];
  const possible = (box: LabelBox) => mayBe(namespacesOf(box), environment, managed);
  if (others.some((other) => atoms.some((atom) => meets(atom, other, possible)))) return 'yes';
  const { peer } = opening;
  const pods = peer.kind === 'addresses' && others.some((other) => other.kind === 'pods');
  return pods && holdsPods(opening, peer.block) ? 'maybe' : 'no';
}

/** The internet, where it comes through a proxy: whoever reaches the proxy reaches the service. */
function clientsOf({ direction, intent, subject }: Opening): readonly Atom[] {
  if (direction === 'egress' || intent.caller.kind !== 'internet' || intent.caller.via === 'direct') return [];
  return outsideAtoms(intent.caller, subject.namespace.environment);
}

/** Who a peer outside is as a source; the internet that comes through a proxy is the proxy as well. */
function sourceAtoms(peer: Outside, environment: EnvironmentModel): readonly Atom[] {
  const own = outsideAtoms(peer, environment);
  if (peer.kind !== 'internet' || typeof peer.via !== 'object') return own;
  return [...own, ...outsideAtoms(peer.via, environment)];
}

/** The internet and the API server are no pods, whatever their addresses. */
function holdsPods({ direction, intent, subject }: Opening, block: AddressBlock): boolean {
  const { kind } = direction === 'ingress' ? intent.caller : intent.callee;
  return kind !== 'api-server' && kind !== 'internet' && mayHoldPods(block, subject.namespace.environment);
}

/** Whether there may be namespaces like that: those that this app manages have the labels that are declared. */
function mayBe(box: LabelBox, environment: EnvironmentModel, managed: Asked['managed']): boolean {
  const names = box.valuesOf(namespaceNameKey);
  if (!names) return true;
  return names.some((name) => {
    const namespace = managed.get(managedKey(environment, name));
    return !namespace || box.matches(labelsOf(namespace));
  });
}

const managedKey = ({ cluster }: EnvironmentModel, name: string) => `${cluster}/${name}`;

function meets(a: Atom, b: Atom, possible: (pods: LabelBox) => boolean): boolean {
  if (a.kind === 'everyone' || b.kind === 'everyone') return true;
  if (a.kind === 'pods') {
    if (b.kind !== 'pods') return false;
    const both = a.box.intersect(b.box);
    return !both.isEmpty && possible(both);
  }
  return b.kind === 'addresses' && !addressesOf(a.block).intersect(addressesOf(b.block)).isEmpty;
}
