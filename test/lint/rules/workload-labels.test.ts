import { describe, expect, test } from 'vitest';
import { deployment, documents, policy } from '../../../lib/lint/examples';
import { rangeAt } from '../../../lib/read/written-range';
import { linted, ruleNamed } from '../linted';

const deny = policy('deny', 'podSelector: {}\npolicyTypes: [Ingress, Egress]');
const pod = (labels: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  labels: ${labels}
spec: { containers: [{ name: web, image: web }] }
`;

describe('a workload that no policy is for', () => {
  test.for([
    [
      'no-unnamed-workload',
      documents(pod('{ app: web }'), policy('deny', 'podSelector: {}\npolicyTypes: [Ingress, Egress]')),
    ],
    ['no-unselected-workload', pod('{ app: web }')],
  ] as const)('is underlined at its name: %s', ([id, yaml]) => {
    const [found] = linted(yaml, [ruleNamed(id)]);
    expect(rangeAt(found!.place)).toMatchObject({ range: { line: 4, column: 3, endColumn: 12 } });
  });

  test.for([
    ['{ app: web, version: "7" }', 'its pods are labelled `app=web,version=7`', '{ app: web }'],
    ['{ "a/b": "on", app: web }', 'its pods are labelled `a/b=on,app=web`', '{ a/b: "on", app: web }'],
  ] as const)('is told with its labels %s, and with what would select it', ([labels, told, selector]) => {
    const [unnamed] = linted(documents(pod(labels), deny), [ruleNamed('no-unnamed-workload')]);
    expect(unnamed!.hint).toBe(
      `${told}; if it is to talk to anybody, write a policy for it, with \`podSelector: { matchLabels: ${selector} }\``,
    );
    const [unselected] = linted(pod(labels), [ruleNamed('no-unselected-workload')]);
    expect(unselected!.hint).toBe(
      `${told}; write a policy for it, with \`podSelector: { matchLabels: ${selector} }\`, or a default deny for its namespace`,
    );
  });

  test('that has no labels is to get some first', () => {
    const [unnamed] = linted(documents(pod('{}'), deny), [ruleNamed('no-unnamed-workload')]);
    expect(unnamed!.hint).toBe(
      'its pods have no labels; if it is to talk to anybody, label them, and write a policy for that label',
    );
    const [unselected] = linted(pod('{}'), [ruleNamed('no-unselected-workload')]);
    expect(unselected!.hint).toBe(
      'its pods have no labels; label them and write a policy for that label, or a default deny for its namespace',
    );
  });

  test('is selected by the labels that its own controller goes by', () => {
    const yaml = deployment('web').replace('labels: { app: web', 'labels: { tier: front, app: web');
    const [found] = linted(yaml, [ruleNamed('no-unselected-workload')]);
    expect(found!.hint).toContain('labelled `app=web,tier=front`');
    expect(found!.hint).toContain('`podSelector: { matchLabels: { app: web } }`');
  });
});
