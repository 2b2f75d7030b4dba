import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const perNamespace = 20;
const ports = [80, 443, 3306, 5432, 6379, 7070, 8080, 8443, 9090, 9200];

/** The same numbers for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Manifests of a made-up cluster: namespaces of 20 workloads, default deny in both directions, and for each workload one policy with two
 * edges to others, opened on both sides, on ten ports. Some workloads are open to every namespace or to a range of addresses or ports.
 * One file for each namespace.
 */
export function writeCluster(folder: string, workloads: number): void {
  mkdirSync(folder, { recursive: true });
  const draw = random(workloads);
  const callees = Array.from({ length: workloads }, (_, i) =>
    [0, 1].map((k) => (i + 1 + Math.floor(draw() * Math.min(workloads - 1, 200)) + k) % workloads),
  );
  const callers: number[][] = Array.from({ length: workloads }, () => []);
  for (const [i, list] of callees.entries()) for (const callee of list) callers[callee]!.push(i);

  const namespaceOf = (i: number) => `ns-${Math.floor(i / perNamespace)}`;
  const portOf = (i: number) => ports[i % ports.length]!;
  const pods = (i: number) =>
    `{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ${namespaceOf(i)} } }, podSelector: { matchLabels: { app: w${i} } } }`;
  for (let first = 0; first < workloads; first += perNamespace) {
    const name = namespaceOf(first);
    const file = openSync(join(folder, `${name}.yaml`), 'w');
    writeSync(
      file,
      `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels:\n    team: t${first % 7}\n`,
    );
    writeSync(file, policy(name, 'default-deny', '{}', [], []));
    for (let i = first; i < Math.min(first + perNamespace, workloads); i++) {
      const ingress = callers[i]!.map((caller) => rule('from', pods(caller), `{ port: ${portOf(i)} }`));
      const egress = callees[i]!.map((callee) => rule('to', pods(callee), `{ port: ${portOf(callee)} }`));
      if (i % 100 === 3) ingress.push(rule('from', '{ namespaceSelector: {} }', `{ port: ${portOf(i)} }`));
      if (i % 100 === 5)
        egress.push(rule('to', '{ ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16] } }', '{ port: 443 }'));
      if (i % 100 === 7)
        ingress.push(
          rule('from', '{ namespaceSelector: { matchLabels: { team: t1 } } }', '{ port: 8000, endPort: 8999 }'),
        );
      writeSync(file, workload(name, i, portOf(i)));
      writeSync(file, policy(name, `w${i}`, `{ matchLabels: { app: w${i} } }`, ingress, egress));
    }
    closeSync(file);
  }
}

function workload(namespace: string, i: number, port: number): string {
  const labels = `{ app: w${i}, tier: ${i % 3 === 0 ? 'web' : 'api'} }`;
  return `---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: w${i}
  namespace: ${namespace}
spec:
  selector:
    matchLabels: { app: w${i} }
  template:
    metadata:
      labels: ${labels}
    spec:
      containers:
        - name: main
          image: example.org/w${i}:1
          ports: [{ containerPort: ${port}, name: main }]
`;
}

function policy(namespace: string, name: string, selector: string, ingress: string[], egress: string[]): string {
  const rules = (side: string, list: string[]) => (list.length > 0 ? `  ${side}:\n${list.join('')}` : '');
  return `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  podSelector: ${selector}
  policyTypes: [Ingress, Egress]
${rules('ingress', ingress)}${rules('egress', egress)}`;
}

function rule(field: 'from' | 'to', peer: string, port: string): string {
  return `    - ${field}: [${peer}]\n      ports: [${port}]\n`;
}
