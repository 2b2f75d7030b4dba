import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { describe, expect, it, test } from 'vitest';
import { neededOf } from '../../lib/cluster/needed-fields';
import { clusterOfObjects } from '../../lib/read/cluster';
import { problemsOf } from '../read/reading';
import { casesAt } from '../support/cases';

const apps = casesAt('apps', 'kube-prometheus');

/** What the objects come to, with no places. */
function meaning(objects: readonly unknown[]): string {
  let cluster: unknown;
  const problems = problemsOf(() => {
    cluster = clusterOfObjects(objects);
  });
  return JSON.stringify([problems, cluster], (key, value: unknown) => (key === 'policy' ? undefined : value), 1);
}

describe('what reading needs of an object', () => {
  it('is little of a pod that runs', () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'cart-5d9c-x2x',
        namespace: 'shop',
        uid: 'a-b',
        labels: { app: 'cart' },
        annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' },
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'cart-5d9c', uid: 'c', controller: true }],
        managedFields: [{ manager: 'kubelet', operation: 'Update', fieldsV1: { 'f:status': {} } }],
      },
      spec: {
        nodeName: 'one',
        containers: [
          { name: 'cart', image: 'cart:1', env: [{ name: 'A', value: 'b' }], ports: [{ containerPort: 7 }] },
        ],
        initContainers: [{ name: 'mesh', image: 'mesh', restartPolicy: 'Always', ports: [{ containerPort: 15 }] }],
        volumes: [{ name: 'token' }],
      },
      status: { phase: 'Running', podIP: '10.0.0.7', podIPs: [{ ip: '10.0.0.7' }], conditions: [{ type: 'Ready' }] },
    };
    expect(neededOf(pod)).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'cart-5d9c-x2x',
        namespace: 'shop',
        labels: { app: 'cart' },
        ownerReferences: [{ kind: 'ReplicaSet', name: 'cart-5d9c', controller: true }],
      },
      spec: {
        containers: [{ name: 'cart', ports: [{ containerPort: 7 }] }],
        initContainers: [{ name: 'mesh', restartPolicy: 'Always', ports: [{ containerPort: 15 }] }],
      },
      status: { phase: 'Running', podIP: '10.0.0.7', podIPs: [{ ip: '10.0.0.7' }] },
    });
    expect(meaning([neededOf(pod)])).toBe(meaning([pod]));
  });

  it('is all that says what a CronJob or a policy is', () => {
    const objects = loadAll(`
apiVersion: batch/v1
kind: CronJob
metadata: { name: report, namespace: shop }
spec:
  schedule: '* * * * *'
  jobTemplate:
    spec:
      template:
        metadata: { labels: { app: report } }
        spec: { hostNetwork: true, containers: [{ name: a, image: b, ports: [{ containerPort: 9, name: web }] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop, labels: { a: b }, annotations: { c: d }, resourceVersion: '7', uid: u }
spec: { podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: {} }] }] }
`);
    expect(meaning(objects.map(neededOf))).toBe(meaning(objects));
  });

  test.skipIf(apps === undefined)('changes nothing of what the manifests of kube-prometheus mean', () => {
    const files = readdirSync(apps!, { recursive: true, encoding: 'utf8' }).filter((file) => /\.ya?ml$/.test(file));
    const objects = files.map((file) => load(readFileSync(join(apps!, file), 'utf8')));
    expect(objects.length).toBeGreaterThan(20);
    expect(meaning(objects.map(neededOf))).toBe(meaning(objects));
  });
});
