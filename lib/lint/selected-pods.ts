import type { ClassSet } from '../analysis/connectivity/class-set';
import type { Connectivity } from '../analysis/connectivity/connectivity';
import type { PlacedWorkload } from '../model/cluster';
import type { RulePeer } from '../model/policy';
import { namespaceNameKey } from '../model/selector';
import type { LabelBox } from '../sets/label-box';

/** Finds the known workloads that a selector picks, through an index of their labels. */
export class SelectedPods {
  private readonly inNamespaces: ReadonlyMap<string, readonly PlacedWorkload[]>;

  // Rules ask with the very boxes that were read.
  private readonly selections = new Map<string, Map<LabelBox, readonly PlacedWorkload[]>>();
  private readonly ofPeers = new Map<LabelBox, Map<LabelBox, readonly PlacedWorkload[]>>();
  private readonly ofClasses = new WeakMap<ClassSet, readonly PlacedWorkload[]>();
  private readonly namespacesFound = new Map<string, readonly string[]>();

  constructor(private readonly connectivity: Connectivity) {
    const { cluster } = connectivity;
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
    return known(this.selections, namespace, pods, () =>
      this.workloadsOf(this.connectivity.index.inNamespace(namespace, pods)),
    );
  }

  /** By a peer with selectors. */
  ofPeer({ namespaces, pods }: Extract<RulePeer, { kind: 'pods' }>): readonly PlacedWorkload[] {
    return known(this.ofPeers, namespaces, pods, () => {
      const picked = this.connectivity.index.select(namespaces, pods);
      const workloads = this.ofClasses.get(picked) ?? this.workloadsOf(picked.members);
      this.ofClasses.set(picked, workloads);
      return workloads;
    });
  }

  /** All of a namespace. */
  in(namespace: string): readonly PlacedWorkload[] {
    return this.inNamespaces.get(namespace) ?? [];
  }

  /** Whether workloads are known of every namespace that a namespaceSelector may pick: one that names none may pick others than are in the input. */
  areKnownIn(selector: LabelBox): boolean {
    return selector.valuesOf(namespaceNameKey)?.every((name) => this.in(name).length > 0) ?? false;
  }

  /** The known namespaces that a namespaceSelector picks. */
  namespaces(selector: LabelBox): readonly string[] {
    const key = selector.toString();
    let names = this.namespacesFound.get(key);
    if (!names) {
      const { namespaces } = this.connectivity.cluster;
      names = namespaces.filter(({ labels }) => selector.matches(labels)).map(({ name }) => name);
      this.namespacesFound.set(key, names);
    }
    return names;
  }

  private workloadsOf(classes: readonly number[]): readonly PlacedWorkload[] {
    return classes.flatMap((index) => this.connectivity.classes[index]!.workloads);
  }
}

function known<Key, Value>(found: Map<Key, Map<LabelBox, Value>>, key: Key, box: LabelBox, find: () => Value): Value {
  let own = found.get(key);
  if (!own) {
    own = new Map();
    found.set(key, own);
  }
  let value = own.get(box);
  if (value === undefined) {
    value = find();
    own.set(box, value);
  }
  return value;
}
