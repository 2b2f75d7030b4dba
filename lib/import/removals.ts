import { workloadToString } from '../model/cluster';
import type { DiffListing, OutsideChange } from '../model/diff-listing';
import { kubeDnsPods } from '../model/known-peers';
import type { RulePeer } from '../model/policy';

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
  const services = [...drafts.values()].flatMap((namespace) =>
    [...namespace.services.values()].filter(({ workloads }) => workloads.length > 0),
  );
  const lost = (peers: readonly RulePeer[], ports: PortSet) => (draft: ServiceDraft) =>
    peers.some((peer) => before.allows(draft, 'egress', peer, ports) && !after.allows(draft, 'egress', peer, ports));
  const api = services.filter(lost(anyAddressBlocks, apiServerPorts));
  const unresolving = services.filter(lost([dnsPods], dnsPorts));
  return [
    ...[...drafts].flatMap(([name, { denied }]) => {
      const fresh = [...closed.get(name)!.denied].filter((direction) => !denied.has(direction));
      return fresh.length > 0
        ? [`${name}: default deny is new for ${fresh.join(' and ')}, so that pods that no service picks are denied`]
        : [];
    }),
    ...api.map(
      (draft) =>
        `${namesOf([draft])}: no longer to the API server; ${access(draft)?.text ?? 'nothing tells of its use'}`,
    ),
    ...(unresolving.length > 0 ? [`${namesOf(unresolving)}: no longer to DNS, so to nobody by name`] : []),
    ...diff.outside.filter(({ lost: less }) => less.denied.length > 0).map(outsideText),
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
