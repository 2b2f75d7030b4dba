/** A NetworkPolicy, for an example. @param spec its fields, a line each */
export function policy(name: string, spec: string, namespace = 'shop'): string {
  const lines = spec.trim().split('\n').join('\n  ');
  return `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  ${lines}
`;
}

/** A Deployment whose pods are labelled `app: <name>`. @param ports as in `{ name: http, containerPort: 8080 }` */
export function deployment(name: string, ports = '', namespace = 'shop'): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: ${name}, image: ${name}, ports: [${ports}] }] }
`;
}

/** A Namespace. @param labels as in `team: storefront` */
export function namespace(name: string, labels = ''): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: { ${labels} } }\n`;
}

/** Several documents in one text. */
export function documents(...texts: readonly [string, ...string[]]): string {
  return texts.join('---\n');
}
