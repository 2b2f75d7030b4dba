import type { CniProfile } from '../cni-profile';
import { denied, depends, no, yes } from './fact';

const code = 'https://github.com/kubernetes-sigs/kube-network-policies/blob/5f81cc376ba79a4c1aba1cacb34a4c59b6bf2f8d/';
const policies = `${code}pkg/networkpolicy/networkpolicy.go`;
const dataplane = `${code}pkg/dataplane/controller.go`;

/** Also what kindnet, the network of kind, enforces policies with. */
export const kubeNetworkPolicies: CniProfile = {
  id: 'kube-network-policies',
  name: 'kube-network-policies (kindnet)',
  facts: {
    ipBlockMatchesPods: yes(
      policies,
      'An ipBlock is compared with the address of the packet, whether or not it is a pod’s.',
    ),
    ipBlockMatchesNodes: yes(policies, 'An ipBlock is compared with the address of the packet, whoever holds it.'),
    selectsHostNetworkPods: no(
      `${code}pkg/podinfo/podinfo.go`,
      'Pods on the host network are not looked up by address, so that they are neither isolated nor peers.',
    ),
    allowsOwnNode: depends(
      dataplane,
      'Packets of processes of the node’s root user are accepted, such as the kubelet’s; others are judged.',
    ),
    enforcesEgress: yes(policies, 'Egress of the source is judged before ingress of the destination.'),
    enforcesEndPort: yes(policies, 'A port matches if it lies between port and endPort.'),
    enforcesSctp: yes(`${code}pkg/network/packet.go`, 'Ports are read from TCP, UDP and SCTP headers.'),
    enforcesNamedPorts: yes(
      policies,
      'A name is compared with the container ports of the very pod that the packet goes to.',
    ),
    enforcesIpBlockExcept: yes(
      policies,
      'An address in except does not match that ipBlock; the other peers are tried all the same.',
    ),
    enforcesIpv6: yes(dataplane, 'IPv6 packets of pods are queued for judgement as IPv4 packets are.'),
    otherProtocols: denied(
      policies,
      'Of another protocol no listed port matches, so that only a rule without ports admits it; IPv6 neighbor discovery passes.',
    ),
    deniesEstablished: yes(
      `${code}site/content/docs/user/flavors-and-architectures.md`,
      'In strict mode, the default, changed policies are evaluated against established connections at once.',
    ),
  },
};
