import type { CniProfile } from '../cni-profile';
import { denied, no, yes } from './fact';

const code = 'https://github.com/projectcalico/calico/blob/87c15906f20c4ca1fda55af92295e7678b0cc0b2/';
const conversion = `${code}libcalico-go/lib/backend/k8s/conversion/conversion.go`;

export const calico: CniProfile = {
  id: 'calico',
  name: 'Calico',
  facts: {
    ipBlockMatchesPods: yes(
      conversion,
      'An ipBlock becomes the nets of a rule, which are compared with the addresses of a packet, whoever holds them.',
    ),
    ipBlockMatchesNodes: yes(
      conversion,
      'The nets of a rule make no difference between nodes and other addresses; a tunnel may give a node’s packets another one.',
    ),
    selectsHostNetworkPods: no(
      conversion,
      'A pod on the host network is no workload endpoint, so that no selector finds it.',
    ),
    allowsOwnNode: yes(
      `${code}felix/rules/static.go`,
      'What a host sends to a workload on it is deliberately not judged by the workload’s ingress policies.',
    ),
    enforcesEgress: yes(conversion, 'Egress rules are converted as ingress rules are.'),
    enforcesEndPort: yes(conversion, 'port and endPort become one range of ports.'),
    enforcesSctp: yes(
      `${code}api/pkg/lib/numorstring/protocol.go`,
      'SCTP is among the protocols whose ports a rule may name, beside TCP and UDP.',
    ),
    enforcesNamedPorts: yes(
      `${code}felix/calc/rule_scanner.go`,
      'A port by name becomes a set of the selected endpoints with the number that each declares under it.',
    ),
    enforcesIpBlockExcept: yes(
      conversion,
      'The ranges of except become nets that the rule of this one peer must not match.',
    ),
    enforcesIpv6: yes(
      'https://docs.tigera.io/calico/latest/networking/ipam/ipv6',
      'Workloads may have IPv6 addresses, alone or beside IPv4, once that is set up.',
    ),
    otherProtocols: denied(
      conversion,
      'A rule without ports names no protocol and admits all; a rule with ports admits the protocols of its ports alone.',
    ),
    deniesEstablished: no(
      'https://github.com/projectcalico/calico/issues/6399',
      'Established connections are not touched when a policy changes.',
    ),
  },
};
