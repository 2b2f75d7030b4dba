import type { Cluster } from '../model/cluster';
import type { ListedPods } from '../model/exposure-listing';
import type { Direction, Policy } from '../model/policy';
import { LabelBox } from '../sets/label-box';
import { PortSet } from '../sets/port-set';
import { oppositeOf } from './exposure';
import type { NamedPods } from './exposure-names';
import { groupedBy } from './grouping';
import { covers } from './open-world/uncovered';

/**
 * Finds boxes of pods that together are just those of a namespace that policies let do everything: where selectors ask for several labels, these are
 * many boxes.
 */
export class UnlimitedPods {
  constructor(private readonly cluster: Pick<Cluster, 'policies'>) {}

  /** The pods that a workload could reach (`egress`) or be reached by, listed; marked where several are together what no policy limits. */
  listed(direction: Direction, pods: readonly NamedPods[]): ListedPods[] {
    const place = ({ listed }: NamedPods) => `${listed.elsewhere ?? '\0'} ${listed.known.join()}`;
    const together = new Map<string, string>();
    const other = oppositeOf(direction);
    for (const [key, alike] of groupedBy(pods, place)) {
      const { elsewhere, known } = alike[0]!.listed;
      if (alike.length === 1 || elsewhere !== undefined) continue;
      const isWhole = known.every((namespace) => this.areUnlimited(other, namespace, alike));
      if (isWhole) together.set(key, `pods of ${known.join(' and ')} whose ${other} no policy limits`);
    }
    return pods.map((named) => {
      const text = together.get(place(named));
      return text === undefined ? named.listed : { ...named.listed, together: text };
    });
  }

  private areUnlimited(direction: Direction, namespace: string, pods: readonly NamedPods[]): boolean {
    const isolating = this.cluster.policies.filter(
      (policy) => policy.namespace === namespace && policy.isolates.includes(direction),
    );
    const limits = isolating.filter((policy) => !allowsAll(policy, direction)).map((policy) => policy.pods);
    const opened = isolating.filter((policy) => allowsAll(policy, direction)).map((policy) => boxOf(policy.pods));
    const areFree = pods.every(({ box }) => limits.every((limit) => covers(opened, boxOf(limit.intersect(box)))));
    const boxes = [...pods.map(({ box }) => box), ...limits].map(boxOf);
    return areFree && covers(boxes, boxOf(LabelBox.everything));
  }
}

function allowsAll({ rules }: Policy, direction: Direction): boolean {
  return rules.some(
    ({ direction: own, peers, ports }) =>
      own === direction && ports.equals(PortSet.all) && peers.some(({ kind }) => kind === 'everyone'),
  );
}

function boxOf(labels: LabelBox) {
  return { labels, addresses: undefined, ports: PortSet.all };
}
