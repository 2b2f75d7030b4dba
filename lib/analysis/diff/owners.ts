import type { PlacedWorkload } from '../../model/cluster';
import { refKey, type WorkloadRef } from '../../model/connectivity-listing';
import type { ConnectionChange } from '../../model/diff-listing';
import type { LabelScheme } from '../../model/label-scheme';
import type { LabelBox } from '../../sets/label-box';
import { refsOf } from '../connectivity/listing';
import { namesOnly } from '../exposure-joining';
import { groupedBy } from '../grouping';
import type { PossibleEnds } from './possible-changes';
import type { States } from './states';

/** Who owns a workload. */
export type Owner = 'team' | 'environment';
export type OwnerKeys = Pick<LabelScheme['keys'], Owner>;

type Name = string | undefined;
type Ends = Pick<ConnectionChange, 'sources' | 'destinations'>;

/** Teams and environments of workloads, by the labels of their pods, else of their namespaces. */
export class Owners {
  private readonly namespaces: ReadonlyMap<string, Readonly<Record<string, string>>>;
  private readonly workloads: ReadonlyMap<string, readonly PlacedWorkload[]>;
  private readonly known: ReadonlyMap<string, Readonly<Partial<Record<Owner, string>>>>;

  constructor(
    { cells, before, after }: States,
    private readonly keys: OwnerKeys,
  ) {
    // What one side gives of a namespace holds for both.
    const all = [...before.cluster.namespaces, ...after.cluster.namespaces];
    const sorted = [
      ...all.filter(({ source }) => source === 'assumed'),
      ...all.filter(({ source }) => source === 'given'),
    ];
    this.namespaces = new Map(sorted.map(({ name, labels }) => [name, labels] as const));
    this.workloads = groupedBy(cells.workloads, ({ namespace }) => namespace);
    const refs = refsOf(cells.workloads);
    this.known = new Map(
      cells.workloads.map((workload) => {
        const own = { ...this.namespaces.get(workload.namespace), ...workload.podLabels };
        const [team, environment] = [own[keys.team], own[keys.environment]];
        const owner = { ...(team ? { team } : {}), ...(environment ? { environment } : {}) };
        return [refKey(refs.get(workload)!), owner] as const;
      }),
    );
  }

  /**
   * The pairs of a row that are of two owners, in parts of it that hold no others, each with the two as in `payments and storefront`; a part
   * without ends is all of the row. A workload that belongs to nobody is nobody's own: it counts as another one beside those that somebody owns.
   */
  crossing(owner: Owner, { sources, destinations }: Ends): (Partial<Ends> & { readonly between: string[] })[] {
    const ownerOf = (ref: WorkloadRef) => this.known.get(refKey(ref))?.[owner];
    const there = new Set(destinations.map(ownerOf));
    const apart = sources.filter((ref) => !there.has(ownerOf(ref)));
    const between = (from: readonly WorkloadRef[]) => {
      const names = [...new Set(from.map(ownerOf))];
      return inWords(
        owner,
        names.flatMap((a) => [...there].map((b) => [a, b] as const)),
      );
    };
    if (apart.length === sources.length) return [{ between: between(sources) }];
    const own = groupedBy(
      sources.filter((ref) => there.has(ownerOf(ref))),
      (ref) => ownerOf(ref) ?? '',
    );
    const parts = [...own.values()].map((from) => ({
      sources: from,
      destinations: destinations.filter((ref) => ownerOf(ref) !== ownerOf(from[0]!)),
    }));
    return [{ sources: apart, destinations }, ...parts]
      .filter((part) => part.sources.length > 0 && part.destinations.length > 0)
      .map((part) => ({ ...part, between: between(part.sources) }));
  }

  /**
   * The same of pods that could exist. Where workloads of the input are at both ends, these speak for themselves; of a namespace that is not in the
   * input only what selectors ask for is known.
   */
  betweenPossible(owner: Owner, { namespace, subject, peers }: PossibleEnds): string[] {
    const own = this.ofPods(owner, namespace, subject);
    const isThere = this.hasWorkload(namespace, subject);
    const pairs = peers.flatMap(({ namespaces, pods }) => {
      const others = [...this.namespaces.keys()]
        .filter((name) => namespaces.matches(this.namespaces.get(name)!))
        .filter((name) => !isThere || !this.hasWorkload(name, pods))
        .flatMap((name) => this.ofPods(owner, name, pods));
      const elsewhere = this.areKnown(namespaces)
        ? []
        : (pods.valuesOf(this.keys[owner]) ?? namespaces.valuesOf(this.keys[owner]) ?? []);
      return own.flatMap((a) => [...others, ...elsewhere].map((b) => [a, b] as const));
    });
    return inWords(owner, pairs);
  }

  private ofPods(owner: Owner, namespace: string, pods: LabelBox): readonly Name[] {
    return pods.valuesOf(this.keys[owner]) ?? [this.namespaces.get(namespace)?.[this.keys[owner]] || undefined];
  }

  private hasWorkload(namespace: string, pods: LabelBox): boolean {
    return (this.workloads.get(namespace) ?? []).some(({ podLabels }) => pods.matches(podLabels));
  }

  private areKnown(namespaces: LabelBox): boolean {
    return namesOnly(namespaces)?.every((name) => this.namespaces.has(name)) ?? false;
  }
}

function inWords(owner: Owner, pairs: readonly (readonly [Name, Name])[]): string[] {
  const texts = pairs
    .filter(([a, b]) => a !== b)
    .map((pair) =>
      pair
        .map((name) => name ?? `no ${owner}`)
        .sort()
        .join(' and '),
    );
  return [...new Set(texts)].sort();
}
