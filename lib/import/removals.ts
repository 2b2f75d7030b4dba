import { workloadToString } from '../model/cluster';
import type { DiffListing, OutsideChange } from '../model/diff-listing';
import { kubeDnsPods } from '../model/known-peers';
import type { Direction, RulePeer } from '../model/policy';
import { PortSet } from '../sets/port-set';
import type { ApiAccess } from './api-access';
import type { NamespaceDraft, ServiceDraft } from './drafts';
import type { Today } from './today';

/** API servers listen on one of these, as a rule. */
export const apiServerPorts = PortSet.of([443, 6443].map((port) => ({ protocol: 'TCP', first: port, last: port })));
export const anyAddressBlocks: readonly Extract<RulePeer, { kind: 'addresses' }>[] = ['0.0.0.0/0', '::/0'].map(
  (cidr) => {
    return { kind: 'addresses', block: { cidr, except: [] } };
  },
);
const dns = kubeDnsPods();
export const dnsPods: RulePeer = { kind: 'pods', namespaces: dns.namespaces, pods: dns.pods };
export const dnsPorts = PortSet.of((['TCP', 'UDP'] as const).map((protocol) => ({ protocol, first: 53, last: 53 })));

/** More are in the difference. */
const mostNames = 6;

interface Tightening {
  readonly drafts: ReadonlyMap<string, NamespaceDraft>;
  readonly closed: ReadonlyMap<string, NamespaceDraft>;
  readonly before: Today;
  readonly after: Today;
  readonly access: (draft: ServiceDraft) => ApiAccess | undefined;
  readonly diff: Pick<DiffListing, 'outside'>;
}

/**
 * What a tighter app takes away of which manifests cannot tell whether it is in use, in words: default deny that is new, the API server, DNS,
 * and addresses outside, of nodes and load balancers too.
 */
export function removalsIn({ drafts, closed, before, after, access, diff }: Tightening): string[] {
  const known = [...drafts.values()].flatMap((namespace) =>
    [...namespace.services.values()].filter(({ workloads }) => workloads.length > 0),
  );
  const lost = (peers: readonly RulePeer[], ports: PortSet) => (draft: ServiceDraft) =>
    peers.some((peer) => before.allows(draft, 'egress', peer, ports) && !after.allows(draft, 'egress', peer, ports));
  const api = known.filter(lost(anyAddressBlocks, apiServerPorts));
  const unresolving = known.filter(lost([dnsPods], dnsPorts));
  return [
    ...[...drafts].flatMap(([name, { denied, services }]) => {
      const fresh = [...closed.get(name)!.denied].filter((direction) => !denied.has(direction));
      if (fresh.length === 0) return [];
      return [
        `${name}: default deny is new for ${fresh.join(' and ')}, so that pods that no service picks are denied`,
        ...[...services.values()].flatMap((draft) => closedIn(draft, fresh, after)),
      ];
    }),
    ...api.map(
      (draft) =>
        `${namesOf([draft])}: no longer to the API server; ${access(draft)?.text ?? 'nothing tells of its use'}`,
    ),
    ...(unresolving.length > 0 ? [`${namesOf(unresolving)}: no longer to DNS, so to nobody by name`] : []),
    ...diff.outside.filter(({ lost: less }) => less.denied.length > 0).map(outsideText),
  ];
}

/** Pods that no workload tells of stay open where all of them were: some that could exist may be isolated by policies for other labels. */
function closedIn({ namespace, ...draft }: ServiceDraft, directions: readonly Direction[], after: Today): string[] {
  const { pods, subject, workloads } = draft;
  const closed = directions.filter(
    (direction) => !subject?.isolates.has(direction) && !after.allowsEverything({ namespace, ...draft }, direction),
  );
  if (workloads.length > 0 || closed.length === 0) return [];
  return [
    `${namespace}: pods with {${pods}}, of which no workload is known, are denied ${closed.join(' and ')} that the app does not say`,
  ];
}

function namesOf(drafts: readonly ServiceDraft[]): string {
  return firstFew(drafts.flatMap(({ workloads }) => workloads.map(workloadToString)));
}

function outsideText({ direction, addresses, workloads, after }: OutsideChange): string {
  const names = firstFew(workloads.map(({ id }) => id));
  const [way, among] = direction === 'egress' ? ['to', 'the internet'] : ['from', 'load balancers'];
  const ports = after.allowed.length > 0 ? `on ${after.allowed.join(' ')} alone` : 'no longer';
  return `${names}: ${ports} ${way} ${addresses.text}, which may be nodes or ${among}`;
}

function firstFew(names: readonly string[]): string {
  const rest = names.length - mostNames;
  return names.slice(0, mostNames).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
