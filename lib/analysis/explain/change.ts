import type { Cluster } from '../../model/cluster';
import type { Change, PolicyConstruct } from '../../model/explanation';
import { internetAddresses, internetBlocksOfPolicies, internetName } from '../../model/internet';
import type {
  NetworkPolicy,
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '../../model/network-policy';
import { type Direction, type Policy, policyToString } from '../../model/policy';
import { namespaceBox, selectorOf } from '../../model/selector';
import { readNetworkPolicy } from '../../read/network-policy';
import { cidrsOfAddresses } from '../../sets/address-set';
import { cidrToString } from '../../sets/cidr';
import type { LabelBox } from '../../sets/label-box';
import type { PortSet } from '../../sets/port-set';
import { listedPlace } from '../connectivity/listing-place';
import { identityOf, idsOf, selectedBy } from './identity';
import type { JudgedEnd } from './judged-end';
import { freeName } from './new-name';
import { rangesOf } from './port-pieces';
import { podsToString, portItemToString } from './texts';
import type { WrittenPolicies } from './written-policies';

type PodEnd = JudgedEnd & { kind: 'pod' };

/** A change, and the policies with the change made. */
export interface PlannedChange {
  readonly change: Change;
  readonly policies: readonly Policy[];
}

/** Which side denies what. */
export interface DeniedSide {
  readonly direction: Direction;
  readonly source: JudgedEnd;
  readonly destination: JudgedEnd;
  readonly ports: PortSet;
  /** What isolates the subject in that direction, of the policies with earlier changes made: at least one. */
  readonly isolating: readonly Policy[];
}

/**
 * The change of one side that opens as little as can be: a rule in a policy that is the subject's own, or a policy of its own. Other
 * pods stay as isolated as they are.
 *
 * @param policies those of the cluster, with earlier changes made
 * @returns a reason where labels cannot say who is meant
 */
export function planChange(
  { direction, source, destination, ports, isolating }: DeniedSide,
  cluster: Cluster,
  policies: readonly Policy[],
  written: WrittenPolicies,
): PlannedChange | string {
  const [subject, peer] = direction === 'egress' ? [source, destination] : [destination, source];
  if (subject.kind !== 'pod') return `${subject.explained.text} is no pod`;
  const identity = identityOf(subject, cluster);
  const entry = peerEntry(peer, subject.pod.namespace, cluster);
  if (!identity) return withoutLabels(subject);
  if (!entry) return withoutLabels(peer as PodEnd);
  const list = direction === 'ingress' ? 'from' : 'to';
  const rule = { [list]: entry.peers, ports: portEntries(ports) } as NetworkPolicyIngressRule & NetworkPolicyEgressRule;

  const own = isolating.find((policy) => isOwnPolicy(policy, subject, cluster));
  const pods = own ? own.pods : within(identity, isolating);
  const opens = {
    subject: podsToString(namespaceBox(subject.pod.namespace), pods),
    peer: entry.text,
    ports: rangesOf(ports).map(portItemToString),
    alsoSubjects: idsOf(selectedBy(pods, subject, cluster), cluster),
    alsoPeers: entry.also,
  };
  if (own) {
    const constructs = constructsOf([own], written);
    const common = { direction, policy: policyToString(own), opens, constructs };
    const change: Change = { ...common, kind: 'add-rule', place: listedPlace(own.place), rule };
    return { change, policies: policies.map((policy) => (policy === own ? withRule(own, direction, rule) : policy)) };
  }
  const { namespace } = subject.pod;
  const taken = new Set(policies.filter((policy) => policy.namespace === namespace).map(({ name }) => name));
  const name = freeName(`${nameOf(subject)}-${list}-${nameOf(peer, namespace)}`, taken);
  const type = direction === 'ingress' ? 'Ingress' : 'Egress';
  const object: NetworkPolicy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: { podSelector: selectorOf(pods), policyTypes: [type], [direction]: [rule] },
  };
  const change: Change = {
    direction,
    policy: `${namespace}/${name}`,
    opens,
    constructs: constructsOf(isolating, written),
    kind: 'new-policy',
    object,
  };
  return { change, policies: [...policies, modelOf(object)] };
}

function constructsOf(policies: readonly Policy[], written: WrittenPolicies): PolicyConstruct[] {
  return policies.flatMap((policy) => written.constructOf(policy) ?? []);
}

function withoutLabels(end: PodEnd): string {
  return `${end.explained.text} has no labels that a policy could tell it by and that outlast a release: give its pods one`;
}

/** Whether the policy is about the subject and no other known workload. */
function isOwnPolicy({ pods }: Policy, subject: PodEnd, cluster: Cluster): boolean {
  const names = pods.keys.some((key) => pods.valuesOf(key) !== undefined);
  return names && selectedBy(pods, subject, cluster).length === 0;
}

/** The subject's labels, cut down to pods that are isolated already: a new policy must not isolate more. */
function within(identity: LabelBox, isolating: readonly Policy[]): LabelBox {
  if (isolating.some(({ pods }) => identity.isSubsetOf(pods))) return identity;
  return identity.intersect(isolating[0]!.pods);
}

interface PeerEntry {
  readonly peers: readonly NetworkPolicyPeer[];
  readonly text: string;
  readonly also: readonly string[];
}

function peerEntry(peer: JudgedEnd, own: string, cluster: Cluster): PeerEntry | undefined {
  if (peer.kind === 'addresses') {
    if (peer.addresses.equals(internetAddresses)) {
      const peers = internetBlocksOfPolicies.map(({ cidr, except }) => ({ ipBlock: { cidr, except: [...except] } }));
      return { peers, text: internetName, also: [] };
    }
    const cidrs = cidrsOfAddresses(peer.addresses).map(cidrToString);
    return { peers: cidrs.map((cidr) => ({ ipBlock: { cidr } })), text: cidrs.join(', '), also: [] };
  }
  const { namespace } = peer.pod;
  const identity = identityOf(peer, cluster);
  if (!identity) return undefined;
  const podSelector = selectorOf(identity);
  const namespaces = namespaceBox(namespace);
  const entry = namespace === own ? { podSelector } : { namespaceSelector: selectorOf(namespaces), podSelector };
  const also = idsOf(selectedBy(identity, peer, cluster), cluster);
  return { peers: [entry], text: podsToString(namespaces, identity), also };
}

function portEntries(ports: PortSet): NetworkPolicyPort[] {
  return rangesOf(ports).map(({ protocol, first, last }) =>
    last > first ? { protocol, port: first, endPort: last } : { protocol, port: first },
  );
}

function nameOf(end: JudgedEnd, own?: string): string {
  if (end.kind === 'addresses') return end.explained.text;
  const { namespace } = end.pod;
  const name = end.workload?.name ?? Object.values(end.pod.labels)[0] ?? 'pods';
  return own === undefined || own === namespace ? name : `${namespace}-${name}`;
}

function withRule(
  policy: Policy,
  direction: Direction,
  rule: NetworkPolicyIngressRule & NetworkPolicyEgressRule,
): Policy {
  const { namespace, name } = policy;
  const policyTypes = [direction === 'ingress' ? 'Ingress' : 'Egress'] as const;
  const [added] = modelOf({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: { podSelector: {}, policyTypes, [direction]: [rule] },
  }).rules;
  const index = policy.rules.filter((other) => other.direction === direction).length;
  return { ...policy, rules: [...policy.rules, { ...added!, policy, index }] };
}

/** What the API would make of it. @throws TypeError for what the API server would refuse, which is a mistake of ours */
function modelOf(object: NetworkPolicy): Policy {
  const { name, namespace = '' } = object.metadata;
  const place = { at: (field: string) => ({ field }) };
  const problems: string[] = [];
  const policy = readNetworkPolicy(object, { namespace, name }, place, ({ field, detail }) =>
    problems.push(`${field}: ${detail}`),
  );
  if (!policy) throw new TypeError(`the change is no valid policy: ${problems.join(', ')}`);
  return policy;
}
