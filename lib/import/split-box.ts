import type { LabelBox } from '../sets/label-box';

/** More parts are no list that a person would read. */
const mostParts = 1000;

/**
 * The box as boxes that ask for one value wherever it lists several: an app for each value is how people name them, and how it came to be
 * one list, by hand or by merging, is then no matter.
 */
export function splitBox(box: LabelBox): readonly LabelBox[] {
  let parts: readonly LabelBox[] = [box];
  for (const key of box.keys) {
    const values = box.valuesOf(key) ?? [];
    if (values.length < 2) continue;
    if (parts.length * values.length > mostParts) return [box];
    parts = parts.flatMap((part) => values.map((value) => part.withValues(key, [value])));
  }
  return parts;
}
