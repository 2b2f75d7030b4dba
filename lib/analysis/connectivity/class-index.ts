import type { KnownNamespace } from '../../model/cluster';
import { namespaceNameKey } from '../../model/selector';
import type { LabelBox } from '../../sets/label-box';
import { ClassSet } from './class-set';
import type { PodClass } from './pod-classes';

/** The classes with one label, by namespace. */
interface Places {
  readonly byNamespace: Map<string, number[]>;
  count: number;
}

/**
 * Finds the classes that a selector picks without trying each: by the label, of those that the selector asks for, that the
 * fewest pods have. Equal selectors give the same set.
 */
export class ClassIndex {
  private readonly everywhere: Places = { byNamespace: new Map(), count: 0 };
  private readonly byLabel = new Map<string, Places>();
  private readonly namespaceNames = new Map<string, readonly string[]>();
  private readonly selected = new Map<string, ClassSet>();

  constructor(
    private readonly classes: readonly PodClass[],
    private readonly namespaces: readonly KnownNamespace[],
  ) {
    for (const { index, end } of classes) {
      add(this.everywhere, end.namespace, index);
      for (const [key, value] of Object.entries(end.labels)) {
        const label = labelKey(key, value);
        let places = this.byLabel.get(label);
        if (!places) {
          places = { byNamespace: new Map(), count: 0 };
          this.byLabel.set(label, places);
        }
        add(places, end.namespace, index);
      }
    }
  }

  select(namespaces: LabelBox, pods: LabelBox): ClassSet {
    const key = `${namespaces}\0${pods}`;
    let set = this.selected.get(key);
    if (!set) {
      set = new ClassSet(this.find(this.namesOf(namespaces), pods), this.classes.length);
      this.selected.set(key, set);
    }
    return set;
  }

  /** The classes of one namespace that a policy's podSelector picks. */
  inNamespace(namespace: string, pods: LabelBox): number[] {
    return this.find([namespace], pods);
  }

  private find(names: readonly string[], pods: LabelBox): number[] {
    const picked = (places: Places) => {
      // A label that few namespaces hold is quicker than all namespaces that the selector picks.
      const few = places.byNamespace.size < names.length;
      const within = few ? new Set(names) : undefined;
      const where = within ? [...places.byNamespace.keys()].filter((name) => within.has(name)) : names;
      return where.flatMap((name) => places.byNamespace.get(name) ?? []);
    };
    const candidates = this.fewest(pods).flatMap(picked);
    return pods.isEverything ? candidates : candidates.filter((i) => pods.matches(this.classes[i]!.end.labels));
  }

  /** Where pods may be that the selector picks: those with one of the values that it asks for, of the key with the fewest such pods. */
  private fewest(pods: LabelBox): readonly Places[] {
    let fewest: readonly Places[] = [this.everywhere];
    let least = this.everywhere.count;
    for (const key of pods.keys) {
      const values = pods.valuesOf(key);
      if (!values) continue;
      const places = values.map((value) => this.byLabel.get(labelKey(key, value))).filter((p) => p !== undefined);
      const count = places.reduce((sum, p) => sum + p.count, 0);
      if (count <= least) [fewest, least] = [places, count];
    }
    return fewest;
  }

  private namesOf(box: LabelBox): readonly string[] {
    const key = box.toString();
    let names = this.namespaceNames.get(key);
    if (!names) {
      const pinned = box.keys.length === 1 ? box.valuesOf(namespaceNameKey) : undefined;
      names = pinned ?? this.namespaces.filter(({ labels }) => box.matches(labels)).map(({ name }) => name);
      this.namespaceNames.set(key, names);
    }
    return names;
  }
}

function labelKey(key: string, value: string): string {
  return `${key}\0${value}`;
}

function add(places: Places, namespace: string, index: number): void {
  places.count++;
  const list = places.byNamespace.get(namespace);
  if (list) list.push(index);
  else places.byNamespace.set(namespace, [index]);
}
