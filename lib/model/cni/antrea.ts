import type { CniProfile } from '../cni-profile';
import { denied, no, notFound, yes } from './fact';

const code = 'https://github.com/antrea-io/antrea/blob/fc70f2bb7037f398196fd42210d34800cb6aa398/';
const flows = `${code}pkg/agent/openflow/network_policy.go`;
const pipeline = `${code}docs/design/ovs-pipeline.md`;

export const antrea: CniProfile = {
  id: 'antrea',
  name: 'Antrea',
  facts: {
    ipBlockMatchesPods: yes(
      flows,
      'An ipBlock becomes a match on the packet’s address, which makes no difference for pods.',
    ),
    ipBlockMatchesNodes: notFound,
    selectsHostNetworkPods: no(
      `${code}pkg/controller/networkpolicy/crd_utils.go`,
      'Pods on the host network are left out of the groups of addresses, as they are of the pods that a policy applies to.',
    ),
    allowsOwnNode: yes(
      `${code}pkg/agent/openflow/pipeline.go`,
      'Packets that the node itself sends to its pods bypass the ingress rules, for the kubelet’s probes.',
    ),
    enforcesEgress: yes(pipeline, 'The egress rules of Kubernetes policies have their own tables.'),
    enforcesEndPort: yes(`${code}CHANGELOG/CHANGELOG-1.1.md`, 'endPort is supported from 1.1 on.'),
    enforcesSctp: yes(flows, 'There are matches on SCTP ports for both address families.'),
    enforcesNamedPorts: yes(
      `${code}pkg/agent/controller/networkpolicy/pod_reconciler.go`,
      'Names are resolved for each pod, and pods with the same numbers share a rule.',
    ),
    enforcesIpBlockExcept: yes(
      `${code}docs/antrea-network-policy.md`,
      'A rule does not match the addresses of except; they remain subject to the other rules.',
    ),
    enforcesIpv6: yes(flows, 'There are matches on IPv6 addresses beside those on IPv4.'),
    otherProtocols: denied(
      pipeline,
      'What no rule admits is dropped at the ports of isolated pods, without regard to the protocol.',
    ),
    deniesEstablished: no(
      pipeline,
      'Packets of established connections skip the rules, so that an update does not affect them.',
    ),
  },
};
