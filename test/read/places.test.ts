import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, test } from 'vitest';
import { placeToString } from '../../lib/model/issue';
import { readCluster } from '../../lib/read/cluster';
import { DocumentLines } from '../../lib/read/document-lines';
import { clusterOf } from './reading';

const text = `apiVersion: v1
kind: Service
metadata: {name: first}
---
# a comment
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: cart
  labels:
    app.kubernetes.io/name: cart
spec:
  podSelector:
    matchLabels: &labels
      app: cart
  ingress:
    - from:
        - podSelector: {matchLabels: *labels}
        - podSelector:
            matchLabels:
              app: web
      ports: [{port: 80},
        {port: 81}]
    - {}
`;

test.for([
  ['metadata.name', 9],
  ['metadata.labels[app.kubernetes.io/name]', 11],
  ['spec', 12],
  ['spec.podSelector.matchLabels.app', 15],
  ['spec.ingress', 16],
  ['spec.ingress[0]', 17],
  ['spec.ingress[0].from[0].podSelector', 18],
  ['spec.ingress[0].from[1]', 19],
  ['spec.ingress[0].from[1].podSelector.matchLabels.app', 21],
  ['spec.ingress[0].ports[0].port', 22],
  ['spec.ingress[0].ports[1].port', 23],
  ['spec.ingress[1]', 24],
  // What is not written is at the nearest field above it.
  ['spec.egress[2].to', 12],
  ['spec.ingress[7]', 16],
  ['spec.ingress[1].from', 24],
  ['spec.ingress[0].from[0].podSelector.matchLabels.app', 18],
  ['nothing', 6],
  ['', 6],
] as const)('the line of `%s` is %i', ([field, line]) => {
  const [policy] = clusterOf(text).policies;
  expect(policy?.place.at(field).line).toBe(line);
});

it('an item of a List has the lines of its own fields', () => {
  const [a, b] = clusterOf(`kind: List
items:
  - {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}}
  - apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: b}
    spec:
      ingress:
        - {}
`).policies;
  expect([a?.place.line, a?.place.field, b?.place.line, b?.place.field]).toEqual([3, 'items[0]', 4, 'items[1]']);
  expect(b?.rules[0]?.place.field).toBe('items[1].spec.ingress[0]');
  expect(b?.rules[0]?.place.line).toBe(9);
});

it('JSON has lines', () => {
  const json =
    '{\n "apiVersion": "networking.k8s.io/v1",\n "kind": "NetworkPolicy",\n "metadata": {"name": "a"},\n "spec": {\n  "ingress": [\n   {}\n  ]\n }\n}';
  expect(clusterOf(json).policies[0]?.rules[0]?.place.line).toBe(7);
});

it('a place shows its file, line and field as text and as JSON', () => {
  const place = clusterOf(text, 'shop.yaml').policies[0]?.rules[1]?.place;
  expect(place && placeToString(place)).toBe('shop.yaml:24 spec.ingress[1]');
  expect(JSON.parse(JSON.stringify(place))).toEqual({ file: 'shop.yaml', line: 24, field: 'spec.ingress[1]' });
});

it('lines are looked up in the file when they are asked for, and are unknown once it is gone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tierwall-'));
  const file = join(folder, 'a.yaml');
  writeFileSync(file, text);
  const { policies } = await readCluster(['a.yaml'], { cwd: folder });
  expect(policies[0]?.place.at('spec').line).toBe(12);
  const { services } = await readCluster(['a.yaml'], { cwd: folder });
  rmSync(folder, { recursive: true });
  expect(services[0]?.place.line).toBeUndefined();
  expect(services[0] && placeToString(services[0].place)).toBe('a.yaml');
});

test('places in a list of many objects are looked up at a cost that does not grow with the list', () => {
  const count = 10_000;
  const items = Array.from(
    { length: count },
    (_, i) => `- metadata: { name: p${i} }\n  spec: { podSelector: { app: web } }\n`,
  );
  const lines = DocumentLines.of(`apiVersion: v1\nkind: List\nitems:\n${items.join('')}`);
  const start = process.cpuUsage();
  const found = items.map((_, i) => lines.hasAliases(0) || lines.lineOf(0, `items[${i}].spec`));
  const { user } = process.cpuUsage(start);
  expect(found).toEqual(items.map((_, i) => 4 + 2 * i));
  expect(user / 1e6).toBeLessThan(2);
});
