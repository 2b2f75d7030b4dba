import type { Demand } from '../model/finding';

/** Hardening standards whose demands on network policies rules check. */
export const standards = {
  cis: {
    name: 'CIS Kubernetes Benchmark, 5.3 Network Policies and CNI',
    url: 'https://www.cisecurity.org/benchmark/kubernetes',
  },
  nsa: {
    name: 'NSA/CISA Kubernetes Hardening Guide 1.2',
    url: 'https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF',
  },
} as const;

export type StandardId = keyof typeof standards;

const cis = (number: string, text: string): Demand => ({
  id: `CIS-${number}`,
  standard: 'cis',
  text,
  url: standards.cis.url,
});
const nsa = (name: string, text: string, unchecked?: string): Demand => ({
  id: `NSA-CISA-${name}`,
  standard: 'nsa',
  text,
  url: standards.nsa.url,
  ...(unchecked === undefined ? {} : { unchecked }),
});

/**
 * Every demand, by a short name. The guide of NSA and CISA numbers none: these names are ours, and the texts begin with the sections of its chapter
 * “Network separation and hardening”. What that chapter demands beside, of no concern to network policies, is there too, so that nobody takes it
 * for checked.
 */
export const demands = {
  cisPlugin: cis('5.3.1', 'Ensure that the CNI in use supports Network Policies'),
  cisNamespaces: cis('5.3.2', 'Ensure that all Namespaces have Network Policies defined'),
  plugin: nsa('network-plugin', 'Network policies: use a network plugin that supports the NetworkPolicy API'),
  selection: nsa('pod-selection', 'Network policies: select pods by podSelector, namespaceSelector, or both'),
  defaultDeny: nsa(
    'default-deny',
    'Network policies: deny all ingress and egress by default, so that pods that no other policy selects are isolated',
  ),
  permitted: nsa('permitted-only', 'Network policies: relax the default for permissible connections only'),
  addresses: nsa(
    'ip-block',
    'Network policies: know that plugins differ in how they apply ipBlock to addresses of the cluster',
  ),
  resources: nsa(
    'resource-limits',
    'Network policies, Resource policies: limit the resources of namespaces and pods by LimitRange and ResourceQuota',
    'they are about processors, memory and storage, which no network policy limits',
  ),
  namespaces: nsa(
    'namespaces',
    'Namespaces: have policies separate namespaces, which are open to each other by themselves',
  ),
  controlPlane: nsa(
    'control-plane',
    'Control plane hardening: keep kube-system off the internet by policies, and able to reach the control plane and the nodes',
    'there is no rule of its own: where kube-system is in the input, it is judged like every other namespace, by the rules of default-deny and permitted-only; which addresses its nodes have is not known',
  ),
  firewalls: nsa(
    'firewalls',
    'Control plane hardening, Worker node segmentation: have firewalls before the API server, etcd and the nodes',
    'firewalls are outside of the cluster',
  ),
  encryption: nsa(
    'encryption',
    'Encryption, Secrets: encrypt all traffic of the cluster, and Secrets where they are stored',
    'policies say who may connect, and not how; encryption is set at the API server, etcd and the nodes',
  ),
  metadata: nsa(
    'cloud-metadata',
    'Protecting sensitive cloud infrastructure: keep pods from the metadata service of the cloud',
  ),
} as const satisfies Readonly<Record<string, Demand>>;
