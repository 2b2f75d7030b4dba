import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { calico } from '../../../lib/model/cni/calico';
import { casesAt } from '../../support/cases';
import { Engines } from '../../support/engines';
import { cellsOf, clusterOfStep, type Matrix, type MatrixStep } from '../../support/matrix-case';
import { ControlPlane } from '../support/control-plane';
import { Dataplane, nameOf } from '../support/dataplane';
import { describeWith } from '../support/describe-with';
import { dataplane as needed } from '../support/requirements';
import { differences, type Expected } from './compare';
import { replacePolicies } from './policies';

type Pod = MatrixStep['pods'][number];

interface Step extends MatrixStep {
  readonly policies: readonly { readonly metadata: { readonly name: string; readonly namespace: string } }[];
  readonly probe: { readonly port: number; readonly protocol: 'TCP' | 'UDP' | 'SCTP' };
  readonly expectedMatrix: Matrix;
}

const file = casesAt('k8s-e2e', 'cases.json');
const { podOrder, cases }: { podOrder: string[]; cases: { id: string; title: string; steps: Step[] }[] } = file
  ? JSON.parse(readFileSync(file, 'utf8'))
  : { podOrder: [], cases: [] };
const steps = cases.flatMap((one) => one.steps);
const isSent = ({ probe }: Step) => probe.protocol !== 'SCTP';

/** Each pod with all ports that it declares in some case: a container's ports cannot be changed. */
const pods = new Map<string, Pod>();
for (const pod of steps.flatMap((step) => step.pods)) {
  const { ports = [] } = pods.get(nameOf(pod)) ?? {};
  const more = pod.ports.filter(({ name }) => !ports.some((port) => port.name === name));
  pods.set(nameOf(pod), { ...pod, ports: [...ports, ...more] });
}

describeWith(needed, "packets in the reachability cases of Kubernetes' own e2e suite", () => {
  let plane: ControlPlane;
  let dataplane: Dataplane;
  beforeAll(async () => {
    if (!file) return;
    plane = await ControlPlane.start();
    dataplane = await Dataplane.start(plane);
    for (const { name } of steps[0]!.namespaces) await plane.namespace(name);
    const list = [...pods.values()];
    await dataplane.add(
      list.map((pod) => ({
        ...pod,
        address: pod.ip,
        ports: pod.ports.map(({ port, ...rest }) => ({ ...rest, number: port })) as never,
      })),
    );
    for (const pod of list)
      for (const protocol of ['TCP', 'UDP'] as const) await dataplane.serve(pod, protocol, [80, 81]);
  });
  afterAll(() => plane?.stop());

  for (const { id, title, steps } of cases) {
    const isAnySent = steps.some(isSent);
    const left = isAnySent ? '' : ' (not sent: SCTP, which the kernel may lack)';
    test.skipIf(!isAnySent)(`${id} ${title}${left}`, async () => {
      for (const [number, step] of steps.filter(isSent).entries()) {
        await label(step);
        await replacePolicies(plane, step.policies);
        await dataplane.settle();
        expect([number, engineDifferences(step)]).toEqual([number, []]);
        expect([number, await differences(dataplane, expectedOf(step))]).toEqual([number, []]);
      }
    });
  }
  if (!file) test.skip('../shared/cases is absent', () => {});

  /** Labels are what steps change of pods and namespaces. */
  async function label(step: Step): Promise<void> {
    const namespaces = step.namespaces.map(({ name, labels }) => ({ path: `/api/v1/namespaces/${name}`, labels }));
    const ofPods = step.pods.map(({ namespace, name, labels }) => ({
      path: `/api/v1/namespaces/${namespace}/pods/${name}`,
      labels,
    }));
    for (const { path, labels } of [...namespaces, ...ofPods]) {
      const patch = [{ op: 'add', path: '/metadata/labels', value: labels }];
      await plane.admin.done('PATCH', path, patch, 'application/json-patch+json');
    }
  }
});

/** What the engine says otherwise under Calico's profile. */
function engineDifferences(step: Step): string[] {
  const engines = new Engines(clusterOfStep(step), calico);
  return expectedOf(step).flatMap(({ from, to, port, protocol, expected }) => {
    const { connectivity } = engines.answers(engines.pod(from.name), engines.pod(to.name), protocol, port);
    return connectivity === expected
      ? []
      : [`${from.name} to ${to.name}: ${connectivity} by the engine, but ${expected}`];
  });
}

function expectedOf(step: Step): Expected[] {
  const target = (name: string) => ({ name, address: pods.get(name)!.ip });
  return cellsOf(step.expectedMatrix, podOrder)
    .filter(({ expected }) => expected !== '#')
    .map(({ source, destination, expected }) => ({
      from: target(source),
      to: target(destination),
      port: step.probe.port,
      protocol: step.probe.protocol as 'TCP' | 'UDP',
      expected: expected === '.' ? 'allowed' : 'denied',
    }));
}
