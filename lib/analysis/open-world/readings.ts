import type { Cluster } from '../../model/cluster';
import type { CniProfile } from '../../model/cni-profile';
import { unenforcedFeature } from '../../model/enforcement';
import type { Direction, Policy, Rule } from '../../model/policy';
import { LabelBox } from '../../sets/label-box';
import { PortSet } from '../../sets/port-set';
import type { Doubt } from '../evaluate';

/** Policies of which nothing is left open, and for each rule that is there only because something is, what that is. */
export interface Reading {
  readonly policies: readonly Policy[];
  readonly doubts: ReadonlyMap<Rule, readonly Doubt[]>;
}

/** Whose address a rule by addresses is asked about: that of a pod of the pod network, or of a node, which pods of its network have too. */
export type AddressOf = 'pod' | 'node';

/**
 * Two readings of the policies, between which the truth lies: `least` allows what is allowed whatever the API
 * leaves open, `most` what is allowed under some reading of it. `most` is `least` where nothing is open.
 *
 * Of a rule by addresses, `most` admits every pod, whose address is not known, unless the plugin says that it admits none.
 * Policies of kinds that are not read: in their namespaces `least` allows nothing and `most` everything.
 */
export function readingsOf(
  cluster: Cluster,
  profile: CniProfile,
  addressOf: AddressOf = 'pod',
): { readonly least: Reading; readonly most: Reading } {
  const doubts = new Map<Rule, readonly Doubt[]>();
  const namespaces = new Set(cluster.namespaces.map(({ name }) => name));
  const unread = new Map<string, Doubt[]>();
  for (const policy of cluster.unread) {
    const doubt: Doubt = { question: 'what does a policy of a kind that is not read do?', unread: policy };
    for (const name of policy.namespace === undefined ? namespaces : [policy.namespace]) {
      unread.set(name, [...(unread.get(name) ?? []), doubt]);
    }
  }

  const least: Policy[] = [];
  const most: Policy[] = [];
  for (const policy of cluster.policies) {
    if (unread.has(policy.namespace)) continue;
    const read = readPolicy(policy, profile, addressOf);
    least.push(read.least);
    most.push(read.most);
    for (const [rule, reasons] of read.doubts) doubts.set(rule, reasons);
  }
  for (const [namespace, reasons] of unread) {
    const closed = unreadPolicy(namespace);
    least.push(closed);
    const rules = closed.isolates.map((direction) => everythingRule(closed, direction));
    most.push({ ...closed, rules });
    for (const rule of rules) doubts.set(rule, reasons);
  }
  const certain: Reading = { policies: least, doubts: new Map() };
  return { least: certain, most: doubts.size === 0 ? certain : { policies: most, doubts } };
}

/** A policy under both readings: `most` is `least` where nothing of it is open. */
export function readPolicy(
  policy: Policy,
  profile: CniProfile,
  addressOf: AddressOf = 'pod',
): { readonly least: Policy; readonly most: Policy; readonly doubts: Reading['doubts'] } {
  const { facts } = profile;
  const { value: matchesPeer } = addressOf === 'pod' ? facts.ipBlockMatchesPods : facts.ipBlockMatchesNodes;
  const doubts = new Map<Rule, readonly Doubt[]>();
  const isolates = policy.isolates.filter((side) => side === 'ingress' || facts.enforcesEgress.value !== 'no');
  const rules = policy.rules.filter(({ direction }) => isolates.includes(direction));
  const feature = unenforcedFeature(policy, profile);
  const least = { ...policy, isolates, rules: feature ? [] : rules };
  const openFor = (direction: Direction, doubt: Doubt, peers?: Rule['peers']) => {
    doubts.set({ ...everythingRule(policy, direction), ...(peers ? { peers } : {}) }, [doubt]);
  };
  if (feature) {
    for (const side of isolates) openFor(side, { question: `does the plugin enforce ${feature}?`, policy });
  } else {
    if (isolates.includes('egress') && facts.enforcesEgress.value === 'unknown') {
      openFor('egress', { question: 'is egress enforced?', policy });
    }
    if (facts.enforcesIpv6.value === 'no') {
      const question = 'does the plugin enforce IPv6?';
      for (const side of isolates) openFor(side, { question, policy }, everyIpv6Address);
    }
  }
  if (!feature && matchesPeer !== 'no') {
    for (const rule of rules.filter(({ peers }) => peers.some(({ kind }) => kind === 'addresses'))) {
      doubts.set({ ...rule, peers: everyPod }, [{ question: blockQuestion(matchesPeer, addressOf), rule }]);
    }
  }
  return {
    least,
    most: doubts.size === 0 ? least : { ...policy, isolates, rules: [...rules, ...doubts.keys()] },
    doubts,
  };
}

const everyPod = [{ kind: 'pods' as const, namespaces: LabelBox.everything, pods: LabelBox.everything }];

const everyIpv6Address = [{ kind: 'addresses' as const, block: { cidr: '::/0', except: [] } }];

function blockQuestion(matches: 'yes' | 'unknown', of: AddressOf): Doubt['question'] {
  return matches === 'yes' ? 'what is the address of the pod?' : `does an ipBlock match the address of a ${of}?`;
}

/** That the pods of a policy may talk to everyone. */
export function everythingRule(policy: Policy, direction: Direction): Rule {
  return { policy, direction, index: 0, peers: [{ kind: 'everyone' }], ports: PortSet.all, place: policy.place };
}

/** Stands for whatever decides in a namespace where a policy is that is not read. */
function unreadPolicy(namespace: string): Policy {
  const place = { at: (field: string) => ({ field }) };
  return { namespace, name: '', pods: LabelBox.everything, isolates: ['ingress', 'egress'], rules: [], place };
}
