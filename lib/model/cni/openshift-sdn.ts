import type { CniProfile } from '../cni-profile';
import { denied, no, notFound, yes } from './fact';

const code = 'https://github.com/openshift/sdn/blob/18a57d7da14c7a45c4e8d55254bf7a89cee0ac43/pkg/';
const policies = `${code}network/node/networkpolicy.go`;

/** As last released, for OpenShift 4.16. Up to 4.9 its documentation lists egress rules and exceptions of ipBlocks as not supported. */
export const openshiftSdn: CniProfile = {
  id: 'openshift-sdn',
  name: 'OpenShift SDN (4.16)',
  facts: {
    ipBlockMatchesPods: yes(policies, 'An ipBlock becomes a match on the packet’s source or destination address.'),
    ipBlockMatchesNodes: notFound,
    selectsHostNetworkPods: no(
      policies,
      'Pods on the host network are in no list of selected addresses; their traffic counts as of network 0.',
    ),
    allowsOwnNode: yes(
      `${code}network/node/ovscontroller.go`,
      'What comes from the local gateway, the node’s own address in the pod network, is delivered before any policy.',
    ),
    enforcesEgress: yes(policies, 'Egress rules become flows as ingress rules do.'),
    enforcesEndPort: yes(policies, 'A range becomes flows with masks that cover it.'),
    enforcesSctp: yes(policies, 'TCP, UDP and SCTP are the protocols that a flow may match.'),
    enforcesNamedPorts: no(policies, 'A port by name is ignored with a warning in the log.'),
    enforcesIpBlockExcept: yes(
      `${code}util/ranges/networkpolicy.go`,
      'The block without its exceptions is written as the ranges that remain of it.',
    ),
    enforcesIpv6: no(policies, 'IPv6 is not supported, and IPv6 blocks are passed over.'),
    otherProtocols: denied(
      policies,
      'IP packets to and from isolated pods are dropped unless a flow admits them, and a rule without ports admits every protocol.',
    ),
    deniesEstablished: yes(policies, 'Only replies skip the policies; all other packets are matched against them.'),
  },
};
