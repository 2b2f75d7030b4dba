import { explain } from '../../../lib/analysis/explain';
import { defaultProfile } from '../../../lib/model/cni-profiles';
import type { Explanation } from '../../../lib/model/explanation';
import { askedEnds } from '../../../lib/naming/asked-ends';
import { askedPorts } from '../../../lib/naming/asked-ports';
import { clusterOfTexts } from '../../../lib/read/cluster';

/** A small shop whose policies deny by default; the cart's is written by tierwall. */
export const shopText = `apiVersion: apps/v1
kind: Deployment
metadata: {name: frontend, namespace: shop}
spec:
  selector: {matchLabels: {app: frontend}}
  template:
    metadata: {labels: {app: frontend}}
    spec: {containers: [{name: c, image: x, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec: {containers: [{name: c, image: x, ports: [{name: grpc, containerPort: 7070}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: web, port: 80, targetPort: grpc}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Ingress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: tierwall-cart
  namespace: shop
  labels: {app.kubernetes.io/managed-by: tierwall}
  annotations: {tierwall.dev/source: production/shop/cart}
spec:
  podSelector: {matchLabels: {app: cart}}
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector: {matchLabels: {app: checkout}}
    ports:
    - port: 7070
  - from:
    - ipBlock: {cidr: 10.0.0.0/8}
    ports:
    - port: 9000
`;

export function explained(from: string, to: string, ...ports: string[]): Explanation {
  const cluster = clusterOfTexts([{ file: 'shop.yaml', text: shopText }]);
  const report = ({ message }: { message: string }) => {
    throw new Error(message);
  };
  const asked = ports.length > 0 ? { ports: { text: ports.join(), asked: askedPorts(ports, '--port', report) } } : {};
  const question = {
    from: askedEnds('--from', from, cluster, report),
    to: askedEnds('--to', to, cluster, report),
    ...asked,
  };
  return explain(cluster, question, { profile: defaultProfile });
}
