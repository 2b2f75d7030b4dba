import type { Cluster, PlacedWorkload } from '../model/cluster';
import type { Policy } from '../model/policy';
import type { LabelBox } from '../sets/label-box';

/**
 * Pods for what policies select in namespaces of which the input has no workloads: for each selector one that carries just what it asks for, called as
 * in `{app=web}`. What a selector leaves open is chosen so that as few other policies as possible select the pod.
 */
export function standInsOf({ policies, workloads }: Pick<Cluster, 'policies' | 'workloads'>): PlacedWorkload[] {
  const known = new Set(workloads.map(({ namespace }) => namespace));
  const found = new Map<string, PlacedWorkload>();
  for (const policy of policies) {
    const { namespace, pods, place } = policy;
    const name = `{${pods}}`;
    if (known.has(namespace) || pods.isEmpty || found.has(`${namespace}/${name}`)) continue;
    const podLabels = labelsFor(
      pods,
      policies.filter((other) => other.namespace === namespace),
    );
    const selector = { matchLabels: podLabels };
    const spec = { kind: 'Pod', network: 'pod', ports: [], addresses: [] } as const;
    found.set(`${namespace}/${name}`, { ...spec, name, namespace, podLabels, selector, place });
  }
  return [...found.values()];
}

function labelsFor(box: LabelBox, policies: readonly Policy[]): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const requirement of box.requirements()) {
    const { key, operator, values = [] } = requirement;
    const mentions = (value: string) => policies.filter(({ pods }) => pods.mentioned(key).includes(value)).length;
    if (operator === 'In') labels[key] = [...values].sort((a, b) => mentions(a) - mentions(b))[0]!;
    if (operator === 'Exists') labels[key] = unmentioned((value) => mentions(value) > 0);
  }
  return labels;
}

function unmentioned(isMentioned: (value: string) => boolean): string {
  for (let n = 0; ; n++) if (!isMentioned(`any${n || ''}`)) return `any${n || ''}`;
}
