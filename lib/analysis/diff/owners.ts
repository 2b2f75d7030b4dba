import type { WorkloadRef } from '../../model/connectivity-listing';
import type { LabelScheme } from '../../model/label-scheme';
import { refsOf } from '../connectivity/listing';
import type { States } from './states';

/** Who owns a workload. */
export type Owner = 'team' | 'environment';
export type OwnerKeys = Pick<LabelScheme['keys'], Owner>;

/** Teams and environments of workloads, by the labels of their pods, else of their namespaces. */
export class Owners {
  private readonly known: ReadonlyMap<string, Readonly<Partial<Record<Owner, string>>>>;

  constructor({ cells, before, after }: States, keys: OwnerKeys) {
    const namespaces = [...before.cluster.namespaces, ...after.cluster.namespaces];
    const labels = new Map(namespaces.map((namespace) => [namespace.name, namespace.labels] as const));
    const refs = refsOf(cells.workloads);
    this.known = new Map(
      cells.workloads.map((workload) => {
        const own = { ...labels.get(workload.namespace), ...workload.podLabels };
        const [team, environment] = [own[keys.team], own[keys.environment]];
        const owner = { ...(team ? { team } : {}), ...(environment ? { environment } : {}) };
        return [keyOf(refs.get(workload)!), owner] as const;
      }),
    );
  }

  /**
   * Two owners that some pair of workloads belongs to, as in `payments and storefront`, each once. A workload that belongs to nobody is nobody's
   * own: it counts as another one beside those that somebody owns.
   */
  between(owner: Owner, sources: readonly WorkloadRef[], destinations: readonly WorkloadRef[]): string[] {
    const [from, to] = [sources, destinations].map((refs) => [
      ...new Set(refs.map((ref) => this.known.get(keyOf(ref))?.[owner])),
    ]);
    const pairs = from!.flatMap((a) =>
      to!
        .filter((b) => a !== b)
        .map((b) =>
          [a, b]
            .map((name) => name ?? `no ${owner}`)
            .sort()
            .join(' and '),
        ),
    );
    return [...new Set(pairs)].sort();
  }
}

function keyOf({ kind, id }: WorkloadRef): string {
  return `${kind} ${id}`;
}
