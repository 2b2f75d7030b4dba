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
const nsa = (name: string, text: string): Demand => ({
  id: `NSA-CISA-${name}`,
  standard: 'nsa',
  text,
  url: standards.nsa.url,
});

/** Every demand, by a short name. The guide of NSA and CISA numbers none: these names are ours, and the texts tell its sections. */
export const demands = {
  cisPlugin: cis('5.3.1', 'Ensure that the CNI in use supports Network Policies'),
  cisNamespaces: cis('5.3.2', 'Ensure that all Namespaces have Network Policies defined'),
  plugin: nsa('network-plugin', 'Network policies: use a network plugin that supports the NetworkPolicy API'),
  selection: nsa('pod-selection', 'Network policies: select pods by podSelector and namespaceSelector'),
  defaultDeny: nsa(
    'default-deny',
    'Network policies: deny all ingress and egress by default, so that pods that no other policy selects are isolated',
  ),
  permitted: nsa('permitted-only', 'Network policies: relax the default for permissible connections only'),
  addresses: nsa(
    'ip-block',
    'Network policies: know that plugins differ in how they apply ipBlock to addresses of the cluster',
  ),
  metadata: nsa(
    'cloud-metadata',
    'Protecting sensitive cloud infrastructure: keep pods from the metadata service of the cloud',
  ),
  namespaces: nsa('namespaces', 'Namespaces: separate teams and environments from each other'),
} as const satisfies Readonly<Record<string, Demand>>;
