import type { CniProfile } from '../cni-profile';
import { depends, no, yes } from './fact';

const agent = 'https://github.com/aws/aws-network-policy-agent/blob/c8619c056b4c3a7156d2e3538864de3bc9faab82/pkg/';
const rules = `${agent}fwruleprocessor/fw_rule_processor.go`;
const ingress = `${agent}ebpf/c/tc.v4ingress.bpf.c`;
const endpoints =
  'https://github.com/aws/amazon-network-policy-controller-k8s/blob/ecc7e6a79394528bdb397e1fbd927dae64383bec/pkg/resolvers/endpoints.go';

/** The network policy agent and controller of Amazon's VPC CNI, on Linux nodes of EC2. */
export const awsVpcCni: CniProfile = {
  id: 'aws-vpc-cni',
  name: 'Amazon VPC CNI',
  facts: {
    ipBlockMatchesPods: yes(
      rules,
      'Selected pods and ipBlocks end up in one table of ranges, looked up by the packet’s address.',
    ),
    ipBlockMatchesNodes: yes(rules, 'The table of ranges makes no difference between nodes and other addresses.'),
    selectsHostNetworkPods: depends(
      endpoints,
      'Pods on the host network are skipped as subjects of a policy, but as peers their address, the node’s, is admitted.',
    ),
    allowsOwnNode: yes(rules, 'The address of the node is put into every table with all ports.'),
    enforcesEgress: yes(
      `${agent}ebpf/c/tc.v4egress.bpf.c`,
      'A program on the pod’s interface judges what the pod sends as another one judges what it receives.',
    ),
    enforcesEndPort: yes(ingress, 'A port matches if it lies between the start and the end of an entry.'),
    enforcesSctp: yes(ingress, 'Ports are read from TCP, UDP and SCTP headers.'),
    enforcesNamedPorts: depends(
      endpoints,
      'The numbers that any selected pod declares under the name are opened on all pods of the ingress rule.',
    ),
    enforcesIpBlockExcept: depends(
      rules,
      'An exception becomes a denying range of its own, which also hides a wider range of another rule.',
    ),
    enforcesIpv6: yes(
      'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html',
      'Policies apply in IPv4 and in IPv6 clusters, and ignore rules of the other family.',
    ),
    otherProtocols: depends(
      `${agent}ebpf/c/tc.v6ingress.bpf.c`,
      'In IPv6 clusters all ICMP passes; in IPv4 clusters it is looked up as other packets are, and needs a rule without ports.',
    ),
    deniesEstablished: no(
      ingress,
      'A tracked connection passes without a look at the rules for as long as the pod stays isolated as it was.',
    ),
  },
};
