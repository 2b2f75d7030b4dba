import { expect, test } from 'vitest';
import { overlay } from '../../lib/analysis/overlay';
import { clusterOfTexts } from '../../lib/read/cluster';

const policy = (name: string, spec: string) =>
  `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: ${spec}\n`;
const read = (text: string) => clusterOfTexts([{ file: 'all.yaml', text }]);

test('what is applied takes the place of what has its name, and all else stays, with the labels of namespaces', () => {
  const pods =
    'apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {containers: [{name: a}]}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: a}}\n';
  const live = read(pods + policy('a', '{podSelector: {}}') + policy('b', '{podSelector: {}}'));
  const after = overlay(
    live,
    read(policy('b', '{podSelector: {matchLabels: {app: x}}}') + policy('c', '{podSelector: {}}')),
  );
  expect(after.policies.map(({ name, pods: own }) => `${name} {${own}}`)).toEqual(['a {}', 'b {app=x}', 'c {}']);
  expect(after.workloads.map(({ name }) => name)).toEqual(['web']);
  expect(after.namespaces.map(({ labels }) => labels)).toEqual([{ team: 'a', 'kubernetes.io/metadata.name': 'shop' }]);
});
