import type { CniProfile } from '../cni-profile';
import { denied, depends, no, yes } from './fact';

const code = 'https://github.com/cilium/cilium/blob/012a3bf2928a03344812e18cb799eee4e04676a4/';
const language = `${code}Documentation/security/policy/language.rst`;

/** As configured by default. */
export const cilium: CniProfile = {
  id: 'cilium',
  name: 'Cilium',
  facts: {
    ipBlockMatchesPods: no(
      language,
      'Ranges of addresses do not match pods or nodes of the cluster, which are known by identity.',
    ),
    ipBlockMatchesNodes: no(
      language,
      'Ranges of addresses match nodes only if the agent runs with policy-cidr-match-mode=nodes, which is not the default.',
    ),
    selectsHostNetworkPods: no(
      language,
      'Containers on the host network belong to the entities host and remote-node, not to the endpoints that labels select.',
    ),
    allowsOwnNode: yes(
      language,
      'Under Kubernetes the local host may reach all its endpoints, unless the agent runs with allow-localhost=policy.',
    ),
    enforcesEgress: yes(
      'https://docs.cilium.io/en/stable/network/kubernetes/policy/',
      'The standard NetworkPolicy is supported at ingress and at egress of a pod.',
    ),
    enforcesEndPort: depends(
      'https://github.com/cilium/cilium/issues/28684',
      'A version of 2023, 1.15-dev, accepts endPort silently and opens its first port alone; later documentation has port ranges.',
    ),
    enforcesSctp: no(
      'https://docs.cilium.io/en/stable/configuration/sctp/',
      'Support of SCTP is beta and has to be turned on.',
    ),
    enforcesNamedPorts: depends(
      'https://github.com/cilium/cilium/pull/44429',
      'Before this change of 2026, an egress port by name is ignored if pods anywhere declare different numbers under it.',
    ),
    enforcesIpBlockExcept: yes(language, 'A range may list ranges within it that are not allowed by it.'),
    enforcesIpv6: yes(language, 'Policies distinguish ICMP types of both address families, IPv4 and IPv6.'),
    otherProtocols: denied(
      language,
      'Without rules on ports everything passes, ICMP included; with any, ICMP is blocked unless it relates to an allowed connection.',
    ),
    deniesEstablished: yes(
      'https://github.com/cilium/cilium/pull/3605',
      'Policies are consulted for every packet, and connection tracking only to recognize replies.',
    ),
  },
};
