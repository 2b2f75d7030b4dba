import { listDiff } from '../../../lib/analysis/diff/diff';
import { defaultProfile } from '../../../lib/model/cni-profiles';
import type { DiffListing } from '../../../lib/model/diff-listing';
import { clusterOfTexts } from '../../../lib/read/cluster';

export interface Texts {
  readonly [file: string]: string;
}

const ports = {
  frontend: 'http, containerPort: 8080',
  cart: 'grpc, containerPort: 7070',
  redis: 'redis, containerPort: 6379',
};

export function workload(name: string, more = ''): string {
  const own = ports[name as keyof typeof ports] ?? 'main, containerPort: 80';
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: shop}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}${more}}}
    spec: {containers: [{name: main, image: x, ports: [{name: ${own}}]}]}
`;
}

export function policy(name: string, spec: string): string {
  return `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec:
  podSelector: {${name.startsWith('deny') ? '' : `matchLabels: {app: ${name}}`}}
${spec}`;
}

/** Default deny for ingress; frontend reaches cart, and cart redis. */
export const before: Texts = {
  'workloads.yaml': ['frontend', 'cart', 'redis'].map((name) => workload(name)).join('---\n'),
  'deny.yaml': policy('deny', '  policyTypes: [Ingress]\n'),
  'cart.yaml': policy(
    'cart',
    '  ingress:\n    - from: [{podSelector: {matchLabels: {app: frontend}}}]\n      ports: [{port: 7070}]\n',
  ),
  'redis.yaml': policy(
    'redis',
    '  ingress:\n    - from: [{podSelector: {matchLabels: {app: cart}}}]\n      ports: [{port: 6379}]\n',
  ),
};

/** Redis is opened to the frontend, cart changes its port and is open to addresses, and a workload comes. */
export const after: Texts = {
  'workloads.yaml': [before['workloads.yaml'], workload('search')].join('---\n'),
  'deny.yaml': before['deny.yaml']!,
  'cart.yaml': policy(
    'cart',
    '  ingress:\n    - from: [{podSelector: {matchLabels: {app: frontend}}}]\n      ports: [{port: 9090}]\n    - from: [{ipBlock: {cidr: 203.0.113.0/24}}]\n',
  ),
  'redis.yaml': `${before['redis.yaml']}    - from: [{podSelector: {matchLabels: {app: frontend}}}]\n      ports: [{port: 6379}]\n`,
};

export function diffOf(old: Texts, fresh: Texts): DiffListing {
  const [one, other] = [old, fresh].map((texts) =>
    clusterOfTexts(Object.entries(texts).map(([file, text]) => ({ file, text }))),
  );
  return listDiff(one!, other!, defaultProfile);
}
