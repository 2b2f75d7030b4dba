import { createHash } from 'node:crypto';
import type { Finding } from '../model/finding';
import type { FoundItem, FoundPlace } from '../model/finding-report';
import type { Place } from '../model/issue';
import { ObjectPlace } from './object-place';
import { textEditsOf } from './text-edits';
import { rangeAt } from './written-range';

/** Findings as plain data, with what is written at their places; by file, line and rule. */
export function foundItems(findings: readonly Finding[]): FoundItem[] {
  const items = findings.map(itemOf).sort(byPlace);
  const seen = new Map<string, number>();
  return items.map((item) => {
    const count = (seen.get(item.fingerprint) ?? 0) + 1;
    seen.set(item.fingerprint, count);
    return count === 1 ? item : { ...item, fingerprint: digest([item.fingerprint, `${count}`]) };
  });
}

function itemOf({ rule, severity, message, hint, place, declared, related, fix }: Finding): FoundItem {
  const written = rangeAt(place);
  const yaml = { ...foundPlace(place), ...(written ? { range: written.range } : {}) };
  return {
    rule,
    severity,
    message,
    hint,
    place: declared ? foundPlace(declared) : yaml,
    excerpt: written?.excerpt ?? [],
    ...(declared ? { written: yaml } : {}),
    related: related.map((other) => ({ text: other.text, place: foundPlace(other.place) })),
    edits: textEditsOf(fix ?? []) ?? [],
    // Without lines and positions in lists, which change with what stands above.
    fingerprint: digest([rule, place.file ?? '', (place.field ?? '').replace(/\[\d+\]/g, '[]'), message]),
  };
}

/** A place as plain data, with the TypeScript line where there is one. */
export function foundPlace(place: Place): FoundPlace {
  const { construct, origin, field } = place;
  const [, file = place.file, line = place.line] = origin ? (/^(.*):(\d+)$/.exec(`${origin}`) ?? []) : [];
  return {
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line: Number(line) }),
    ...(field === undefined ? {} : { field }),
    ...(construct === undefined ? {} : { construct }),
  };
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);
}

function byPlace(a: FoundItem, b: FoundItem): number {
  return (
    order(a.place.file ?? '', b.place.file ?? '') ||
    (a.place.line ?? 0) - (b.place.line ?? 0) ||
    order(a.rule, b.rule) ||
    order(a.place.field ?? '', b.place.field ?? '') ||
    order(a.message, b.message)
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether two places are of one object of a text. */
export function isSameObject(a: Place, b: Place): boolean {
  return a instanceof ObjectPlace && b instanceof ObjectPlace && a.objectId === b.objectId;
}
