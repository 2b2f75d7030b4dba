import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const perNamespace = 20;
const ports = [80, 443, 3306, 5432, 6379, 7070, 8080, 8443, 9090, 9200];
/** How far away a callee is at most, so that namespaces talk to some others and not to all. */
const reach = 200;

/** How a cluster's policies are written: a document each, a `NetworkPolicyList` a namespace in files of their own, or not at all. */
export type PolicyLayout = 'documents' | 'lists' | 'none';

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

export function namespaceOf(i: number): string {
  return `ns-${Math.floor(i / perNamespace)}`;
}

export function portOf(i: number): number {
  return ports[i % ports.length]!;
}

/** By namespace number, the label `team` of the namespace. */
function teamOf(namespace: number): string {
  return `t${namespace % 7}`;
}

/** The labels of the namespace of a workload, without its name. */
export function namespaceLabelsOf(i: number): Readonly<Record<string, string>> {
  return { team: teamOf(Math.floor(i / perNamespace)) };
}

export function podLabelsOf(i: number): Readonly<Record<string, string>> {
  return { app: `w${i}`, tier: i % 3 === 0 ? 'web' : 'api' };
}

/** The two others that each workload calls. @param workloads at least 3 */
export function calleesOf(workloads: number): readonly (readonly number[])[] {
  const draw = random(workloads);
  const span = Math.min(workloads - 1, reach);
  return Array.from({ length: workloads }, (_, i) => {
    const first = 1 + Math.floor(draw() * span);
    const other = 1 + Math.floor(draw() * (span - 1));
    const second = other < first ? other : other + 1;
    return [(i + first) % workloads, (i + second) % workloads];
  });
}

/**
 * Manifests of a made-up cluster: namespaces of 20 workloads, default deny in both directions, and for each workload one policy with two
 * edges to others, opened on both sides, on ten ports. One in a hundred is open to every namespace, one may talk to a range of
 * addresses, and one is open to the namespaces of a team on a range of ports. One file for each namespace, or two where policies are lists.
 */
export function writeCluster(folder: string, workloads: number, layout: PolicyLayout = 'documents'): void {
  const callees = calleesOf(workloads);
  const callers: number[][] = Array.from({ length: workloads }, () => []);
  for (const [i, list] of callees.entries()) for (const callee of list) callers[callee]!.push(i);

  for (let first = 0; first < workloads; first += perNamespace) {
    const own = Array.from({ length: Math.min(perNamespace, workloads - first) }, (_, k) => first + k);
    const name = namespaceOf(first);
    const objects = [namespace(name, teamOf(first / perNamespace)), ...own.map((i) => workload(name, i))];
    const policies = [
      policy(name, 'default-deny', '{}', [], []),
      ...own.map((i) =>
        policy(name, `w${i}`, `{ matchLabels: { app: w${i} } }`, ingress(i, callers[i]!), egress(i, callees[i]!)),
      ),
    ];
    if (layout === 'documents') write(folder, `${name}.yaml`, [...objects, ...policies].join('---\n'));
    else write(join(folder, 'workloads'), `${name}.yaml`, objects.join('---\n'));
    if (layout === 'lists') write(join(folder, 'policies'), `${name}.yaml`, listOf(policies));
  }
}

function write(folder: string, name: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  const file = openSync(join(folder, name), 'w');
  writeSync(file, text);
  closeSync(file);
}

function ingress(i: number, callers: readonly number[]): string[] {
  const rules = callers.map((caller) => rule('from', pods(caller), `{ port: ${portOf(i)} }`));
  if (i % 100 === 3) rules.push(rule('from', '{ namespaceSelector: {} }', `{ port: ${portOf(i)} }`));
  if (i % 100 === 7) {
    rules.push(rule('from', '{ namespaceSelector: { matchLabels: { team: t1 } } }', '{ port: 8000, endPort: 8999 }'));
  }
  return rules;
}

function egress(i: number, callees: readonly number[]): string[] {
  const rules = callees.map((callee) => rule('to', pods(callee), `{ port: ${portOf(callee)} }`));
  if (i % 100 === 5) {
    rules.push(rule('to', '{ ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16] } }', '{ port: 443 }'));
  }
  return rules;
}

function pods(i: number): string {
  return `{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ${namespaceOf(i)} } }, podSelector: { matchLabels: { app: w${i} } } }`;
}

function namespace(name: string, team: string): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels:\n    team: ${team}\n`;
}

function workload(namespace: string, i: number): string {
  const { app, tier } = podLabelsOf(i);
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: w${i}
  namespace: ${namespace}
spec:
  selector:
    matchLabels: { app: ${app} }
  template:
    metadata:
      labels: { app: ${app}, tier: ${tier} }
    spec:
      containers:
        - name: main
          image: example.org/w${i}:1
          ports: [{ containerPort: ${portOf(i)}, name: main }]
`;
}

function policy(namespace: string, name: string, selector: string, ingress: string[], egress: string[]): string {
  const rules = (side: string, list: string[]) => (list.length > 0 ? `  ${side}:\n${list.join('')}` : '');
  return `apiVersion: networking.k8s.io/v1
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

function listOf(policies: readonly string[]): string {
  const items = policies.map((text) => `  - ${text.trimEnd().replaceAll('\n', '\n    ')}\n`);
  return `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicyList\nitems:\n${items.join('')}`;
}
