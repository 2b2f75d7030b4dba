import type { CniProfile } from '../cni-profile';
import { denied, no, notFound, yes } from './fact';

const code = 'https://github.com/weaveworks/weave/blob/8c8476381d48820891356497bfcee6337e99a401/';
const analyser = `${code}npc/analyser.go`;
const chains = `${code}prog/weave-npc/main.go`;

/** The last state of its network policy controller, of 2022. */
export const weaveNet: CniProfile = {
  id: 'weave-net',
  name: 'Weave Net',
  facts: {
    ipBlockMatchesPods: yes(
      `${code}npc/ipblock.go`,
      'An ipBlock becomes a match on the packet’s source or destination address.',
    ),
    ipBlockMatchesNodes: notFound,
    selectsHostNetworkPods: no(
      `${code}npc/namespace.go`,
      'Pods on the host network are never put into the sets of a selector.',
    ),
    allowsOwnNode: yes(
      `${code}net/bridge.go`,
      'Ingress is judged where packets are forwarded to the bridge, which the node’s own packets are not.',
    ),
    enforcesEgress: yes(analyser, 'Egress rules become iptables rules as ingress rules do.'),
    enforcesEndPort: no(analyser, 'Of a port only its number is used; endPort is not read.'),
    enforcesSctp: notFound,
    enforcesNamedPorts: no(
      analyser,
      'A policy with a port by name is refused as a whole, so that it does not even isolate.',
    ),
    enforcesIpBlockExcept: yes(
      `${code}npc/ipblock.go`,
      'The rule of one ipBlock requires that the address is not in the set of its exceptions.',
    ),
    enforcesIpv6: no(chains, 'Rules are written with iptables for IPv4 alone.'),
    otherProtocols: denied(
      analyser,
      'A rule without ports names no protocol and admits all; what no rule admits is dropped.',
    ),
    deniesEstablished: no(chains, 'Packets of established and related connections are accepted before all policies.'),
  },
};
