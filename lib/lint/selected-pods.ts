import { ClassIndex } from '../analysis/connectivity/class-index';
import { type PodClass, podClasses } from '../analysis/connectivity/pod-classes';
import type { Cluster, PlacedWorkload } from '../model/cluster';
import type { RulePeer } from '../model/policy';
import type { LabelBox } from '../sets/label-box';

/** Finds the known workloads that a selector picks, through an index of their labels. */
export class SelectedPods {
  private readonly classes: readonly PodClass[];
  private readonly index: ClassIndex;
  private readonly inNamespaces: ReadonlyMap<string, readonly PlacedWorkload[]>;

  constructor(private readonly cluster: Cluster) {
    this.classes = podClasses(cluster);
    this.index = new ClassIndex(this.classes, cluster.namespaces);
    const found = new Map<string, PlacedWorkload[]>();
    for (const workload of cluster.workloads) {
      const list = found.get(workload.namespace);
      if (list) list.push(workload);
      else found.set(workload.namespace, [workload]);
    }
    this.inNamespaces = found;
  }

  /** Of one namespace, by a policy's podSelector. */
  selected(namespace: string, pods: LabelBox): readonly PlacedWorkload[] {
    return this.index.inNamespace(namespace, pods).flatMap((index) => this.classes[index]!.workloads);
  }

  /** By a peer with selectors. */
  ofPeer({ namespaces, pods }: Extract<RulePeer, { kind: 'pods' }>): readonly PlacedWorkload[] {
    return this.index.select(namespaces, pods).members.flatMap((index) => this.classes[index]!.workloads);
  }

  /** All of a namespace. */
  in(namespace: string): readonly PlacedWorkload[] {
    return this.inNamespaces.get(namespace) ?? [];
  }

  /** The known namespaces that a namespaceSelector picks. */
  namespaces(selector: LabelBox): readonly string[] {
    return this.cluster.namespaces.filter(({ labels }) => selector.matches(labels)).map(({ name }) => name);
  }
}
