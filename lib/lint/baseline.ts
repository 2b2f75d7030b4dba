import type { RuleDescriptor } from '../model/finding';
import type { FoundItem } from '../model/finding-report';
import { InputError } from '../model/issue';
import { isObject, itemsOf, textOf } from '../validation/json-value';

/** A finding that was there before lint was. */
export interface BaselineEntry {
  readonly fingerprint: string;
  readonly rule: string;
  readonly file: string;
  readonly message: string;
}

export type Baseline = readonly BaselineEntry[];

/** The baseline that accepts these findings, as the text of its file. Notes of severity `info` fail nothing, and are left out. */
export function baselineText(items: readonly FoundItem[]): string {
  const findings = items
    .filter(({ suppressed, severity }) => severity !== 'info' && (!suppressed || suppressed.by === 'baseline'))
    .map(({ fingerprint, rule, place, message }) => ({ fingerprint, rule, file: place.file ?? '', message }));
  return `${JSON.stringify({ version: 1, findings }, undefined, 2)}\n`;
}

/** @throws InputError for what is no baseline */
export function readBaseline(text: string, file: string): Baseline {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (!isObject(value) || value['version'] !== 1 || !Array.isArray(value['findings'])) {
    const hint = 'write it anew with `tierwall lint --init-baseline`';
    throw new InputError([{ code: 'bad-baseline', message: 'this is no baseline', place: { file }, hint }]);
  }
  return itemsOf(value['findings']).map((entry) => {
    const { fingerprint, rule, file: place, message } = isObject(entry) ? entry : {};
    return { fingerprint: textOf(fingerprint), rule: textOf(rule), file: textOf(place), message: textOf(message) };
  });
}

export const staleBaseline: RuleDescriptor = {
  id: 'no-stale-baseline',
  group: 'linting',
  severity: 'info',
  wrong: 'the baseline accepts something that is not found any more',
  why: 'It would accept it again if it came back.',
  todo: 'write the baseline anew with `--init-baseline`',
  references: [],
};

/**
 * The findings, those of the baseline told so, and a note of what of it is not found any more.
 * @param files that were looked at: nothing is said of others
 * @param baselineFile where the baseline is
 */
export function acceptBaseline(
  items: readonly FoundItem[],
  baseline: Baseline,
  files: ReadonlySet<string>,
  baselineFile: string,
): FoundItem[] {
  const known = new Set(baseline.map(({ fingerprint }) => fingerprint));
  const found = new Set(items.map(({ fingerprint }) => fingerprint));
  const accepted = items.map((item) => {
    if (item.suppressed || !known.has(item.fingerprint)) return item;
    return { ...item, suppressed: { by: 'baseline' as const, reason: `it is in ${baselineFile}` } };
  });
  const gone = baseline.filter(({ fingerprint, file }) => !found.has(fingerprint) && files.has(file));
  if (gone.length === 0) return accepted;
  const [{ rule, message, fingerprint }] = gone as unknown as [BaselineEntry];
  const rest = gone.length > 1 ? `, and ${gone.length - 1} more` : '';
  const note: FoundItem = {
    rule: staleBaseline.id,
    severity: staleBaseline.severity,
    message: `the baseline accepts what is not found any more: ${rule}, ${message}${rest}`,
    hint: staleBaseline.todo,
    place: { file: baselineFile },
    excerpt: [],
    related: [],
    edits: [],
    fingerprint: `stale-${fingerprint}`,
  };
  return [...accepted, note];
}
