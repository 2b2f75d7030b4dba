import type { Atom } from '../model/atom';
import { namespacesOf, podBox, podsOf } from '../model/pod-box';
import type { Direction, Policy, Rule, RulePeer } from '../model/policy';
import { namespaceNameKey } from '../model/selector';
import type { LabelBox } from '../sets/label-box';
import { PortSet } from '../sets/port-set';
import { minimalRules } from '../targets/minimal-rules';
import { atomKey } from './atom-key';
import { splitBox } from './split-box';

/** What a rule opens to one peer. */
export interface Opening {
  readonly peer: Atom;
  readonly ports: PortSet;
}

/** An opening as some rule says it, for one of its peers. */
export type SourcedOpening = Opening & { readonly rule: Rule; readonly peerIndex: number };

/** The pods of one selector in one namespace, and what policies say of them, all policies together. */
export interface Subject {
  readonly namespace: string;
  readonly pods: LabelBox;
  readonly isolates: ReadonlySet<Direction>;
  /** The fewest, one for each peer and direction, in the order of the peers' texts. */
  readonly openings: Readonly<Record<Direction, readonly Opening[]>>;
  readonly sources: Readonly<Record<Direction, readonly SourcedOpening[]>>;
  /** Those of which something is left that services and intents say. */
  readonly policies: readonly Policy[];
}

/** A rule that no services and intents can say, and why. */
export interface RawRule {
  readonly rule: Rule;
  readonly reason: string;
}

export interface Subjects {
  readonly subjects: readonly Subject[];
  readonly raw: readonly RawRule[];
}

interface Draft {
  readonly namespace: string;
  readonly pods: LabelBox;
  readonly isolates: Set<Direction>;
  readonly sources: Record<Direction, SourcedOpening[]>;
  readonly policies: Policy[];
}

/** Takes policies apart: by the pods that they select, and these by value. @param policies that select any @param managed names of the namespaces that have policies */
export function subjectsOf(policies: readonly Policy[], managed: ReadonlySet<string>): Subjects {
  const drafts = new Map<string, Draft>();
  const raw: RawRule[] = [];
  for (const policy of policies) {
    const expressible = policy.rules.filter((rule) => {
      const reason = reasonToKeep(rule, managed);
      if (reason !== undefined) raw.push({ rule, reason });
      return reason === undefined;
    });
    for (const pods of splitBox(policy.pods)) {
      const draft = draftOf(drafts, policy.namespace, pods);
      if (expressible.length > 0 || policy.rules.length === 0) draft.policies.push(policy);
      for (const direction of policy.isolates) draft.isolates.add(direction);
      for (const rule of expressible) draft.sources[rule.direction].push(...openingsOf(rule));
    }
  }
  return { subjects: [...drafts.values()].map(subjectOf), raw };
}

function draftOf(drafts: Map<string, Draft>, namespace: string, pods: LabelBox): Draft {
  const key = `${namespace} ${pods}`;
  let draft = drafts.get(key);
  if (!draft) {
    draft = { namespace, pods, isolates: new Set(), sources: { ingress: [], egress: [] }, policies: [] };
    drafts.set(key, draft);
  }
  return draft;
}

function subjectOf(draft: Draft): Subject {
  const { ingress, egress } = draft.sources;
  return { ...draft, openings: { ingress: canonical(ingress), egress: canonical(egress) } };
}

/** What of the openings is left when each is said once, by the peers that a person would name. */
function canonical(openings: readonly Opening[]): Opening[] {
  const byPeer = new Map<string, Opening>();
  for (const { peers, ports } of minimalRules(openings)) {
    for (const peer of peers.flatMap(splitAtom)) {
      const key = atomKey(peer);
      byPeer.set(key, { peer, ports: (byPeer.get(key)?.ports ?? PortSet.empty).union(ports) });
    }
  }
  return [...byPeer].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, opening]) => opening);
}

function openingsOf(rule: Rule): SourcedOpening[] {
  return rule.peers.flatMap((peer, peerIndex) =>
    splitAtom(atomOf(peer)).map((atom) => ({ peer: atom, ports: rule.ports, rule, peerIndex })),
  );
}

function atomOf(peer: RulePeer): Atom {
  if (peer.kind === 'pods') return { kind: 'pods', box: podBox(peer.namespaces, peer.pods) };
  return peer.kind === 'everyone' ? peer : { kind: 'addresses', block: peer.block };
}

function splitAtom(atom: Atom): readonly Atom[] {
  if (atom.kind !== 'pods') return [atom];
  return splitBox(atom.box).map((box) => ({ kind: 'pods', box }));
}

const namedOutside = 'a port by name is one of pods, and its peers are more than pods';

/** Why no intent says what the rule says, or undefined. */
function reasonToKeep({ peers, ports, direction }: Rule, managed: ReadonlySet<string>): string | undefined {
  for (const peer of peers) {
    if (peer.kind !== 'pods') {
      if (direction === 'egress' && ports.items().some((item) => 'name' in item)) return namedOutside;
      continue;
    }
    if (peer.namespaces.isEmpty || peer.pods.isEmpty) return 'no pod can match a peer of it';
    const { box } = atomOf(peer) as Extract<Atom, { kind: 'pods' }>;
    for (const part of splitBox(box)) {
      const namespaces = namespacesOf(part);
      const names = namespaces.valuesOf(namespaceNameKey) ?? [];
      if (names.some((name) => managed.has(name)) && (namespaces.keys.length > 1 || names.length > 1)) {
        return 'it picks namespaces of the app by name and by other labels at once';
      }
      if (podsOf(part).isEmpty) return 'no pod can match a peer of it';
    }
  }
  return undefined;
}
