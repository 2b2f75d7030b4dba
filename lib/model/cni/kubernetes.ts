import type { CniProfile } from '../cni-profile';
import { depends, notFound, yes } from './fact';

const concept = 'https://kubernetes.io/docs/concepts/services-networking/network-policies/';
const reference = 'https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/';

/** Any plugin that implements every field of the API, and of which nothing else is known. */
export const kubernetes: CniProfile = {
  id: 'kubernetes',
  name: 'Kubernetes NetworkPolicy API',
  facts: {
    ipBlockMatchesPods: depends(
      concept,
      'An ipBlock is meant for addresses outside the cluster; whether it matches those of pods is not said.',
    ),
    ipBlockMatchesNodes: notFound,
    selectsHostNetworkPods: depends(
      `${concept}#networkpolicy-and-hostnetwork-pods`,
      'The behavior for pods on the host network is not defined; most plugins take their traffic for the node’s own.',
    ),
    allowsOwnNode: yes(
      reference,
      'Ingress is allowed if a rule matches, or if the source is the node that the pod runs on.',
    ),
    enforcesEgress: yes(
      reference,
      'A policy of type Egress allows of the selected pods only what its egress rules match.',
    ),
    enforcesEndPort: yes(
      reference,
      'With endPort a rule opens every port from port to endPort; a plugin that lacks it opens port alone.',
    ),
    enforcesSctp: yes(reference, 'SCTP is one of the three protocols of a port, if the plugin supports it.'),
    enforcesNamedPorts: yes(reference, 'A port may be given by the name that a pod declares.'),
    enforcesIpBlockExcept: yes(reference, 'The ranges of except do not belong to the ipBlock.'),
    enforcesIpv6: yes(reference, 'An ipBlock takes IPv4 and IPv6 ranges alike.'),
    otherProtocols: depends(
      concept,
      'Policies are defined for TCP, UDP and SCTP; what becomes of other protocols varies with the plugin.',
    ),
    deniesEstablished: depends(
      concept,
      'Whether a change of policies affects connections that exist already is up to the implementation.',
    ),
  },
};
