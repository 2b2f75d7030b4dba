import type { Cluster, PlacedWorkload } from '../model/cluster';
import type { ListedPods } from '../model/exposure-listing';
import { namespaceNameKey } from '../model/selector';
import { LabelBox } from '../sets/label-box';
import { namesOnly } from './exposure-joining';
import { groupedBy } from './grouping';

export interface NamedPods {
  readonly listed: ListedPods;
  /** Labels of the pods. */
  readonly box: LabelBox;
  readonly are: 'stranger' | 'workload';
  /** Wider spaces have smaller ranks. */
  readonly rank: number;
}

/** More names are counted instead. */
const mostNames = 3;

/** Gives spaces of pods short names. */
export class ExposureNames {
  private readonly all: readonly string[];
  private readonly labels: ReadonlyMap<string, Readonly<Record<string, string>>>;
  private readonly workloads: ReadonlyMap<string, readonly PlacedWorkload[]>;
  private readonly known = new Map<string, boolean>();
  private readonly named = new Map<string, readonly NamedPods[]>();

  constructor(cluster: Pick<Cluster, 'namespaces' | 'workloads'>) {
    this.workloads = groupedBy(cluster.workloads, ({ namespace }) => namespace);
    this.all = cluster.namespaces.map(({ name }) => name).sort();
    this.labels = new Map(cluster.namespaces.map(({ name, labels }) => [name, labels] as const));
  }

  /**
   * Pods of one box of labels, in namespaces that some box holds: one name for namespaces of the input and others together where a
   * selector of namespaces picks just these.
   */
  of(namespaces: readonly LabelBox[], pods: LabelBox): readonly NamedPods[] {
    const key = `${pods}\n${namespaces.map(String).sort().join('\n')}`;
    let found = this.named.get(key);
    if (!found) {
      found = this.find(namespaces, pods);
      this.named.set(key, found);
    }
    return found;
  }

  /** The same by parts: those of which workloads of all the namespaces have the values, and others. */
  partsOf(namespaces: readonly LabelBox[], pods: LabelBox): NamedPods[] {
    const names = namespaces.every((box) => namesOnly(box)) ? namespaces.flatMap((box) => namesOnly(box)!) : [];
    let parts = [pods];
    for (const key of names.length > 0 ? pods.keys : []) {
      parts = parts.flatMap((part) => {
        const values = part.valuesOf(key) ?? [];
        const had = values.filter((value) => this.areWorkloads(names, part.withValues(key, [value])));
        if (had.length === 0 || had.length === values.length) return [part];
        const others = values.filter((value) => !had.includes(value));
        return [part.withValues(key, had), part.withValues(key, others)];
      });
    }
    return parts.flatMap((part) => this.of(namespaces, part));
  }

  private find(namespaces: readonly LabelBox[], pods: LabelBox): NamedPods[] {
    const names = new Set(namespaces.flatMap((box) => namesOnly(box) ?? []));
    const elsewhere = namespaces.filter((box) => !namesOnly(box)).map((box) => this.withoutKnownNames(box));
    const result: NamedPods[] = [];
    for (const box of widestFirst(elsewhere)) {
      const picked = this.all.filter((name) => box.matches(this.labels.get(name)!));
      const missing = picked.filter((name) => !names.has(name));
      const held = picked.filter((name) => names.has(name));
      const whole = missing.length === 0;
      const few = missing.length <= mostNames && held.length > missing.length;
      const inside = whole || few ? held : [];
      for (const name of inside) names.delete(name);
      const which = box.isEverything ? 'any namespace' : `namespaces with {${shortened(box)}}`;
      const except = whole ? '' : few ? ` but ${missing.join(' and ')}` : ' outside the input';
      result.push(this.name(inside, box, pods, which + except));
    }
    const rest = [...names].sort();
    if (rest.length > 0) result.push(this.name(rest, undefined, pods, this.namesText(rest)));
    return result;
  }

  private namesText(names: readonly string[]): string {
    const missing = this.all.filter((name) => !names.includes(name));
    if (missing.length === 0 && names.length > 1) return 'any namespace of the input';
    if (names.length <= mostNames) return names.join(' and ');
    if (missing.length <= mostNames) return `any namespace of the input but ${missing.join(' and ')}`;
    return `${names.slice(0, mostNames).join(', ')} and ${names.length - mostNames} more namespaces`;
  }

  private name(known: readonly string[], box: LabelBox | undefined, pods: LabelBox, which: string): NamedPods {
    const text = `${pods.isEverything ? 'any pod' : `pods with {${shortened(pods)}}`} of ${which}`;
    const listed = { text, known, ...(box ? { elsewhere: `${box}` } : {}), labels: `${pods}` };
    const rank = (pods.isEverything ? 0 : 2) + (box ? (box.isEverything ? 0 : 4) : 8);
    return { listed, box: pods, are: !box && this.areWorkloads(known, pods) ? 'workload' : 'stranger', rank };
  }

  /** What a box of namespaces outside the input asks for beside being outside. */
  private withoutKnownNames(box: LabelBox): LabelBox {
    const others = box.mentioned(namespaceNameKey).filter((name) => !this.labels.has(name));
    const labels = box.renamed((key) => (key === namespaceNameKey ? undefined : key));
    if (others.length === 0) return labels;
    return labels.intersect(LabelBox.of([{ key: namespaceNameKey, operator: 'NotIn', values: others }]));
  }

  /** Whether the box asks for values, all of which workloads have in each of the namespaces: a value that none has makes it one of others too. */
  private areWorkloads(names: readonly string[], pods: LabelBox): boolean {
    const asked = pods.keys.flatMap((key) => (pods.valuesOf(key) ?? []).map((value) => [key, value] as const));
    if (asked.length === 0) return false;
    return names.every((name) => {
      const id = `${name} ${pods}`;
      let fits = this.known.get(id);
      if (fits === undefined) {
        const there = this.workloadsOf(name, pods);
        fits = asked.every(([key, value]) => there.some(({ podLabels }) => podLabels[key] === value));
        this.known.set(id, fits);
      }
      return fits;
    });
  }

  /** Those whose pods the box holds. */
  workloadsOf(namespace: string, pods: LabelBox): PlacedWorkload[] {
    return (this.workloads.get(namespace) ?? []).filter(({ podLabels }) => pods.matches(podLabels));
  }
}

/** Long lists of values cut, for a person. */
function shortened(box: LabelBox): string {
  return `${box}`
    .split(',')
    .map((part) => {
      const values = part.split('|');
      if (values.length <= mostNames + 1) return part;
      return `${values.slice(0, mostNames).join('|')} and ${values.length - mostNames} more`;
    })
    .join(',');
}

function widestFirst(boxes: Iterable<LabelBox>): LabelBox[] {
  const distinct = new Map([...boxes].map((box) => [`${box}`, box] as const));
  return [...distinct].sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1)).map(([, box]) => box);
}
