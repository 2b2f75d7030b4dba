import type { PlacedWorkload } from '../model/cluster';
import type { DiffListing } from '../model/diff-listing';
import { kubeDnsPods } from '../model/known-peers';
import { namespacesOf, podBox } from '../model/pod-box';
import type { Direction, Policy } from '../model/policy';
import { namespaceNameKey } from '../model/selector';
import { PortSet } from '../sets/port-set';
import { SupersetIndex } from '../sets/superset-index';
import type { ApiAccess } from './api-access';
import { asReason } from './comments';
import { draftsOf, managedName, type NamespaceDraft, type ServiceDraft } from './drafts';
import { type Evidence, evidenceIn } from './evidence';
import { completed, planWith, servicePlans } from './make-plan';
import { nameFor } from './party-name';
import { peerPlan } from './peers';
import type { AppPlan, PartyPlan, PeerPlan, ServicePlan } from './plan';
import { rawPlans } from './raw-policies';
import type { ImportInput } from './reading';
import { Reasons } from './reasons';
import { askedPorts, type Party, type Relation, relationsOf } from './relations';
import { anyAddressBlocks, apiServerPorts, dnsPods, dnsPorts, removalsIn } from './removals';
import { grouped, type Single } from './statements';
import { subjectsOf } from './subjects';
import { Today } from './today';
import { withinAnnotations } from './within-annotations';

/** Who may talk to whom in the tighter app; one end at least is a service. */
interface Pair {
  readonly caller: Party;
  readonly callee: Party;
  readonly ports: PortSet;
  readonly enforcedAt: Single['enforcedAt'];
  readonly because: string | undefined;
}

const unknownNeeds = 'as wide as it was: no workload tells what it needs';
const unknownCallers = 'as wide as it was: nothing tells who calls it';

const dnsBox = kubeDnsPods();
const anyAddress: PeerPlan = { code: 'Peer.anyAddress()', description: 'any address', words: 'any address' };
const anywhere: Party = { kind: 'peer', peer: peerPlan({ kind: 'everyone' }) };

export interface Tightened {
  readonly plan: AppPlan;
  /** What is taken away of which manifests do not tell whether it is in use. @param policies of the tighter app */
  removedBy(policies: readonly Policy[], diff: DiffListing): string[];
}

/**
 * An app that allows no more than the policies, and of that only what something speaks for: what names both ends stays, where both sides
 * allow it; what is open to many becomes what workloads name each other for, and the API server where they may use it; all else is denied, in both
 * directions. Of pods whose workload is not known, what is open stays open.
 * @param environment its name
 */
export function tighten(input: ImportInput, environment: string): Tightened {
  const { cluster, objects } = input;
  const reasons = new Reasons(objects);
  const { subjects, raw } = subjectsOf(cluster.policies, new Set(cluster.policies.map(({ namespace }) => namespace)));
  const drafts = withDns(draftsOf(cluster, subjects));
  const today = new Today(cluster.policies, drafts.keys());
  const evidence = evidenceIn(input, drafts).filter((item) => isAllowed(item, today));
  const called = new Set(evidence.map(({ callee }) => callee));
  const known = knownDrafts(cluster.workloads, drafts);
  const relations = relationsOf(subjects, drafts, { dns: 'noDns', isImplied: () => false });
  const closed = new Map([...drafts].map(([name, namespace]) => [name, closedDraft(namespace, known)] as const));
  const services = servicePlans(cluster, closed, reasons, merged(askedPorts(relations), evidence));
  const reasonOf = ({ direction, opening, subject, own, party }: Relation) =>
    reasons.of(direction, opening, subject.sources[direction], nameFor(planned(party, services), services.get(own)!));
  const pairs = [
    ...evidence.map(pairOf),
    ...relations.flatMap((relation) => keptOf(relation, { today, called, known, reasonOf })),
    ...[...drafts.values()].flatMap((namespace) => openOf(namespace, today, known)),
    ...[...drafts.values()].flatMap(({ services: own }) =>
      [...own.values()].flatMap((draft) => apiServerOf(draft, today, accessOf(draft, input))),
    ),
  ];
  const sending = new Set(
    pairs.flatMap(({ caller, enforcedAt }) =>
      caller.kind === 'service' && enforcedAt !== 'callee' ? [caller.draft] : [],
    ),
  );
  const resolving = [...sending].filter((draft) => today.allows(draft, 'egress', dnsPods, dnsPorts));
  const dns = resolving.length === sending.size ? 'kubeDns' : 'noDns';
  if (dns === 'noDns') pairs.push(...resolving.map((draft) => toDns(draft, drafts)));
  const singles = oneForEach(pairs).map((pair) => singleOf(pair, services));
  const plan = planWith(cluster, closed, services, environment, dns);
  const removedBy = (policies: readonly Policy[], diff: DiffListing) => {
    const after = new Today(policies, drafts.keys());
    return removalsIn({ drafts, closed, before: today, after, access: (draft) => accessOf(draft, input), diff });
  };
  return { plan: completed(plan, grouped(withinAnnotations(singles)), rawPlans(raw, objects, reasons)), removedBy };
}

/** Of several workloads, the one that may need it. */
function accessOf({ workloads }: ServiceDraft, { references }: ImportInput): ApiAccess | undefined {
  const found = workloads.flatMap(
    ({ namespace, kind, name }) => references.apiAccess.get(`${namespace}/${kind}/${name}`) ?? [],
  );
  return found.find(({ use }) => use === 'possible') ?? found[0];
}

/** The API server, by no address, where that is open and may be in use: manifests never tell who calls it. */
function apiServerOf(draft: ServiceDraft, today: Today, access: ApiAccess | undefined): Pair[] {
  if (access?.use !== 'possible') return [];
  const open = anyAddressBlocks.filter((peer) => today.allows(draft, 'egress', peer, apiServerPorts));
  const peers = open.length === anyAddressBlocks.length ? [anyAddress] : open.map(peerPlan);
  return peers.map((peer) => ({
    caller: { kind: 'service', draft },
    callee: { kind: 'peer', peer },
    ports: apiServerPorts,
    enforcedAt: undefined,
    because: asReason(access.text),
  }));
}

function isAllowed({ caller, callee, ports }: Evidence, today: Today): boolean {
  if (!('peer' in caller)) return today.connects(caller, callee, ports);
  return caller.peers.every((peer) => today.allows(callee, 'ingress', peer, ports));
}

function pairOf({ caller, callee, ports, text }: Evidence): Pair {
  const from: Party = 'peer' in caller ? { kind: 'peer', peer: caller.peer } : { kind: 'service', draft: caller };
  return {
    caller: from,
    callee: { kind: 'service', draft: callee },
    ports,
    enforcedAt: undefined,
    because: asReason(text),
  };
}

/**
 * With a service for the pods of the cluster's DNS, where the app has their namespace: there it takes one to name them, and without it the
 * default deny would hold for them.
 */
function withDns(drafts: Map<string, NamespaceDraft>): Map<string, NamespaceDraft> {
  const namespace = managedName(dnsBox.namespaces, drafts);
  if (namespace === undefined) return drafts;
  const { services } = drafts.get(namespace)!;
  const key = `${dnsBox.pods}`;
  if (!services.has(key)) services.set(key, { namespace, pods: dnsBox.pods, subject: undefined, workloads: [] });
  return drafts;
}

function toDns(draft: ServiceDraft, drafts: ReadonlyMap<string, NamespaceDraft>): Pair {
  const { namespaces, pods } = dnsBox;
  const namespace = managedName(namespaces, drafts);
  const own = namespace === undefined ? undefined : drafts.get(namespace)!.services.get(`${pods}`);
  const callee: Party = own
    ? { kind: 'service', draft: own }
    : { kind: 'peer', peer: peerPlan({ kind: 'pods', box: podBox(namespaces, pods) }) };
  return { caller: { kind: 'service', draft }, callee, ports: dnsPorts, enforcedAt: undefined, because: undefined };
}

/** Denied by default in both directions, as far as it is known what runs there. */
function closedDraft(namespace: NamespaceDraft, known: Known): NamespaceDraft {
  return isKnown(namespace, known) ? { ...namespace, denied: new Set<Direction>(['ingress', 'egress']) } : namespace;
}

type Known = ReadonlySet<ServiceDraft>;

/** The services that pick pods of some workload, and so whose needs its settings tell. */
function knownDrafts(workloads: readonly PlacedWorkload[], drafts: ReadonlyMap<string, NamespaceDraft>): Known {
  const byNamespace = new Map(
    [...drafts].map(([name, { services }]) => {
      return [name, new SupersetIndex([...services.values()].map((draft) => [draft.pods, draft] as const))] as const;
    }),
  );
  return new Set(
    workloads.flatMap(({ namespace, podLabels }) => byNamespace.get(namespace)?.matching(podLabels) ?? []),
  );
}

function isKnown({ services }: NamespaceDraft, known: Known): boolean {
  return [...services.values()].some((draft) => known.has(draft));
}

interface Context {
  readonly today: Today;
  /** Services that something is known to call. */
  readonly called: ReadonlySet<ServiceDraft>;
  readonly known: Known;
  reasonOf(relation: Relation): string | undefined;
}

/** What stays of one opening. */
function keptOf(relation: Relation, { today, called, known, reasonOf }: Context): Pair[] {
  const { direction, own, party } = relation;
  const self: Party = { kind: 'service', draft: own };
  const [caller, callee] = direction === 'ingress' ? [party, self] : [self, party];
  const ports = narrowed(relation.ports, callee);
  const because = reasonOf(relation);
  if (!isWide(relation)) {
    if (caller.kind !== 'service' || callee.kind !== 'service')
      return [{ caller, callee, ports, enforcedAt: undefined, because }];
    return today.connects(caller.draft, callee.draft, ports)
      ? [{ caller, callee, ports, enforcedAt: undefined, because }]
      : [];
  }
  const isKnown = known.has(own);
  if (isKnown && (direction === 'egress' || own.pods.isEverything || called.has(own))) return [];
  const enforcedAt = party.kind === 'peer' ? undefined : direction === 'ingress' ? 'callee' : 'caller';
  return [{ caller, callee, ports, enforcedAt, because: because ?? (isKnown ? unknownCallers : unknownNeeds) }];
}

/** Whether the other end is no one in particular. */
function isWide({ party, opening: { peer } }: Relation): boolean {
  if (party.kind !== 'peer') return party.kind === 'namespace' || party.draft.pods.isEverything;
  if (peer.kind === 'addresses') return peer.block.cidr.endsWith('/0') && peer.block.except.length === 0;
  return (
    peer.kind === 'everyone' ||
    (peer.box.isEverything && namespacesOf(peer.box).valuesOf(namespaceNameKey) === undefined)
  );
}

/** Of any port, those that the callee's containers declare. */
function narrowed(ports: PortSet, callee: Party): PortSet {
  if (!ports.isEverything || callee.kind !== 'service') return ports;
  const declared = callee.draft.workloads.flatMap((workload) => workload.ports);
  const items = declared.map(({ protocol, number }) => ({ protocol, first: number, last: number }));
  return items.length > 0 ? PortSet.of(items) : ports;
}

/** What pods may do that nothing isolates today, where a default deny is new and no workload tells what they need. */
function openOf(namespace: NamespaceDraft, today: Today, known: Known): Pair[] {
  if (!isKnown(namespace, known)) return [];
  const unknown = [...namespace.services.values()].filter((draft) => !known.has(draft));
  return unknown.flatMap((draft) => {
    const self: Party = { kind: 'service', draft };
    const base = { ports: PortSet.all, enforcedAt: undefined, because: unknownNeeds };
    return [
      ...(today.allowsEverything(draft, 'ingress') ? [{ ...base, caller: anywhere, callee: self }] : []),
      ...(today.allowsEverything(draft, 'egress') ? [{ ...base, caller: self, callee: anywhere }] : []),
    ];
  });
}

/** What several openings come to for one pair, with the first reason that is given. */
function oneForEach(pairs: readonly Pair[]): Pair[] {
  const found = new Map<string, Pair>();
  for (const pair of pairs) {
    const key = `${keyOf(pair.caller)} -> ${keyOf(pair.callee)} ${pair.enforcedAt}`;
    const known = found.get(key);
    found.set(
      key,
      known ? { ...known, ports: known.ports.union(pair.ports), because: known.because ?? pair.because } : pair,
    );
  }
  return [...found.values()];
}

function keyOf(party: Party): string {
  if (party.kind === 'peer') return party.peer.code;
  return party.kind === 'namespace' ? `namespace ${party.namespace}` : `${party.draft.namespace} ${party.draft.pods}`;
}

function merged(asked: ReadonlyMap<ServiceDraft, readonly PortSet[]>, evidence: readonly Evidence[]) {
  const all = new Map(asked);
  for (const { callee, ports } of evidence) all.set(callee, [...(all.get(callee) ?? []), ports]);
  return all;
}

function planned(party: Party, services: ReadonlyMap<ServiceDraft, ServicePlan>): PartyPlan {
  return party.kind === 'service' ? { kind: 'service', service: services.get(party.draft)! } : party;
}

function singleOf({ caller, callee, ...rest }: Pair, services: ReadonlyMap<ServiceDraft, ServicePlan>): Single {
  const from = planned(caller, services);
  const to = planned(callee, services);
  if (to.kind === 'service') return { ...rest, verb: 'allowFrom', subject: to.service, party: from };
  if (from.kind === 'service') return { ...rest, verb: 'allowTo', subject: from.service, party: to };
  throw new TypeError('one end of every pair is a service');
}
