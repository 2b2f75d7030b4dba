import { refKey, type WorkloadRef } from '../../model/connectivity-listing';

/** Some workloads under one name, as in `shop/web`, `shop/*` or `every workload but shop/redis`. */
export interface Term {
  readonly text: string;
  /** The namespace that holds all of them. */
  readonly namespace: string | undefined;
  /** 0 for addresses. */
  readonly count: number;
}

/** Whether sets that lack a few workloads go by what they lack. */
export type TermStyle = 'exact' | 'with-exceptions';

/** More would be longer than what they leave out. */
const mostExceptions = 3;

/** What names are made of: how many workloads there are, in all and by namespace, and those that may be missing from a set. */
export interface TermSource {
  readonly totals: { readonly workloads: number };
  readonly namespaces: readonly { readonly name: string; readonly workloads: number }[];
  readonly workloads: readonly WorkloadRef[];
}

/** Gives sets of workloads short names: `shop/*` for all that the input has in a namespace. */
export class Terms {
  private readonly sizes: ReadonlyMap<string, number>;
  private readonly total: number;
  private readonly all: ReadonlyMap<string, readonly WorkloadRef[]>;
  private readonly known = new Map<readonly WorkloadRef[], readonly Term[]>();

  constructor(
    { namespaces, workloads, totals }: TermSource,
    private readonly style: TermStyle,
  ) {
    this.sizes = new Map(namespaces.map(({ name, workloads: count }) => [name, count] as const));
    this.total = totals.workloads;
    this.all = byNamespace(workloads);
  }

  of(refs: readonly WorkloadRef[]): readonly Term[] {
    let terms = this.known.get(refs);
    if (!terms) {
      terms = this.everything(refs) ?? this.inNamespaces(refs);
      this.known.set(refs, terms);
    }
    return terms;
  }

  private everything(refs: readonly WorkloadRef[]): Term[] | undefined {
    const count = refs.length;
    if (count < 2) return undefined;
    const namespace = this.sizes.get(refs[0]!.namespace) === this.total ? refs[0]!.namespace : undefined;
    if (count === this.total) return [{ text: 'every workload', namespace, count }];
    // Two names are said sooner than all but one.
    if (this.style === 'exact' || count < 3 || count * 2 < this.total) return undefined;
    const missing = this.missing(refs, [...this.all.keys()]);
    if (missing.length + count !== this.total) return undefined;
    const terms = this.inNamespaces(missing, 'exact');
    if (terms.length > mostExceptions || terms.length >= this.inNamespaces(refs).length) return undefined;
    return [{ text: `every workload but ${terms.map(({ text }) => text).join(' and ')}`, namespace, count }];
  }

  private inNamespaces(refs: readonly WorkloadRef[], style = this.style): Term[] {
    return [...byNamespace(refs)].flatMap(([namespace, members]): Term[] => {
      const [size, count] = [this.sizes.get(namespace) ?? 0, members.length];
      if (count > 1 && count === size) return [{ text: `${namespace}/*`, namespace, count }];
      const lacks = size - count;
      const few = lacks > 0 && lacks <= mostExceptions && count > 2 * lacks;
      const missing = style === 'with-exceptions' && few ? this.missing(members, [namespace]) : undefined;
      if (missing && missing.length + count === size) {
        const names = missing.map(({ id }) => id.replace(`${namespace}/`, ''));
        return [{ text: `${namespace}/* but ${names.join(' and ')}`, namespace, count }];
      }
      return members.map(({ id }) => ({ text: id, namespace, count: 1 }));
    });
  }

  /** Those of the namespaces that are not among `refs`, as far as they are listed. */
  private missing(refs: readonly WorkloadRef[], namespaces: readonly string[]): WorkloadRef[] {
    const present = new Set(refs.map(refKey));
    return namespaces.flatMap((name) => (this.all.get(name) ?? []).filter((ref) => !present.has(refKey(ref))));
  }
}

function byNamespace(refs: readonly WorkloadRef[]): Map<string, WorkloadRef[]> {
  const groups = new Map<string, WorkloadRef[]>();
  for (const ref of refs) {
    const group = groups.get(ref.namespace);
    if (group) group.push(ref);
    else groups.set(ref.namespace, [ref]);
  }
  return groups;
}
