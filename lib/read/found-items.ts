import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Finding } from '../model/finding';
import type { FoundItem, FoundPlace } from '../model/finding-report';
import type { Place } from '../model/issue';
import { FileLines } from './file-lines';
import { chunkByChunk, chunkOf } from './object-place';
import { textEditsOf } from './text-edits';
import { rangeAt } from './written-range';

/** Findings as plain data, with what is written at their places; by file, line and rule. @param cwd what paths of files are relative to */
export function foundItems(findings: readonly Finding[], cwd = process.cwd()): FoundItem[] {
  const files = new FileLines(cwd);
  const elsewhere = findings.flatMap(({ place, related }) =>
    related.filter((other) => chunkOf(other.place) !== chunkOf(place)),
  );
  const places = new Map(chunkByChunk(elsewhere).map(({ place }) => [place, foundPlace(place)]));
  const items = chunkByChunk(findings)
    .map((finding) => itemOf(finding, files, places))
    .sort(byPlace);
  const seen = new Map<string, number>();
  return items.map((item) => {
    const count = (seen.get(item.fingerprint) ?? 0) + 1;
    seen.set(item.fingerprint, count);
    return count === 1 ? item : { ...item, fingerprint: digest([item.fingerprint, `${count}`]) };
  });
}

/** @param places of what is related and in another chunk */
function itemOf(finding: Finding, files: FileLines, places: ReadonlyMap<Place, FoundPlace>): FoundItem {
  const { rule, severity, message, hint, place, object, declared, related, fix, suppressed } = finding;
  const written = rangeAt(place);
  const yaml = { ...foundPlace(place), ...(written ? { range: written.range } : {}) };
  const mended = textEditsOf(fix ?? []);
  const shown = declared ? foundPlace(declared) : yaml;
  return {
    rule,
    severity,
    message,
    hint,
    ...(object === undefined ? {} : { object }),
    place: shown,
    excerpt: declared || !written ? excerptOf(shown, files) : written.excerpt,
    ...(declared ? { written: yaml } : {}),
    related: related.map((other) => ({ text: other.text, place: places.get(other.place) ?? foundPlace(other.place) })),
    edits: mended.edits,
    ...('left' in mended && mended.left !== undefined ? { notFixed: mended.left } : {}),
    // What is about an object stays with it when its file is called otherwise, or from another folder.
    fingerprint: digest([rule, object ?? basename(place.file ?? ''), fieldWithoutPositions(place.field), message]),
    ...(suppressed ? { suppressed } : {}),
  };
}

/** Positions in lists change with what stands above, as lines do. */
export function fieldWithoutPositions(field = ''): string {
  return field.replace(/\[\d+\]/g, '[]');
}

/** Of a line in the code. */
function excerptOf({ file, line, field }: FoundPlace, files: FileLines): FoundItem['excerpt'] {
  return file === undefined || line === undefined || field !== undefined ? [] : files.excerpt(file, line);
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
