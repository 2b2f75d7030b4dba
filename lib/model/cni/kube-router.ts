import type { CniProfile } from '../cni-profile';
import { allowed, depends, no, yes } from './fact';

const code = 'https://github.com/cloudnativelabs/kube-router/blob/7c2c2779e397b15b85dc5fd2b6e6ff2c64c38596/';
const policies = `${code}pkg/controllers/netpol/policy.go`;
const pods = `${code}pkg/controllers/netpol/pod.go`;

/** Also what k3s enforces policies with. */
export const kubeRouter: CniProfile = {
  id: 'kube-router',
  name: 'kube-router',
  facts: {
    ipBlockMatchesPods: yes(policies, 'An ipBlock becomes a set of ranges, compared with the addresses of a packet.'),
    ipBlockMatchesNodes: yes(policies, 'The set of ranges makes no difference between nodes and other addresses.'),
    selectsHostNetworkPods: no(
      `${code}pkg/controllers/netpol/utils.go`,
      'Pods on the host network are left out, both of the pods that a policy selects and of the peers of a rule.',
    ),
    allowsOwnNode: yes(pods, 'A rule before all policies accepts what comes from an address of the pod’s own node.'),
    enforcesEgress: yes(policies, 'Egress rules become chains as ingress rules do.'),
    enforcesEndPort: yes(policies, 'port and endPort become one range of destination ports.'),
    enforcesSctp: depends(
      'https://github.com/cloudnativelabs/kube-router/issues/1019',
      'Support of SCTP in network policies is an open request, although rules with that protocol are written.',
    ),
    enforcesNamedPorts: depends(
      policies,
      'An egress rule without peers opens the numbers that pods of the policy’s namespace declare, towards every destination.',
    ),
    enforcesIpBlockExcept: depends(
      policies,
      'All ipBlocks of one rule share a set of ranges, so that an exception also takes addresses out of its other blocks.',
    ),
    enforcesIpv6: yes(
      'https://kube-router.io/docs/ipv6',
      'Network policies cover both families from 2.0 on, if each is enabled.',
    ),
    otherProtocols: allowed(
      `${code}pkg/utils/iptables.go`,
      'Echo requests, unreachable and time exceeded messages, and IPv6 neighbor discovery are accepted before all policies.',
    ),
    deniesEstablished: no(
      `${code}pkg/controllers/netpol/npc_iptables.go`,
      'Packets of established and related connections are accepted before all policies.',
    ),
  },
};
