import type { CniProfile } from '../cni-profile';
import { denied, no, yes } from './fact';

const docs = 'https://learn.microsoft.com/en-us/azure/aks/use-network-policies';
const code =
  'https://github.com/Azure/azure-container-networking/blob/cbd7560cfc18572a7182d30a68e882b6107c004c/npm/pkg/';
const translation = `${code}controlplane/translation/translatePolicy.go`;
const chains = `${code}dataplane/policies/chain-management_linux.go`;

/** On Linux nodes; on Windows it lacks ports by name, SCTP and exceptions of ipBlocks. */
export const azureNpm: CniProfile = {
  id: 'azure-npm',
  name: 'Azure Network Policy Manager (Linux)',
  facts: {
    ipBlockMatchesPods: yes(
      translation,
      'An ipBlock becomes a set of ranges, compared with the addresses of a packet.',
    ),
    ipBlockMatchesNodes: yes(translation, 'The set of ranges makes no difference between nodes and other addresses.'),
    selectsHostNetworkPods: no(
      `${code}controlplane/controllers/v2/podController.go`,
      'Pods on the host network are ignored, so that they are in no set that a selector stands for.',
    ),
    allowsOwnNode: yes(
      chains,
      'Only forwarded packets are judged, and those of the node’s own processes are not forwarded.',
    ),
    enforcesEgress: yes(docs, 'On Linux the specification of network policies is fully supported.'),
    enforcesEndPort: yes(translation, 'port and endPort become one range of destination ports.'),
    enforcesSctp: yes(docs, 'On Linux the specification of network policies is fully supported, SCTP included.'),
    enforcesNamedPorts: yes(
      translation,
      'A name becomes a set of pods’ addresses, each with the number that the pod declares.',
    ),
    enforcesIpBlockExcept: yes(translation, 'Each ipBlock has a set of its own, in which its exceptions do not match.'),
    enforcesIpv6: no(docs, 'IPv6 is not supported.'),
    otherProtocols: denied(
      translation,
      'What a policy does not allow is dropped whatever its protocol; a rule without ports names none and admits all.',
    ),
    deniesEstablished: no(chains, 'Only packets of new connections are sent to the chains of the policies.'),
  },
};
