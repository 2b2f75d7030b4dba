import { expect, test } from 'vitest';
import { deployment, documents, policy } from '../../../lib/lint/examples';
import { linted, ruleNamed } from '../linted';

const prometheus = 'apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: { name: k8s, namespace: shop }\n';
const selecting = (name: string) =>
  documents(
    deployment('grafana'),
    policy('p', `podSelector: { matchLabels: { app: ${name} } }\npolicyTypes: [Ingress]`),
  );
const severities = (yaml: string) =>
  linted(yaml, [ruleNamed('no-unmatched-pod-selector')]).map(({ severity }) => severity);

test('where an operator may run what is meant, it is said which of its kinds were not read', () => {
  const monitor = prometheus.replace('kind: Prometheus', 'kind: ServiceMonitor');
  const hints = (name: string) =>
    linted(documents(selecting(name), prometheus, monitor), [ruleNamed('no-unmatched-pod-selector')]).map(
      ({ hint }) => hint,
    );
  expect(hints('prometheus')).toEqual([
    'pods there are labelled `app=grafana`; pods that an operator runs for `Prometheus` are not read',
  ]);
  expect(hints('unlike')).toEqual([
    'pods there are labelled `app=grafana`; pods that an operator runs for `Prometheus`, `ServiceMonitor` are not read',
  ]);
});

test('what matches nothing is only noted where an operator may run it, unless it looks like a slip', () => {
  expect(severities(selecting('prometheus'))).toEqual(['warning']);
  expect(severities(documents(selecting('prometheus'), prometheus))).toEqual(['info']);
  expect(severities(documents(selecting('grafna'), prometheus))).toEqual(['warning']);
});
