import { type Atom, outsideAtoms } from '../../model/atom';
import type { Flow } from '../../model/flow';
import { flowsOf } from '../../model/flow';
import type { Issue } from '../../model/issue';
import { namespacesOf, podsOf } from '../../model/pod-box';
import { AnyPort } from '../../model/port';
import { readRef, toSet } from '../../model/port-resolution';
import {
  type EnvironmentModel,
  type Guarantee,
  type Intent,
  isGroup,
  type Party,
  type Program,
  partyToString,
  type ServiceModel,
  servicesOf,
} from '../../model/program';
import { namespaceNameKey } from '../../model/selector';
import { parseCidr } from '../../sets/cidr';
import { IntervalSet } from '../../sets/interval-set';
import { PortSet } from '../../sets/port-set';
import { problem } from './problem';

/** One side of a guarantee: services of this app, and peers outside it. */
interface Side {
  readonly services: ReadonlySet<ServiceModel>;
  readonly outside: readonly Exclude<Party, { kind: 'service' | 'tier' | 'namespace' }>[];
}

/**
 * Whether the declared intents keep every `Never`, and the environments of a cluster apart. A connection between two services needs
 * both of its sides, so it breaks a guarantee only if both are opened. Linear in (guarantees × openings).
 */
export function checkGuarantees(program: Program, active: readonly Intent[]): Issue[] {
  const guarantees = program.guarantees.map((g) => ({
    guarantee: g,
    from: sideOf(program, g.from),
    to: sideOf(program, g.to),
  }));
  if (guarantees.length === 0) return [];
  const ingress = new Map<ServiceModel, Flow[]>();
  const egress = new Map<ServiceModel, Flow[]>();
  for (const intent of active) {
    for (const flow of flowsOf(intent)) {
      const map = flow.direction === 'ingress' ? ingress : egress;
      const list = map.get(flow.subject);
      if (list) list.push(flow);
      else map.set(flow.subject, [flow]);
    }
  }
  return guarantees.flatMap(({ guarantee, from, to }) => {
    const ports = guaranteedPorts(guarantee);
    const issues = new Map<string, Issue>();
    const broken = (intent: Intent, a: string, b: string) => {
      const message = `guarantee \`${guarantee.name}\` is broken: \`${a}\` may reach \`${b}\``;
      const hint = `remove the intent, or change the guarantee at ${guarantee.origin ?? guarantee.path}`;
      issues.set(`${intent.path} ${a} ${b}`, problem('guarantee-broken', intent, message, hint));
    };
    for (const target of to.services) {
      for (const flow of ingress.get(target) ?? []) {
        if (!flow.ports.mayMeet(ports)) continue;
        for (const source of sourcesOf(flow, from)) {
          const open = (egress.get(source) ?? []).some(
            (back) => back.ports.intersect(flow.ports).mayMeet(ports) && takesIn(back.peer, target),
          );
          if (open) broken(flow.intent, source.path, target.path);
        }
        for (const outside of from.outside) {
          const environment = target.namespace.environment;
          if (meets(flow.peer, outside, environment)) broken(flow.intent, outside.description, target.path);
        }
      }
    }
    for (const source of to.outside.length > 0 ? from.services : []) {
      for (const flow of egress.get(source) ?? []) {
        if (!flow.ports.mayMeet(ports)) continue;
        for (const outside of to.outside) {
          const environment = source.namespace.environment;
          if (meets(flow.peer, outside, environment)) broken(flow.intent, source.path, outside.description);
        }
      }
    }
    return [...issues.values()];
  });
}

/** A guarantee that names nothing this app isolates would hold by saying nothing. */
export function checkGuaranteeScope(program: Program): Issue[] {
  return program.guarantees.flatMap((guarantee) => {
    const managed = (side: Guarantee['from']) => side.some((party) => party.kind === 'environment' || isGroup(party));
    if (managed(guarantee.from) || managed(guarantee.to)) return [];
    const message = `guarantee \`${guarantee.name}\` names nothing that this app isolates`;
    const names = [...guarantee.from, ...guarantee.to].map(partyToString).join(', ');
    return [problem('guarantee-without-subject', guarantee, message, `only outside peers are named: ${names}`)];
  });
}

function sideOf(program: Program, parties: readonly (Party | EnvironmentModel)[]): Side {
  const services = new Set<ServiceModel>();
  const outside: Side['outside'][number][] = [];
  for (const party of parties) {
    if (party.kind === 'environment') {
      for (const service of program.services) if (service.namespace.environment === party) services.add(service);
    } else if (isGroup(party)) {
      for (const service of servicesOf(party)) services.add(service);
    } else {
      outside.push(party);
    }
  }
  return { services, outside };
}

function sourcesOf(flow: Flow, from: Side): Iterable<ServiceModel> {
  if (flow.service) return from.services.has(flow.service) ? [flow.service] : [];
  return [...from.services].filter((service) => takesIn(flow.peer, service));
}

/** Whether the atom takes in pods of the service, by the labels that are certain: its namespace's, and its own selector. */
function takesIn(atom: Atom, service: ServiceModel): boolean {
  if (atom.kind !== 'pods') return atom.kind === 'everyone';
  const { namespace } = service;
  const labels = { ...namespace.labels, [namespaceNameKey]: namespace.name };
  return namespacesOf(atom.box).matches(labels) && !podsOf(atom.box).intersect(service.pods).isEmpty;
}

function meets(atom: Atom, outside: Side['outside'][number], environment: EnvironmentModel): boolean {
  const others: readonly Atom[] = outsideAtoms(outside, environment);
  return others.some((other) => {
    if (atom.kind === 'everyone' || other.kind === 'everyone') return true;
    if (atom.kind === 'pods') return other.kind === 'pods' && !atom.box.intersect(other.box).isEmpty;
    return other.kind === 'addresses' && overlap(atom.block, other.block);
  });
}

function overlap(
  a: { cidr: string; except: readonly string[] },
  b: { cidr: string; except: readonly string[] },
): boolean {
  const [x, y] = [parseCidr(a.cidr), parseCidr(b.cidr)];
  if (!x || !y || x.family !== y.family) return false;
  const holes = [...a.except, ...b.except].map((text) => parseCidr(text)).filter((hole) => hole !== undefined);
  const both = IntervalSet.of(x.first, x.last).intersect(IntervalSet.of(y.first, y.last));
  return !both.subtract(IntervalSet.union(holes.map((hole) => IntervalSet.of(hole.first, hole.last)))).isEmpty;
}

function guaranteedPorts(guarantee: Guarantee): PortSet {
  if (!guarantee.ports) return PortSet.all;
  const refs = guarantee.ports.map(readRef);
  const numbers = toSet(refs.filter((ref) => typeof ref !== 'string'));
  const names = refs.filter((ref) => typeof ref === 'string');
  const declared = [...guarantee.to].flatMap((party) =>
    party.kind !== 'environment' && isGroup(party) ? servicesOf(party) : [],
  );
  return declared.reduce((set, service) => {
    const ports = service.ports;
    if (ports instanceof AnyPort) return set;
    return set.union(toSet(names.flatMap((name) => ports.get(name) ?? [])));
  }, numbers);
}
