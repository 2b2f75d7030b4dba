import { Connectivity } from '../../../lib/analysis/connectivity/connectivity';
import { listConnectivity } from '../../../lib/analysis/connectivity/listing';
import { defaultProfile } from '../../../lib/model/cni-profiles';
import type { ConnectivityListing } from '../../../lib/model/connectivity-listing';
import { clusterOfTexts } from '../../../lib/read/cluster';

function workload(kind: string, namespace: string, name: string, ports: string): string {
  return `apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: x, ports: [${ports}]}]}
`;
}

function policy(name: string, spec: string): string {
  return `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec: {${spec}}
`;
}

const from = (name: string) => `from: [{podSelector: {matchLabels: {app: ${name}}}}]`;
const to = (name: string) => `to: [{podSelector: {matchLabels: {app: ${name}}}}]`;

/** Default deny in `shop`, opened step by step; nothing isolates `monitoring`. */
export const shopTexts: readonly string[] = [
  'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: storefront}}\n',
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: shop}\n',
  workload('Deployment', 'shop', 'frontend', '{name: http, containerPort: 8080}'),
  workload('Deployment', 'shop', 'cart', '{name: grpc, containerPort: 7070}'),
  workload('StatefulSet', 'shop', 'redis', '{name: redis, containerPort: 6379}'),
  workload('Deployment', 'monitoring', 'prometheus', '{name: web, containerPort: 9090}'),
  policy('deny', 'podSelector: {}, policyTypes: [Ingress, Egress]'),
  policy(
    'scrape',
    'podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}], ports: [{port: 9100}]}]',
  ),
  policy(
    'frontend',
    `podSelector: {matchLabels: {app: frontend}}, policyTypes: [Ingress, Egress], ingress: [{ports: [{port: http}]}], egress: [{${to('cart')}, ports: [{port: grpc}]}]`,
  ),
  policy(
    'cart',
    `podSelector: {matchLabels: {app: cart}}, policyTypes: [Ingress, Egress], ingress: [{${from('frontend')}, ports: [{port: grpc}]}], egress: [{${to('redis')}, ports: [{port: redis}]}, {to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 6379, endPort: 6380}]}]`,
  ),
  policy('redis', `podSelector: {matchLabels: {app: redis}}, policyTypes: [Ingress], ingress: [{${from('cart')}}]`),
  policy('forgotten', 'podSelector: {matchLabels: {app: checkout}}, policyTypes: [Ingress]'),
  'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {selector: {app: frontend}, ports: [{port: 80, targetPort: http}]}\n',
  'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: shop, namespace: shop}\nspec: {defaultBackend: {service: {name: web, port: {number: 80}}}}\n',
  'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: l7, namespace: elsewhere}\n',
];

export function shop(): ConnectivityListing {
  const cluster = clusterOfTexts(shopTexts.map((text, i) => ({ file: `${i}.yaml`, text })));
  return listConnectivity(new Connectivity(cluster, defaultProfile));
}

/** Names that no API server takes, as a hostile manifest may hold them. */
export function renamed(listing: ConnectivityListing, name: string, hostile: string): ConnectivityListing {
  const quoted = JSON.stringify(hostile).slice(1, -1);
  return JSON.parse(JSON.stringify(listing).replaceAll(name, () => quoted)) as ConnectivityListing;
}
