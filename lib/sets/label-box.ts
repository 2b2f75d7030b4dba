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

  private text: string | undefined;

  private constructor(private readonly constraints: ReadonlyMap<string, Constraint>) {}

  static of(requirements: Iterable<Requirement>): LabelBox {
    const constraints = new Map<string, Constraint>();
    for (const requirement of requirements) {
      const before = constraints.get(requirement.key);
      const asked = constraintOf(requirement);
      constraints.set(requirement.key, before ? meet(before, asked) : asked);
    }
    return LabelBox.canonical(constraints);
  }

  static ofLabels(labels: Readonly<Record<string, string>>): LabelBox {
    const constraints = new Map<string, Constraint>();
    for (const key of Object.keys(labels)) constraints.set(key, oneOf([labels[key]!]));
    return LabelBox.canonical(constraints);
  }

  private static canonical(constraints: Map<string, Constraint>): LabelBox {
    for (const [key, c] of constraints) if (isFree(c)) constraints.delete(key);
    return new LabelBox(inOrder(constraints));
  }

  get isEverything(): boolean {
    return this.constraints.size === 0;
  }

  /** Whether no set of labels is in the box: some key may neither be absent nor have a value. */
  get isEmpty(): boolean {
    for (const c of this.constraints.values()) if (isNothing(c)) return true;
    return false;
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
    for (const [key, c] of other.constraints) {
      const own = constraints.get(key);
      constraints.set(key, own ? meet(own, c) : c);
    }
    return LabelBox.canonical(constraints);
  }

  isSubsetOf(other: LabelBox): boolean {
    return this.isEmpty || this.keyOutside(other) === undefined;
  }

  /** The first key for which this box, which is not empty, allows more than `other`; undefined if it is a subset. */
  keyOutside(other: LabelBox): string | undefined {
    for (const [key, c] of other.constraints) if (!isWithin(this.constraints.get(key) ?? free, c)) return key;
    return undefined;
  }

  /** Whether some set of labels is in both; the same as asking for a non-empty intersection, without making it. */
  meets(other: LabelBox): boolean {
    for (const [key, c] of other.constraints) if (isNothing(meet(this.constraints.get(key) ?? free, c))) return false;
    return !this.isEmpty;
  }

  /** The values that the constraint on `key` lists, to pick or to leave out. */
  mentioned(key: string): readonly string[] {
    return this.constraints.get(key)?.values ?? [];
  }

  /** Whether `key` may be absent but not have a value that is not mentioned, or the reverse. */
  tellsAbsentFromUnmentioned(key: string): boolean {
    const { absent, mode } = this.constraints.get(key) ?? free;
    return (absent === 'allowed') !== (mode === 'except');
  }

  equals(other: LabelBox): boolean {
    return this.toString() === other.toString();
  }

  /** The same box with `key` constrained to `values` instead of whatever it was. */
  withValues(key: string, values: readonly string[]): LabelBox {
    return LabelBox.canonical(new Map(this.constraints).set(key, oneOf(values)));
  }

  /** The same box over other keys; keys for which `rename` gives nothing are no longer constrained, others must stay different. */
  renamed(rename: (key: string) => string | undefined): LabelBox {
    const constraints = new Map<string, Constraint>();
    for (const [key, c] of this.constraints) {
      const name = rename(key);
      if (name !== undefined) constraints.set(name, c);
    }
    return LabelBox.canonical(constraints);
  }

  /** The box as requirements, sorted by key; `of(box.requirements())` gives the box back. */
  requirements(): Requirement[] {
    const list: Requirement[] = [];
    for (const [key, { absent, mode, values }] of this.constraints) {
      if (mode === 'only') {
        list.push(absent === 'excluded' ? { key, operator: 'In', values } : { key, operator: 'DoesNotExist' });
      } else {
        if (absent === 'excluded') list.push({ key, operator: 'Exists' });
        if (values.length > 0) list.push({ key, operator: 'NotIn', values });
      }
    }
    return list;
  }

  /** As in `app=a|b,!debug,tier`. */
  toString(): string {
    this.text ??= this.textWithout(undefined);
    return this.text;
  }

  /** The text of all other keys: boxes for which it is the same differ in nothing but `key`. */
  textWithout(key: string | undefined): string {
    let text = '';
    for (const [other, c] of this.constraints) {
      if (other !== key) text += `${text && ','}${constraintToString(other, c)}`;
    }
    return text;
  }
}

/** Sorted by key: most maps are already. */
function inOrder(constraints: Map<string, Constraint>): ReadonlyMap<string, Constraint> {
  let last = '';
  for (const key of constraints.keys()) {
    if (key < last) return new Map([...constraints].sort(([a], [b]) => (a < b ? -1 : 1)));
    last = key;
  }
  return constraints;
}

function oneOf(values: readonly string[]): Constraint {
  return { absent: 'excluded', mode: 'only', values: unique(values) };
}

function unique(values: readonly string[]): readonly string[] {
  return values.length > 1 ? [...new Set(values)].sort() : [...values];
}

function constraintOf({ key, operator, values = [] }: Requirement): Constraint {
  switch (operator) {
    case 'In':
      return oneOf(values);
    case 'NotIn':
      return { absent: 'allowed', mode: 'except', values: unique(values) };
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
