import type { CniProfile } from '../cni-profile';
import { denied, depends, no, notFound, yes } from './fact';

const code =
  'https://github.com/ovn-kubernetes/ovn-kubernetes/blob/8871cd9cec9c45d6da1baf9e3b06eb575f49039c/go-controller/pkg/';
const gress = `${code}ovn/gress_policy.go`;

export const ovnKubernetes: CniProfile = {
  id: 'ovn-kubernetes',
  name: 'OVN-Kubernetes',
  facts: {
    ipBlockMatchesPods: yes(gress, 'An ipBlock becomes a match on the packet’s source or destination address.'),
    ipBlockMatchesNodes: notFound,
    selectsHostNetworkPods: depends(
      `${code}ovn/addresssetmanager/addressset_manager.go`,
      'No policy isolates pods on the host network; a peer with a podSelector includes them, a lone namespaceSelector does not.',
    ),
    allowsOwnNode: yes(
      'https://github.com/ovn-kubernetes/ovn-kubernetes/blob/8871cd9cec9c45d6da1baf9e3b06eb575f49039c/docs/design/acls.md',
      'Every node has a rule that allows what comes from its own management port.',
    ),
    enforcesEgress: yes(
      gress,
      'Rules are written for what leaves and for what reaches the ports of the selected pods.',
    ),
    enforcesEndPort: yes(`${code}libovsdb/util/acl.go`, 'port and endPort become one range of destination ports.'),
    enforcesSctp: yes(
      'https://docs.redhat.com/en/documentation/openshift_container_platform/latest/html/network_security/network-policy',
      'A network policy applies to TCP, UDP, ICMP and SCTP.',
    ),
    enforcesNamedPorts: no(
      gress,
      'The number of a port by name is read as 0, and a port of 0 opens every port of the protocol.',
    ),
    enforcesIpBlockExcept: yes(
      gress,
      'The match of one ipBlock requires that the address is in none of its exceptions.',
    ),
    enforcesIpv6: yes(gress, 'Matches are written for IPv4, IPv6 or both, as the cluster has them.'),
    otherProtocols: denied(
      `${code}ovn/base_network_controller_policy.go`,
      'Everything but ARP is dropped by default; allow-icmp-network-policy, off by default, lets ICMP pass.',
    ),
    deniesEstablished: yes(
      'https://github.com/kubernetes-sigs/network-policy-api/issues/305',
      'A maintainer says that it checks policies on every packet.',
    ),
  },
};
