import type {
  LabelSelector,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '../../lib/model/network-policy';
import { cidrContains, parseCidr } from '../../lib/sets/cidr';

/** A pod, or an address outside the cluster. */
export interface End {
  readonly namespace?: string;
  readonly namespaceLabels?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** Numbers by name, of the pod's containers. */
  readonly names?: Readonly<Record<string, number>>;
  readonly address?: string;
}

/** Whether the policies allow one connection, read off the API's documentation as plainly as possible: the oracle of the tests. */
export function allows(
  policies: readonly NetworkPolicy[],
  from: End,
  to: End,
  port: number,
  protocol = 'TCP',
): boolean {
  return (
    side(policies, 'Egress', from, to, to, port, protocol) && side(policies, 'Ingress', to, from, to, port, protocol)
  );
}

function side(
  policies: readonly NetworkPolicy[],
  direction: 'Ingress' | 'Egress',
  own: End,
  other: End,
  target: End,
  port: number,
  protocol: string,
): boolean {
  if (own.namespace === undefined) return true;
  const selecting = policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === own.namespace &&
      spec.policyTypes.includes(direction) &&
      selects(spec.podSelector, own.labels ?? {}),
  );
  if (selecting.length === 0) return true;
  return selecting.some(({ metadata, spec }) => {
    const rules = direction === 'Ingress' ? (spec.ingress ?? []) : (spec.egress ?? []);
    return rules.some((rule) => {
      const peers = 'from' in rule ? rule.from : 'to' in rule ? rule.to : undefined;
      const peerFits =
        !peers || peers.length === 0 || peers.some((peer) => fits(peer, other, metadata.namespace ?? ''));
      const portFits =
        !rule.ports || rule.ports.length === 0 || rule.ports.some((p) => portFitsRule(p, target, port, protocol));
      return peerFits && portFits;
    });
  });
}

function fits(peer: NetworkPolicyPeer, end: End, own: string): boolean {
  if (peer.ipBlock) {
    const address = end.address && parseCidr(`${end.address}/${end.address.includes(':') ? 128 : 32}`);
    const within = (cidr: string) => Boolean(address && cidrContains(parseCidr(cidr)!, address));
    return within(peer.ipBlock.cidr) && !(peer.ipBlock.except ?? []).some(within);
  }
  if (end.namespace === undefined) return false;
  const labels = { 'kubernetes.io/metadata.name': end.namespace, ...end.namespaceLabels };
  const inNamespace = peer.namespaceSelector ? selects(peer.namespaceSelector, labels) : end.namespace === own;
  return inNamespace && (!peer.podSelector || selects(peer.podSelector, end.labels ?? {}));
}

function portFitsRule(rule: NetworkPolicyPort, target: End, port: number, protocol: string): boolean {
  if ((rule.protocol ?? 'TCP') !== protocol) return false;
  if (rule.port === undefined) return true;
  if (typeof rule.port === 'string') return target.names?.[rule.port] === port;
  return port >= rule.port && port <= (rule.endPort ?? rule.port);
}

function selects(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  const byLabels = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  const byExpressions = (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = labels[key];
    if (operator === 'In') return value !== undefined && values.includes(value);
    if (operator === 'NotIn') return value === undefined || !values.includes(value);
    return (operator === 'Exists') === (value !== undefined);
  });
  return byLabels && byExpressions;
}
