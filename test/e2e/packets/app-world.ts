import { App } from 'cdk8s';
import { expect, vi } from 'vitest';
import { type Synthesized, synthesize } from '../../../lib/constructs/synthesizer';
import { AnyPort } from '../../../lib/model/port';
import type { ServiceModel } from '../../../lib/model/program';
import type { PodProps } from '../support/dataplane';
import { World } from './world';

/** Pods that no app declares: its peers outside, strangers, and a stranger who has the labels of somebody. */
const others: Omit<PodProps, 'address'>[] = [
  { namespace: 'kube-system', name: 'dns', labels: { 'k8s-app': 'kube-dns' } },
  { namespace: 'kube-system', name: 'stranger' },
  { namespace: 'monitoring', name: 'prometheus', labels: { 'app.kubernetes.io/name': 'prometheus' } },
  {
    namespace: 'ingress-nginx',
    name: 'controller',
    labels: { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' },
  },
  { namespace: 'elsewhere', name: 'stranger' },
  { namespace: 'elsewhere', name: 'frontend', labels: { 'app.kubernetes.io/name': 'frontend' } },
  { namespace: 'elsewhere', name: 'orders', labels: { 'app.kubernetes.io/name': 'orders' } },
];

/** The internet, private ranges, link-local services, and what the apps name. */
const outside = [
  '8.8.8.8',
  '10.20.0.9',
  '10.40.1.1',
  '10.40.9.1',
  '169.254.20.10',
  '169.254.169.254',
  '192.0.2.10',
  '203.0.113.7',
];

/** Beside what the apps declare: DNS, the API server, HTTPS, and a port that nobody names. */
const commonPorts = { TCP: [53, 443, 6443, 9999], UDP: [53, 8080] };

/** The pods of an app in one of its clusters, with one that no service names in each namespace, and `others` beside them. */
export function worldOf(result: Synthesized, cluster: string, replicas: number): Promise<World> {
  const services = result.program.services.filter((service) => clusterOf(service) === cluster);
  const namespaces = new Set(services.map(({ namespace }) => namespace.name));
  const unnamed = [...namespaces].map((namespace) => ({ namespace, name: 'unnamed', labels: { app: 'unnamed' } }));
  const pods = [...services.flatMap((service) => podsOf(service, replicas)), ...unnamed, ...others];
  const declared = services.flatMap(({ ports }) =>
    ports instanceof AnyPort ? [] : [...ports.values()].flatMap(numbersOf),
  );
  return World.start({
    namespaces: [...new Set(pods.map((pod) => pod.namespace))].map((name) => ({
      name,
      labels: labelsOf(result, name),
    })),
    pods: pods.map((pod, i) => ({ ...pod, address: `172.20.${Math.floor(i / 200)}.${(i % 200) + 1}` })),
    outside,
    ports: { ...commonPorts, TCP: [...new Set([...commonPorts.TCP, ...declared])] },
  });
}

/** A program runs when it is first imported, and then no more. */
const results = new Map<string, Synthesized>();

/** The app's own program, run up to where it would write. */
export async function synthesized(name: string): Promise<Synthesized> {
  const known = results.get(name);
  if (known) return known;
  let captured: App | undefined;
  vi.stubEnv('TIERWALL_AS_OF', '2026-11-24');
  const synth = vi.spyOn(App.prototype, 'synth').mockImplementation(function (this: App) {
    captured = this;
  });
  await import(`../../../apps/${name}/main.ts`);
  synth.mockRestore();
  const result = synthesize(captured!);
  expect(result.issues).toEqual([]);
  results.set(name, result);
  return result;
}

function clusterOf({ namespace }: ServiceModel): string {
  return namespace.environment.cluster;
}

function labelsOf({ program }: Synthesized, name: string): Readonly<Record<string, string>> {
  return program.namespaces.find((namespace) => namespace.name === name)?.labels ?? {};
}

function podsOf({ namespace, name, known, pods, ports }: ServiceModel, replicas: number): Omit<PodProps, 'address'>[] {
  const labels = known?.labels ?? Object.fromEntries(pods.keys.map((key) => [key, pods.valuesOf(key)![0]!]));
  const declared =
    ports instanceof AnyPort
      ? []
      : [...ports].flatMap(([portName, port]) =>
          numbersOf(port).map((number) => ({ name: portName, number, protocol: port.item.protocol as 'TCP' })),
        );
  return Array.from({ length: replicas }, (_, replica) => ({
    namespace: namespace.name,
    name: `${name}-${replica}`,
    labels,
    ports: declared,
  }));
}

function numbersOf({ item }: { readonly item: object }): number[] {
  if (!('first' in item && 'last' in item)) return [];
  return [...new Set([item.first as number, item.last as number])];
}
