import type { LabelBox } from './label-box';

/** So few boxes are compared one by one: that takes less than to group them. */
const few = 8;

/**
 * Finds, among many boxes, those that hold a given box, without comparing each with each.
 *
 * Boxes that pin every one of their keys to one value are grouped by their keys, so that a look-up costs one probe for each
 * group; the few others are compared one by one. Building is linear; a look-up is linear in (groups + other boxes).
 */
export class SupersetIndex<T> {
  private readonly groups = new Map<string, { keys: readonly string[]; entries: Map<string, T[]> }>();
  private readonly others: (readonly [LabelBox, T])[] = [];

  constructor(items: readonly (readonly [LabelBox, T])[]) {
    if (items.length <= few) this.others.push(...items);
    else for (const [box, item] of items) this.add(box, item);
  }

  /** All items whose box holds `box`, the item of `box` itself included. */
  supersetsOf(box: LabelBox): T[] {
    const found: T[] = [];
    for (const { keys, entries } of this.groups.values()) {
      const values = pinned(box, keys);
      if (values !== undefined) for (const item of entries.get(values) ?? []) found.push(item);
    }
    for (const other of this.others) if (box.isSubsetOf(other[0])) found.push(other[1]);
    return found;
  }

  /** All items whose box matches these labels. */
  matching(labels: Readonly<Record<string, string>>): T[] {
    const found: T[] = [];
    for (const { keys, entries } of this.groups.values()) {
      if (!keys.every((key) => Object.hasOwn(labels, key))) continue;
      for (const item of entries.get(tuple(keys.map((key) => labels[key]!))) ?? []) found.push(item);
    }
    for (const [other, item] of this.others) if (other.matches(labels)) found.push(item);
    return found;
  }

  private add(box: LabelBox, item: T): void {
    const { keys } = box;
    const values = pinned(box, keys);
    if (values === undefined) {
      this.others.push([box, item]);
      return;
    }
    const signature = tuple(keys);
    let group = this.groups.get(signature);
    if (!group) {
      group = { keys, entries: new Map() };
      this.groups.set(signature, group);
    }
    const entry = group.entries.get(values);
    if (entry) entry.push(item);
    else group.entries.set(values, [item]);
  }
}

/** The values that the box pins the keys to; undefined if it leaves one of them open. */
function pinned(box: LabelBox, keys: readonly string[]): string | undefined {
  const values: string[] = [];
  for (const key of keys) {
    const allowed = box.valuesOf(key);
    if (allowed?.length !== 1) return undefined;
    values.push(allowed[0]!);
  }
  return tuple(values);
}

function tuple(parts: readonly string[]): string {
  return parts.join('\u0000');
}
