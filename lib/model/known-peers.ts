import { LabelBox } from '../sets/label-box';
import type { Dns } from './dns';
import type { OutsideAddresses, OutsidePods } from './outside';
import { Port } from './port';
import { namespaceBox } from './selector';

/** Pods by labels in one namespace that this app does not manage. */
export function podsIn(
  namespace: string,
  labels: Readonly<Record<string, string>>,
  description: string,
  ports?: readonly Port[],
): OutsidePods {
  const pods = LabelBox.ofLabels(labels);
  return { kind: 'pods', namespaces: namespaceBox(namespace), pods, description, ...(ports ? { ports } : {}) };
}

const dnsPorts = (port: number) => [Port.udp(port), Port.tcp(port)];

/** The cluster's DNS pods as kubeadm, k3s, EKS, AKS and kind label them (Kubernetes, customizing DNS service). */
export function kubeDnsPods(): OutsidePods {
  return podsIn('kube-system', { 'k8s-app': 'kube-dns' }, 'kube-dns', dnsPorts(53));
}

/** OpenShift's DNS pods, which listen on 5353 (openshift/cluster-dns-operator). */
export function openshiftDnsPods(): OutsidePods {
  const label = { 'dns.operator.openshift.io/daemonset-dns': 'default' };
  return podsIn('openshift-dns', label, 'OpenShift DNS', dnsPorts(5353));
}

/** The cache on the pod's own node (Kubernetes, NodeLocal DNSCache), which is reached by address. */
export function nodeLocalDnsCache(address = '169.254.20.10'): OutsideAddresses {
  const cidr = `${address}/${`${address}`.includes(':') ? 128 : 32}`;
  return {
    kind: 'addresses',
    blocks: [{ cidr, except: [] }],
    description: 'the node-local DNS cache',
    ports: dnsPorts(53),
  };
}

export function kubeDns(): Dns {
  return { servers: [kubeDnsPods()], port: 53 };
}

/** Both the cache and the DNS pods: the cache may be missing on a node. */
export function nodeLocalDns(address?: string): Dns {
  return { servers: [nodeLocalDnsCache(address), kubeDnsPods()], port: 53 };
}

export function openshiftDns(): Dns {
  return { servers: [openshiftDnsPods()], port: 5353 };
}

/** For pods that look up no names in the cluster, or whose DNS is declared as an intent. */
export function noDns(): Dns {
  return { servers: [], port: 53 };
}
