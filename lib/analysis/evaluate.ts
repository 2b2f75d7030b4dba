import type { UnreadPolicy } from '../model/cluster';
import type { CniProfile } from '../model/cni-profile';
import type { Connection, Decision, End, PodEnd } from '../model/connection';
import { type Feature, unenforcedFeature } from '../model/enforcement';
import type { Direction, Policy, Rule, RulePeer } from '../model/policy';
import { addressesOf, holdsAddress } from '../sets/address-set';

/** What has to be known beyond the API's documentation to decide. */
export type Question =
  | 'does an ipBlock match the address of a pod?'
  | 'does an ipBlock match the address of a node?'
  | 'what is the address of the pod?'
  | 'does a selector pick pods on the host network?'
  | 'is egress enforced?'
  | 'are both pods on one node?'
  | `does the plugin enforce ${Feature}?`
  | 'what does a policy of a kind that is not read do?';

/** Why a verdict is not certain. */
export interface Doubt {
  readonly question: Question;
  /** The rule that allows if the answer is yes. */
  readonly rule?: Rule;
  /** The policy that isolates if the answer is yes. */
  readonly policy?: Policy;
  readonly unread?: UnreadPolicy;
}

/** The verdict of one end's own policies. */
export interface SideVerdict {
  readonly direction: Direction;
  readonly decision: Decision;
  /** Policies that select the pod in this direction; none: not isolated, everything is allowed. */
  readonly isolatedBy: readonly Policy[];
  /** Every rule that allows. */
  readonly allowedBy: readonly Rule[];
  readonly doubts: readonly Doubt[];
}

export interface Verdict {
  readonly decision: Decision;
  /** A pod always reaches itself, whatever its policies say. */
  readonly itself: 'yes' | 'no';
  readonly egress: SideVerdict;
  readonly ingress: SideVerdict;
  /** Everything that leaves the verdict open; empty unless it is unknown. */
  readonly doubts: readonly Doubt[];
}

/**
 * Judges one connection by reading every policy: the oracle that the fast engines are tested against, so it is written to be
 * compared with the API's documentation line by line, and for nothing else.
 */
export function evaluate(
  connection: Connection,
  policies: readonly Policy[],
  profile: CniProfile,
  unread: readonly UnreadPolicy[] = [],
): Verdict {
  const egress = evaluateSide('egress', connection, policies, profile, unread);
  const ingress = evaluateSide('ingress', connection, policies, profile, unread);
  const itself = connection.source === connection.destination;
  const decision = itself ? 'allowed' : both(egress.decision, ingress.decision);
  const doubts = decision === 'unknown' ? [...egress.doubts, ...ingress.doubts] : [];
  return { decision, itself: itself ? 'yes' : 'no', egress, ingress, doubts };
}

function both(a: Decision, b: Decision): Decision {
  if (a === 'denied' || b === 'denied') return 'denied';
  return a === 'allowed' && b === 'allowed' ? 'allowed' : 'unknown';
}

function evaluateSide(
  direction: Direction,
  connection: Connection,
  policies: readonly Policy[],
  profile: CniProfile,
  unread: readonly UnreadPolicy[],
): SideVerdict {
  const subject = direction === 'egress' ? connection.source : connection.destination;
  const peer = direction === 'egress' ? connection.destination : connection.source;
  const open: SideVerdict = { direction, decision: 'allowed', isolatedBy: [], allowedBy: [], doubts: [] };
  if (subject.kind === 'address') return open;

  const isolatedBy = policies.filter((policy) => isolates(policy, direction, subject));
  const decisive = unread.filter(({ namespace }) => namespace === undefined || namespace === subject.namespace);
  if (decisive.length > 0) {
    const question = 'what does a policy of a kind that is not read do?';
    const doubts = decisive.map((policy): Doubt => ({ question, unread: policy }));
    return { direction, decision: 'unknown', isolatedBy, allowedBy: [], doubts };
  }
  if (isolatedBy.length === 0) return open;

  const allowedBy: Rule[] = [];
  const doubts: Doubt[] = [];
  for (const policy of isolatedBy) {
    const feature = unenforcedFeature(policy, profile);
    if (feature) doubts.push({ question: `does the plugin enforce ${feature}?`, policy });
  }
  const certain = isolatedBy.filter((policy) => !unenforcedFeature(policy, profile));
  for (const rule of certain.flatMap((policy) => policy.rules)) {
    if (rule.direction !== direction || !portFits(rule, connection)) continue;
    const fits = rule.peers.map((entry) => peerFits(entry, peer, profile));
    if (fits.includes('yes')) allowedBy.push(rule);
    else for (const fit of fits) if (fit !== 'no' && fit !== 'yes') doubts.push({ question: fit, rule });
  }
  // The API allows ingress from the pod's own node, so from a pod there that is on the host's network.
  if (direction === 'ingress' && peer.kind === 'pod' && peer.network === 'host') {
    doubts.push({ question: 'are both pods on one node?' });
  }
  // Where IPv6 is not judged, what no rule allows may pass all the same.
  if (peer.kind === 'address' && peer.address.family === 6 && profile.facts.enforcesIpv6.value === 'no') {
    for (const policy of certain) doubts.push({ question: 'does the plugin enforce IPv6?', policy });
  }
  const perhapsNot = perhapsNotIsolated(direction, subject, profile);
  if (perhapsNot === 'no') return open;
  const decision = allowedBy.length > 0 ? 'allowed' : doubts.length > 0 ? 'unknown' : 'denied';

  if (decision !== 'allowed' && perhapsNot !== undefined) {
    const policyDoubts = isolatedBy.map((policy): Doubt => ({ question: perhapsNot, policy }));
    return { direction, decision: 'unknown', isolatedBy, allowedBy, doubts: [...doubts, ...policyDoubts] };
  }
  return { direction, decision, isolatedBy, allowedBy, doubts };
}

/** Whether the policy selects the pod in that direction. */
export function isolates(policy: Policy, direction: Direction, pod: PodEnd): boolean {
  return policy.namespace === pod.namespace && policy.isolates.includes(direction) && policy.pods.matches(pod.labels);
}

/** Whether the policies that select the pod take effect: undefined if they do, `no` if they do not, else the open question. */
function perhapsNotIsolated(direction: Direction, pod: PodEnd, { facts }: CniProfile): Question | 'no' | undefined {
  const enforced = direction === 'egress' ? facts.enforcesEgress.value : 'yes';
  const selectable = pod.network === 'host' ? facts.selectsHostNetworkPods.value : 'yes';
  if (enforced === 'no' || selectable === 'no') return 'no';
  if (enforced === 'unknown') return 'is egress enforced?';
  return selectable === 'unknown' ? 'does a selector pick pods on the host network?' : undefined;
}

export function portFits(rule: Rule, { destination, protocol, port }: Connection): boolean {
  if (rule.ports.isEverything) return true;
  return rule.ports.items().some((item) => {
    if (item.protocol !== protocol) return false;
    if ('first' in item) return item.first <= port && port <= item.last;
    const named = destination.kind === 'pod' ? destination.ports : [];
    return named.some((p) => p.name === item.name && p.protocol === protocol && p.number === port);
  });
}

/** Whether an entry of `from` or `to` matches; a question where that is open. */
export function peerFits(entry: RulePeer, peer: End, { facts }: CniProfile): 'yes' | 'no' | Question {
  if (entry.kind === 'everyone') return 'yes';
  if (entry.kind === 'addresses') {
    const block = addressesOf(entry.block);
    if (peer.kind === 'address') return holdsAddress(block, peer.address) ? 'yes' : 'no';
    const fact = peer.network === 'host' ? facts.ipBlockMatchesNodes : facts.ipBlockMatchesPods;
    if (fact.value === 'no') return 'no';
    const held = peer.addresses.filter((address) => holdsAddress(block, address));
    if (peer.addresses.length > 0 && held.length === 0) return 'no';
    if (fact.value === 'unknown') {
      const question = 'does an ipBlock match the address of a';
      return peer.network === 'host' ? `${question} node?` : `${question} pod?`;
    }
    return held.length > 0 && held.length === peer.addresses.length ? 'yes' : 'what is the address of the pod?';
  }
  if (peer.kind === 'address') return 'no';
  if (!entry.namespaces.matches(peer.namespaceLabels) || !entry.pods.matches(peer.labels)) return 'no';
  if (peer.network === 'pod' || facts.selectsHostNetworkPods.value === 'yes') return 'yes';
  return facts.selectsHostNetworkPods.value === 'no' ? 'no' : 'does a selector pick pods on the host network?';
}
