import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../../lib/model/network-policy';
import type { Direction, Policy, RulePeer } from '../../lib/model/policy';
import { selectorOf } from '../../lib/model/selector';
import type { LabelBox } from '../../lib/sets/label-box';
import type { PortSet } from '../../lib/sets/port-set';

/** The policy as an API object, also where nothing can match it. */
export function policyObject({ namespace, name, pods, isolates, rules }: Policy): NetworkPolicy {
  const rulesOf = (side: Direction, field: 'from' | 'to') => {
    const own = rules.filter(({ direction }) => direction === side);
    return own.map(({ peers, ports }) => ({ ...peersOf(field, peers), ...portsOf(ports) }));
  };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: {
      podSelector: selector(pods),
      policyTypes: isolates.map((side) => (side === 'ingress' ? 'Ingress' : 'Egress')),
      ingress: rulesOf('ingress', 'from'),
      egress: rulesOf('egress', 'to'),
    },
  };
}

function selector(box: LabelBox) {
  if (!box.isEmpty) return selectorOf(box);
  const key = box.keys[0]!;
  return { matchExpressions: (['Exists', 'DoesNotExist'] as const).map((operator) => ({ key, operator })) };
}

function peersOf(field: 'from' | 'to', peers: readonly RulePeer[]) {
  if (peers.some(({ kind }) => kind === 'everyone')) return {};
  return {
    [field]: peers.map((peer): NetworkPolicyPeer => {
      if (peer.kind === 'addresses') return { ipBlock: peer.block };
      if (peer.kind === 'everyone') throw new TypeError('everyone is said by leaving the peers out');
      return { namespaceSelector: selector(peer.namespaces), podSelector: selector(peer.pods) };
    }),
  };
}

function portsOf(ports: PortSet): { ports?: NetworkPolicyPort[] } {
  if (ports.isEverything) return {};
  return {
    ports: ports.items().map((item) => {
      if ('name' in item) return { protocol: item.protocol, port: item.name };
      const { protocol, first: port, last: endPort } = item;
      return endPort > port ? { protocol, port, endPort } : { protocol, port };
    }),
  };
}
