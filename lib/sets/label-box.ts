import { sorted } from './sorted';

/**
 * What one label key may be: absent or not, and if present one of `values`, or anything but `values`.
 * Values are sorted and unique.
 */
interface Constraint {
  readonly key: string;
  readonly absent: 'allowed' | 'excluded';
  readonly mode: 'only' | 'except';
  readonly values: readonly string[];
}

export interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

/**
 * The sets of labels that a label selector picks: every key is constrained independently, so it is a box in label space.
 * Immutable and canonical: equal boxes have equal `toString()`.
 *
 * A key that is not constrained may be absent or have any value. `NotIn` holds where the key is absent (Kubernetes, labels and selectors).
 */
export class LabelBox {
  /** Every set of labels. */
  static readonly everything = new LabelBox([]);

  private text: string | undefined;
  private pinned: string | undefined | null = null;

  /** @param constraints sorted by key, one for each, and none that allows everything */
  private constructor(private readonly constraints: readonly Constraint[]) {}

  /** @throws TypeError for an operator that the API does not know, and for keys and values that are no texts */
  static of(requirements: Iterable<Requirement>): LabelBox {
    return LabelBox.canonical(Array.from(requirements, constraintOf));
  }

  static ofLabels(labels: Readonly<Record<string, string>>): LabelBox {
    return LabelBox.canonical(Object.keys(labels).map((key) => oneOf(key, [labels[key]!])));
  }

  /** What is in all of some boxes. */
  static intersection(boxes: readonly LabelBox[]): LabelBox {
    return LabelBox.canonical(boxes.flatMap((box) => box.constraints));
  }

  private static canonical(constraints: readonly Constraint[]): LabelBox {
    const kept: Constraint[] = [];
    for (const c of inOrder(constraints)) {
      const last = kept.at(-1);
      if (last?.key === c.key) kept[kept.length - 1] = meet(last, c);
      else if (!isFree(c)) kept.push(c);
    }
    return new LabelBox(kept);
  }

  get isEverything(): boolean {
    return this.constraints.length === 0;
  }

  /** Whether no set of labels is in the box: some key may neither be absent nor have a value. */
  get isEmpty(): boolean {
    return this.constraints.some(isNothing);
  }

  /** The keys that are constrained, sorted. */
  get keys(): readonly string[] {
    return this.constraints.map((c) => c.key);
  }

  /** The keys that must have one of a list of values, sorted, with their lists. */
  get lists(): readonly { readonly key: string; readonly values: readonly string[] }[] {
    return this.constraints.every(isList) ? this.constraints : this.constraints.filter(isList);
  }

  /** The keys, if each may only have one value, as a text: two boxes of the same pinned keys are equal, or have nothing in common. */
  private get pinnedKeys(): string | undefined {
    if (this.pinned === null) {
      const isPinned = this.constraints.every((c) => isList(c) && c.values.length === 1);
      this.pinned = isPinned ? this.keys.join('\u0000') : undefined;
    }
    return this.pinned;
  }

  /** The values that `key` must have one of, or undefined if it is not constrained to a list. */
  valuesOf(key: string): readonly string[] | undefined {
    const c = this.constraintOn(key);
    return c && isList(c) ? c.values : undefined;
  }

  matches(labels: Readonly<Record<string, string>>): boolean {
    return this.constraints.every(({ key, absent, mode, values }) => {
      const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
      return value === undefined ? absent === 'allowed' : values.includes(value) === (mode === 'only');
    });
  }

  intersect(other: LabelBox): LabelBox {
    return LabelBox.intersection([this, other]);
  }

  isSubsetOf(other: LabelBox): boolean {
    if (this.pinnedKeys !== undefined && this.pinnedKeys === other.pinnedKeys) return this.equals(other);
    return this.isEmpty || this.keyOutside(other) === undefined;
  }

  /** The first key for which this box, which is not empty, allows more than `other`; undefined if it is a subset. */
  keyOutside(other: LabelBox): string | undefined {
    for (const c of other.constraints) if (!isWithin(this.constraintOn(c.key), c)) return c.key;
    return undefined;
  }

  /** Whether some set of labels is in both; the same as asking for a non-empty intersection, without making it. */
  meets(other: LabelBox): boolean {
    for (const c of other.constraints) {
      const own = this.constraintOn(c.key);
      if (isNothing(own ? meet(own, c) : c)) return false;
    }
    return !this.isEmpty;
  }

  /** The values that the constraint on `key` lists, to pick or to leave out. */
  mentioned(key: string): readonly string[] {
    return this.constraintOn(key)?.values ?? [];
  }

  /** Whether `key` may be absent but not have a value that is not mentioned, or the reverse. */
  tellsAbsentFromUnmentioned(key: string): boolean {
    const c = this.constraintOn(key);
    return c !== undefined && (c.absent === 'allowed') !== (c.mode === 'except');
  }

  equals(other: LabelBox): boolean {
    return this.toString() === other.toString();
  }

  /** The same box with `key`, which it constrains, constrained to `values` instead. */
  withValues(key: string, values: readonly string[]): LabelBox {
    const constraint = oneOf(key, values);
    return new LabelBox(this.constraints.map((c) => (c.key === key ? constraint : c)));
  }

  /** The same box over other keys; keys for which `rename` gives nothing are no longer constrained, others must stay different. */
  renamed(rename: (key: string) => string | undefined): LabelBox {
    const constraints: Constraint[] = [];
    for (const { key, absent, mode, values } of this.constraints) {
      const name = rename(key);
      if (name !== undefined) constraints.push({ key: name, absent, mode, values });
    }
    return LabelBox.canonical(constraints);
  }

  /** The box as requirements, sorted by key; `of(box.requirements())` gives the box back. */
  requirements(): Requirement[] {
    const list: Requirement[] = [];
    for (const { key, absent, mode, values } of this.constraints) {
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
    for (const c of this.constraints) if (c.key !== key) text += (text && ',') + constraintToString(c);
    return text;
  }

  private constraintOn(key: string): Constraint | undefined {
    for (const c of this.constraints) if (c.key === key) return c;
    return undefined;
  }
}

/** Most constraints come sorted by key. */
function inOrder(constraints: readonly Constraint[]): readonly Constraint[] {
  for (let i = 1; i < constraints.length; i++) {
    if (constraints[i]!.key < constraints[i - 1]!.key) return [...constraints].sort(byKey);
  }
  return constraints;
}

function byKey(a: Constraint, b: Constraint): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

function constraintOf({ key, operator, values = [] }: Requirement): Constraint {
  if (typeof key !== 'string')
    throw new TypeError(`a label selector has \`${key as unknown}\` as a key, which is no text`);
  switch (operator) {
    case 'In':
      return oneOf(key, values);
    case 'NotIn':
      return { key, absent: 'allowed', mode: 'except', values: unique(texts(key, values)) };
    case 'Exists':
      return { key, absent: 'excluded', mode: 'except', values: [] };
    case 'DoesNotExist':
      return { key, absent: 'allowed', mode: 'only', values: [] };
    default:
      throw new TypeError(`label \`${key}\` has an unknown operator \`${operator as string}\``);
  }
}

function oneOf(key: string, values: readonly string[]): Constraint {
  return { key, absent: 'excluded', mode: 'only', values: unique(texts(key, values)) };
}

/** A value that is undefined would be left out of a selector that is written, which would then select more. */
function texts(key: string, values: readonly string[]): readonly string[] {
  for (const value of values as readonly unknown[]) {
    if (typeof value !== 'string')
      throw new TypeError(`label \`${key}\` has \`${value}\` as a value, which is no text`);
  }
  return values;
}

function unique(values: readonly string[]): readonly string[] {
  return values.length > 1 ? sorted([...new Set(values)]) : [...values];
}

/** `absent or one of a list` cannot arise: no requirement states it and no intersection makes it, except with an empty list. */
function meet(a: Constraint, b: Constraint): Constraint {
  const { key } = a;
  const absent = a.absent === 'allowed' && b.absent === 'allowed' ? 'allowed' : 'excluded';
  if (a.mode === 'except' && b.mode === 'except') {
    return { key, absent, mode: 'except', values: unique([...a.values, ...b.values]) };
  }
  const [list, other] = a.mode === 'only' ? [a, b] : [b, a];
  const values = list.values.filter((v) => other.values.includes(v) === (other.mode === 'only'));
  return { key, absent, mode: 'only', values };
}

function isFree(c: Constraint): boolean {
  return c.absent === 'allowed' && c.mode === 'except' && c.values.length === 0;
}

/** Whether the key must be there, with one of the values. */
function isList(c: Constraint): boolean {
  return c.absent === 'excluded' && c.mode === 'only';
}

function isNothing(c: Constraint): boolean {
  return isList(c) && c.values.length === 0;
}

/** @param a undefined if the key is not constrained */
function isWithin(a: Constraint | undefined, b: Constraint): boolean {
  if (!a || (a.absent === 'allowed' && b.absent === 'excluded')) return false;
  if (a.mode === 'only') return a.values.every((v) => b.values.includes(v) === (b.mode === 'only'));
  return b.mode === 'except' && b.values.every((v) => a.values.includes(v));
}

function constraintToString({ key, absent, mode, values }: Constraint): string {
  if (mode === 'only') return absent === 'excluded' ? `${key}=${values.join('|')}` : `!${key}`;
  const except = values.length > 0 ? `${key}!=${values.join('|')}` : '';
  return absent === 'allowed' ? except : except ? `${key},${except}` : key;
}
