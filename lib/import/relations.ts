import { namespacesOf, podsOf } from '../model/pod-box';
import type { Direction } from '../model/policy';
import type { PortSet } from '../sets/port-set';
import { atomKey } from './atom-key';
import type { DnsChoice } from './dns';
import { managedName, type NamespaceDraft, type ServiceDraft } from './drafts';
import { internetPeers, publicBlocks } from './internet';
import { peerPlan } from './peers';
import type { PeerPlan } from './plan';
import type { Opening, Subject } from './subjects';

/** Who is at the other end of an opening. */
export type Party =
  | { readonly kind: 'service'; readonly draft: ServiceDraft }
  | { readonly kind: 'namespace'; readonly namespace: string }
  | { readonly kind: 'peer'; readonly peer: PeerPlan };

/** One opening of one service, on one side. */
export interface Relation {
  readonly direction: Direction;
  readonly own: ServiceDraft;
  readonly party: Party;
  readonly ports: PortSet;
  readonly subject: Subject;
  readonly opening: Opening;
}

/** What each service may do, but for the DNS that goes with its egress. */
export function relationsOf(
  subjects: readonly Subject[],
  drafts: ReadonlyMap<string, NamespaceDraft>,
  dns: DnsChoice,
): Relation[] {
  return subjects.flatMap((subject) => {
    const own = drafts.get(subject.namespace)!.services.get(subject.pods.toString());
    if (!own) return [];
    return (['ingress', 'egress'] as const).flatMap((direction) =>
      withInternet(subject.openings[direction], direction).flatMap(([opening, internet]): Relation[] => {
        if (direction === 'egress' && dns.isImplied(subject, opening)) return [];
        const party = internet ? ({ kind: 'peer', peer: internet } as const) : partyOf(opening, direction, drafts);
        return [{ direction, own, party, ports: opening.ports, subject, opening }];
      }),
    );
  });
}

/** The blocks of public addresses as the one peer that they are, where all of them have the same ports. */
function withInternet(
  openings: readonly Opening[],
  direction: Direction,
): (readonly [Opening, PeerPlan | undefined])[] {
  const parts = openings.filter(({ peer }) => publicBlocks.has(atomKey(peer)));
  const [first] = parts;
  const whole = parts.length === publicBlocks.size && parts.every(({ ports }) => ports.equals(first!.ports));
  if (!first || !whole) return openings.map((opening) => [opening, undefined] as const);
  const others = openings.filter((opening) => !parts.includes(opening));
  return [[first, internetPeers[direction]] as const, ...others.map((opening) => [opening, undefined] as const)];
}

/** The ports that are asked of each service. */
export function askedPorts(relations: readonly Relation[]): Map<ServiceDraft, PortSet[]> {
  const asked = new Map<ServiceDraft, PortSet[]>();
  for (const { direction, own, party, ports } of relations) {
    const callee = direction === 'ingress' ? own : party.kind === 'service' ? party.draft : undefined;
    if (callee) asked.set(callee, [...(asked.get(callee) ?? []), ports]);
  }
  return asked;
}

function partyOf({ peer }: Opening, direction: Direction, drafts: ReadonlyMap<string, NamespaceDraft>): Party {
  if (peer.kind === 'pods') {
    const name = managedName(namespacesOf(peer.box), drafts);
    if (name !== undefined) {
      const draft = drafts.get(name)!.services.get(podsOf(peer.box).toString());
      if (draft) return { kind: 'service', draft };
      if (direction === 'ingress') return { kind: 'namespace', namespace: name };
    }
  }
  return { kind: 'peer', peer: peerPlan(peer) };
}
