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
  type Party,
  type Program,
  partyToString,
  type ServiceModel,
} from '../../model/program';
import { namespaceNameKey } from '../../model/selector';
import { addressesOf } from '../../sets/address-set';
import { PortSet } from '../../sets/port-set';
import { guaranteedPorts, membersOf } from './guarantee-scope';
import { mayHoldPods } from './pod-addresses';
import { problem } from './problem';

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
 * guarantee only if both are opened. What may break it is an issue as well. Linear in (guarantees × openings).
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
  return program.guarantees.flatMap((guarantee) => {
    const breaches = [...breachesOf(program, guarantee, ingress, egress)];
    const broken = new Set(breaches.filter(({ certain }) => certain).map(pairOf));
    return breaches
      .filter((breach) => breach.certain || !broken.has(pairOf(breach)))
      .map((breach) => issueOf(guarantee, breach));
  });
}

function* breachesOf(
  program: Program,
  guarantee: Guarantee,
  ingress: ReadonlyMap<ServiceModel, readonly Opening[]>,
  egress: ReadonlyMap<ServiceModel, readonly Opening[]>,
): Generator<Breach> {
  const from = sideOf(program, guarantee.from);
  const to = sideOf(program, guarantee.to);
  const guaranteed = guaranteedPorts(guarantee);
  for (const target of to.services) {
    const ports = guaranteed.of(target);
    for (const opening of ingress.get(target) ?? []) {
      if (!opening.ports.mayMeet(ports)) continue;
      for (const [source, reach] of sourcesOf(opening, from)) {
        for (const breach of bothSides(source, target, opening, reach, ports, egress)) yield breach;
      }
      for (const peer of from.outside) {
        const reach = reachOfOutside(opening, sourceAtoms(peer, target.namespace.environment));
        if (reach !== 'no') yield breachOf(reach, peer.description, target.path, ports, [opening]);
      }
    }
  }
  for (const source of to.outside.length > 0 ? from.services : []) {
    for (const opening of egress.get(source) ?? []) {
      if (!opening.ports.mayMeet(guaranteed.outside)) continue;
      for (const peer of to.outside) {
        const reach = reachOfOutside(opening, outsideAtoms(peer, source.namespace.environment));
        if (reach !== 'no') yield breachOf(reach, source.path, peer.description, guaranteed.outside, [opening]);
      }
    }
  }
}

/** The egress that goes with an ingress: one that is certain, and of the same intent, before another. */
function bothSides(
  source: ServiceModel,
  target: ServiceModel,
  opening: Opening,
  reach: Reach,
  ports: PortSet,
  egress: ReadonlyMap<ServiceModel, readonly Opening[]>,
): readonly Breach[] {
  let best: { readonly back: Opening; readonly reach: Reach } | undefined;
  for (const back of egress.get(source) ?? []) {
    if (!back.ports.intersect(opening.ports).mayMeet(ports)) continue;
    const there = reachOf(back, target);
    if (there === 'no' || (best?.reach === 'yes' && back.intent !== opening.intent)) continue;
    if (!best || there === 'yes') best = { back, reach: there };
  }
  if (!best) return [];
  const certain = reach === 'yes' && best.reach === 'yes' ? 'yes' : 'maybe';
  return [breachOf(certain, source.path, target.path, ports, [opening, best.back])];
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

function* sourcesOf(opening: Opening, from: Side): Generator<readonly [ServiceModel, Reach]> {
  const { service } = opening;
  if (service) {
    if (from.services.has(service)) yield [service, 'yes'];
    return;
  }
  for (const source of from.services) {
    const reach = reachOf(opening, source);
    if (reach !== 'no') yield [source, reach];
  }
}

/** Whether an opening takes in pods of the service, by the labels that are certain: its namespace's, and its own selector. */
function reachOf(opening: Opening, service: ServiceModel): Reach {
  const { peer } = opening;
  if (peer.kind === 'everyone') return 'yes';
  if (peer.kind === 'addresses') return holdsPods(opening, peer.block) ? 'maybe' : 'no';
  const { namespace } = service;
  const labels = { ...namespace.labels, [namespaceNameKey]: namespace.name };
  const taken = namespacesOf(peer.box).matches(labels) && !podsOf(peer.box).intersect(service.pods).isEmpty;
  return taken ? 'yes' : 'no';
}

function reachOfOutside(opening: Opening, others: readonly Atom[]): Reach {
  const atoms = [opening.peer, ...clientsOf(opening)];
  if (others.some((other) => atoms.some((atom) => meets(atom, other)))) return 'yes';
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

function meets(a: Atom, b: Atom): boolean {
  if (a.kind === 'everyone' || b.kind === 'everyone') return true;
  if (a.kind === 'pods') return b.kind === 'pods' && !a.box.intersect(b.box).isEmpty;
  return b.kind === 'addresses' && !addressesOf(a.block).intersect(addressesOf(b.block)).isEmpty;
}
