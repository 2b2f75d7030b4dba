import { antrea } from './cni/antrea';
import { awsVpcCni } from './cni/aws-vpc-cni';
import { azureNpm } from './cni/azure-npm';
import { calico } from './cni/calico';
import { canal } from './cni/canal';
import { cilium } from './cni/cilium';
import { gkeDataplaneV2 } from './cni/gke-dataplane-v2';
import { kubeNetworkPolicies } from './cni/kube-network-policies';
import { kubeRouter } from './cni/kube-router';
import { kubernetes } from './cni/kubernetes';
import { openshiftSdn } from './cni/openshift-sdn';
import { ovnKubernetes } from './cni/ovn-kubernetes';
import { weaveNet } from './cni/weave-net';
import type { CniProfile } from './cni-profile';

/** Sorted by id. The facts were read from documentation and code in August 2026; later versions may differ. */
export const cniProfiles: readonly CniProfile[] = [
  antrea,
  awsVpcCni,
  azureNpm,
  calico,
  canal,
  cilium,
  gkeDataplaneV2,
  kubeNetworkPolicies,
  kubeRouter,
  kubernetes,
  openshiftSdn,
  ovnKubernetes,
  weaveNet,
];

/** The profile when no CNI is named: unknown wherever the API's own documentation is silent or leaves it to the plugin. */
export const defaultProfile: CniProfile = kubernetes;

export function profileOf(id: string): CniProfile | undefined {
  return cniProfiles.find((profile) => profile.id === id);
}
