/**
 * What one label key may be: absent or not, and if present one of `values`, or anything but `values`.
 * Values are sorted and unique.
 */
interface Constraint {
  readonly absent: 'allowed' | 'excluded';
  readonly mode: 'only' | 'except';
  readonly values: readonly string[];
}

export interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

const free: Constraint = { absent: 'allowed', mode: 'except', values: [] };

/**
 * The sets of labels that a label selector picks: every key is constrained independently, so it is a box in label space.
 * Immutable and canonical: equal boxes have equal `toString()`.
 *
 * A key that is not constrained may be absent or have any value. `NotIn` holds where the key is absent (Kubernetes, labels and selectors).
 */
export class LabelBox {
  /** Every set of labels. */
  static readonly everything = new LabelBox(new Map());

  private readonly text: string;

  private constructor(private readonly constraints: ReadonlyMap<string, Constraint>) {
    this.text = [...constraints].map(([key, c]) => constraintToString(key, c)).join(',');
  }

  static of(requirements: Iterable<Requirement>): LabelBox {
    const constraints = new Map<string, Constraint>();
    for (const requirement of requirements) {
      const before = constraints.get(requirement.key) ?? free;
      constraints.set(requirement.key, meet(before, constraintOf(requirement)));
    }
    return LabelBox.canonical(constraints);
  }

  static ofLabels(labels: Readonly<Record<string, string>>): LabelBox {
    return LabelBox.of(
      Object.entries(labels).map(([key, value]) => ({ key, operator: 'In' as const, values: [value] })),
    );
  }

  private static canonical(constraints: Map<string, Constraint>): LabelBox {
    const kept = [...constraints].filter(([, c]) => !isFree(c)).sort(([a], [b]) => (a < b ? -1 : 1));
    return new LabelBox(new Map(kept));
  }

  get isEverything(): boolean {
    return this.constraints.size === 0;
  }

  /** Whether no set of labels is in the box: some key may neither be absent nor have a value. */
  get isEmpty(): boolean {
    return [...this.constraints.values()].some(isNothing);
  }

  /** The keys that are constrained, sorted. */
  get keys(): readonly string[] {
    return [...this.constraints.keys()];
  }

  /** The values that `key` must have one of, or undefined if it is not constrained to a list. */
  valuesOf(key: string): readonly string[] | undefined {
    const c = this.constraints.get(key);
    return c?.mode === 'only' && c.absent === 'excluded' ? c.values : undefined;
  }

  matches(labels: Readonly<Record<string, string>>): boolean {
    for (const [key, c] of this.constraints) {
      const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
      const holds = value === undefined ? c.absent === 'allowed' : c.values.includes(value) === (c.mode === 'only');
      if (!holds) return false;
    }
    return true;
  }

  intersect(other: LabelBox): LabelBox {
    const constraints = new Map(this.constraints);
    for (const [key, c] of other.constraints) constraints.set(key, meet(constraints.get(key) ?? free, c));
    return LabelBox.canonical(constraints);
  }

  isSubsetOf(other: LabelBox): boolean {
    if (this.isEmpty) return true;
    for (const [key, c] of other.constraints) if (!isWithin(this.constraints.get(key) ?? free, c)) return false;
    return true;
  }

  equals(other: LabelBox): boolean {
    return this.text === other.text;
  }

  /** The same box with `key` constrained to `values` instead of whatever it was. */
  withValues(key: string, values: readonly string[]): LabelBox {
    const constraint = constraintOf({ key, operator: 'In', values });
    return LabelBox.canonical(new Map(this.constraints).set(key, constraint));
  }

  /** The box as requirements, sorted by key; `of(box.requirements())` gives the box back. */
  requirements(): Requirement[] {
    return [...this.constraints].flatMap(([key, c]): Requirement[] => {
      if (c.mode === 'only') {
        return c.absent === 'excluded'
          ? [{ key, operator: 'In', values: c.values }]
          : [{ key, operator: 'DoesNotExist' }];
      }
      const notIn: Requirement[] = c.values.length > 0 ? [{ key, operator: 'NotIn', values: c.values }] : [];
      return c.absent === 'allowed' ? notIn : [{ key, operator: 'Exists' }, ...notIn];
    });
  }

  /** As in `app=a|b,!debug,tier`. */
  toString(): string {
    return this.text;
  }
}

function constraintOf({ key, operator, values = [] }: Requirement): Constraint {
  const unique = [...new Set(values)].sort();
  switch (operator) {
    case 'In':
      return { absent: 'excluded', mode: 'only', values: unique };
    case 'NotIn':
      return { absent: 'allowed', mode: 'except', values: unique };
    case 'Exists':
      return { absent: 'excluded', mode: 'except', values: [] };
    case 'DoesNotExist':
      return { absent: 'allowed', mode: 'only', values: [] };
    default:
      throw new TypeError(`label \`${key}\` has an unknown operator \`${operator as string}\``);
  }
}

/** `absent or one of a list` cannot arise: no requirement states it and no intersection makes it, except with an empty list. */
function meet(a: Constraint, b: Constraint): Constraint {
  const absent = a.absent === 'allowed' && b.absent === 'allowed' ? 'allowed' : 'excluded';
  if (a.mode === 'except' && b.mode === 'except') {
    return { absent, mode: 'except', values: [...new Set([...a.values, ...b.values])].sort() };
  }
  const [list, other] = a.mode === 'only' ? [a, b] : [b, a];
  return {
    absent,
    mode: 'only',
    values: list.values.filter((v) => other.values.includes(v) === (other.mode === 'only')),
  };
}

function isFree(c: Constraint): boolean {
  return c.absent === 'allowed' && c.mode === 'except' && c.values.length === 0;
}

function isNothing(c: Constraint): boolean {
  return c.absent === 'excluded' && c.mode === 'only' && c.values.length === 0;
}

function isWithin(a: Constraint, b: Constraint): boolean {
  if (a.absent === 'allowed' && b.absent === 'excluded') return false;
  if (a.mode === 'only') return a.values.every((v) => b.values.includes(v) === (b.mode === 'only'));
  return b.mode === 'except' && b.values.every((v) => a.values.includes(v));
}

function constraintToString(key: string, c: Constraint): string {
  if (c.mode === 'only') return c.absent === 'excluded' ? `${key}=${c.values.join('|')}` : `!${key}`;
  const except = c.values.length > 0 ? `${key}!=${c.values.join('|')}` : '';
  return c.absent === 'allowed' ? except : [key, except].filter(Boolean).join(',');
}
