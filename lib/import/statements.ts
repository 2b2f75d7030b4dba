import type { Direction } from '../model/policy';
import { isolatesIn } from '../model/program';
import type { NamespaceDraft, ServiceDraft } from './drafts';
import { isolationOf } from './isolation';
import { nameFor } from './party-name';
import type { PartyPlan, ServicePlan, StatementPlan } from './plan';
import type { Reasons } from './reasons';
import type { Party, Relation } from './relations';
import { withinAnnotations } from './within-annotations';

interface Context {
  readonly drafts: ReadonlyMap<string, NamespaceDraft>;
  readonly services: ReadonlyMap<ServiceDraft, ServicePlan>;
  readonly reasons: Reasons;
}

/** What is known of one pair: a caller or callee that is a service, and who is at the other end. */
interface Pair {
  readonly callee: Party;
  readonly caller: Party;
  ingress?: Relation;
  egress?: Relation;
}

/** A statement of one party. */
export type Single = Omit<StatementPlan, 'parties'> & { readonly party: PartyPlan };

/**
 * One statement for each pair that may talk, and where policies open but one side of it, only for that side. Those of one service that
 * differ in nothing but the other party are one.
 */
export function statementsOf(relations: readonly Relation[], context: Context): StatementPlan[] {
  const pairs = new Map<string, Pair>();
  for (const relation of relations) {
    const { direction, own, party } = relation;
    const self: Party = { kind: 'service', draft: own };
    const [callee, caller] = direction === 'ingress' ? [self, party] : [party, self];
    const key = `${partyKey(caller)} -> ${partyKey(callee)}`;
    const pair = pairs.get(key) ?? { callee, caller };
    pair[direction] = relation;
    pairs.set(key, pair);
  }
  const singles = [...pairs.values()].flatMap((pair) => [...ofPair(pair, context)]);
  return grouped(withinAnnotations(singles));
}

function* ofPair({ callee, caller, ingress, egress }: Pair, context: Context): Generator<Single> {
  if (callee.kind !== 'service') {
    const subject = serviceOf(caller, context);
    const party = partyPlan(callee, context);
    const because = egress && reasonOf(egress, nameFor(party, subject), context);
    yield { verb: 'allowTo', subject, party, ports: egress!.ports, enforcedAt: undefined, because };
    return;
  }
  const subject = context.services.get(callee.draft)!;
  const party = partyPlan(caller, context);
  const atCallee = ingress && reasonOf(ingress, nameFor(party, subject), context);
  const atCaller =
    egress && reasonOf(egress, nameFor({ kind: 'service', service: subject }, serviceOf(caller, context)), context);
  const base = { verb: 'allowFrom', subject, party } as const;
  if (ingress && egress && ingress.ports.equals(egress.ports)) {
    yield { ...base, ports: ingress.ports, enforcedAt: undefined, because: atCallee ?? atCaller };
    return;
  }
  if (ingress) {
    const enforcedAt = isolates(caller, 'egress', context) ? 'callee' : undefined;
    yield { ...base, ports: ingress.ports, enforcedAt, because: atCallee };
  }
  if (egress) {
    const enforcedAt = isolates(callee, 'ingress', context) ? 'caller' : undefined;
    yield { ...base, ports: egress.ports, enforcedAt, because: atCaller };
  }
}

function serviceOf(party: Party, { services }: Context): ServicePlan {
  if (party.kind !== 'service') throw new TypeError('one end of every opening is a service');
  return services.get(party.draft)!;
}

function partyPlan(party: Party, { services }: Context): PartyPlan {
  return party.kind === 'service' ? { kind: 'service', service: services.get(party.draft)! } : party;
}

/** Whether an intent would open that side as well. */
function isolates(party: Party, direction: Direction, { drafts }: Context): boolean {
  if (party.kind === 'peer') return false;
  const namespace = drafts.get(party.kind === 'service' ? party.draft.namespace : party.namespace)!;
  const members = party.kind === 'service' ? [party.draft] : [...namespace.services.values()];
  return members.some((draft) => isolatesIn(isolationOf(draft, namespace), direction));
}

function reasonOf({ direction, opening, subject }: Relation, party: string, { reasons }: Context): string | undefined {
  return reasons.of(direction, opening, subject.sources[direction], party);
}

/** Statements that differ in nothing but the other party as one. */
export function grouped(singles: readonly Single[]): StatementPlan[] {
  const groups = new Map<string, StatementPlan & { parties: PartyPlan[] }>();
  for (const { party, ...rest } of [...singles].sort(inOrder)) {
    const { subject, verb, ports, enforcedAt, because } = rest;
    const key = [subject.namespace, subject.name, verb, ports, enforcedAt, because].join('\n');
    const group = groups.get(key);
    if (group) group.parties.push(party);
    else groups.set(key, { ...rest, parties: [party] });
  }
  return [...groups.values()];
}

function inOrder(a: Single, b: Single): number {
  const key = ({ subject, verb, party, ports }: Single) =>
    [subject.namespace, subject.name, verb, party.kind, sortKey(party), ports].join('\u0000');
  return key(a) < key(b) ? -1 : 1;
}

function sortKey(party: PartyPlan): string {
  if (party.kind === 'peer') return party.peer.code;
  return party.kind === 'namespace' ? party.namespace : `${party.service.namespace}/${party.service.name}`;
}

function partyKey(party: Party): string {
  if (party.kind === 'peer') return `peer ${party.peer.code}`;
  return party.kind === 'namespace' ? `namespace ${party.namespace}` : `${party.draft.namespace} ${party.draft.pods}`;
}
