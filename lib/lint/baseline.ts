import type { RuleDescriptor } from '../model/finding';
import type { FoundItem } from '../model/finding-report';
import { InputError, type Issue } from '../model/issue';
import { fieldWithoutPositions } from '../read/found-items';
import { isObject } from '../validation/json-value';

/** A finding that was there before lint was. What it is about, and not where it is, tells it from others. */
export interface BaselineEntry {
  readonly rule: string;
  /** As in `NetworkPolicy shop/web`. */
  readonly object?: string;
  /** Without positions in lists. */
  readonly field?: string;
  readonly message: string;
  /** From the folder of the baseline; absent for what comes from no file. */
  readonly file?: string;
}

export type Baseline = readonly BaselineEntry[];

/** Of a file as findings name it: its path from the folder of the baseline; undefined for what is no file. */
export type FileFromBaseline = (file: string) => string | undefined;

/** What is accepted from now on: the findings, as entries. What is accepted by other means needs no baseline. */
export function entriesOf(items: readonly FoundItem[], fileFrom: FileFromBaseline): Baseline {
  return items
    .filter(({ suppressed }) => !suppressed)
    .map(({ rule, object, message, place, written }): BaselineEntry => {
      const field = fieldWithoutPositions((written ?? place).field);
      const file = place.file === undefined ? undefined : fileFrom(place.file);
      return {
        rule,
        ...(object === undefined ? {} : { object }),
        ...(field === '' ? {} : { field }),
        message,
        ...(file === undefined ? {} : { file }),
      };
    });
}

const version = 2;

/** As the text of its file, the same for the same findings. */
export function baselineText(baseline: Baseline): string {
  const key = ({ file = '', object = '', rule, field = '', message }: BaselineEntry) =>
    [file, object, rule, field, message].join('\0');
  const findings = [...baseline].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  return `${JSON.stringify({ version, findings }, undefined, 2)}\n`;
}

const required = ['rule', 'message'] as const;
const optional = ['object', 'field', 'file'] as const;

/** @throws InputError for what is no baseline, with every problem */
export function readBaseline(text: string, file: string): Baseline {
  const hint = 'correct it, or delete the file and run `tierwall lint --init-baseline`';
  const issue = (message: string, field?: string): Issue => {
    return { code: 'bad-baseline', message, place: { file, ...(field ? { field } : {}) }, hint };
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InputError([issue(`this is no JSON: ${(error as Error).message}`)]);
  }
  if (!isObject(value)) throw new InputError([issue('this is no baseline: an object is wanted')]);
  const { version: given, findings, ...others } = value as Record<string, unknown>;
  if (given !== version) {
    throw new InputError([issue(`\`${show(given)}\` is no version that is read: \`${version}\` is wanted`, 'version')]);
  }
  const unknown = Object.keys(others).map((name) => issue('there is no such field', name));
  if (!Array.isArray(findings)) {
    throw new InputError([...unknown, issue(`\`${show(findings)}\` is no list`, 'findings')]);
  }
  const issues = [...unknown, ...findings.flatMap((entry: unknown, i) => problemsOf(entry, `findings[${i}]`))];
  if (issues.length > 0) throw new InputError(issues);
  return findings as BaselineEntry[];

  function problemsOf(entry: unknown, at: string): Issue[] {
    if (!isObject(entry)) return [issue(`\`${show(entry)}\` is no object`, at)];
    const names: readonly string[] = [...required, ...optional];
    return [
      ...required.flatMap((name) => (entry[name] === undefined ? [issue('it is missing', `${at}.${name}`)] : [])),
      ...Object.entries(entry).flatMap(([name, own]) => {
        if (!names.includes(name)) return [issue('there is no such field', `${at}.${name}`)];
        const isText = typeof own === 'string' && own !== '';
        return isText ? [] : [issue(`\`${show(own)}\` is no text`, `${at}.${name}`)];
      }),
    ];
  }
}

const longestValue = 60;

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
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

/** Where a baseline is, and what is known of the files that it names. */
export interface BaselinePlace {
  /** As messages call it. */
  readonly name: string;
  readonly fileFrom: FileFromBaseline;
  /** Whether there still is such a file. @param file from the folder of the baseline */
  isThere(file: string): boolean;
}

/**
 * The findings, those of the baseline told so, and a note of what of it is not found any more. An entry accepts one finding: that of its file,
 * else one about the same object in another file if its own is gone, or where it is not known which file it is.
 *
 * @param files that were looked at: nothing is said of others
 */
export function acceptBaseline(
  items: readonly FoundItem[],
  baseline: Baseline,
  files: ReadonlySet<string>,
  { name, fileFrom, isThere }: BaselinePlace,
): readonly FoundItem[] {
  if (baseline.length === 0) return items;
  const left = new Map<string, BaselineEntry[]>();
  for (const entry of baseline) left.set(keyOf(entry), [...(left.get(keyOf(entry)) ?? []), entry]);
  const take = (entry: BaselineEntry, fits: (other: BaselineEntry) => boolean): boolean => {
    const list = left.get(keyOf(entry)) ?? [];
    const index = list.findIndex(fits);
    if (index >= 0) list.splice(index, 1);
    return index >= 0;
  };
  const accepted = new Set<FoundItem>();
  const open = items.flatMap((item) => entriesOf([item], fileFrom).map((entry) => [item, entry] as const));
  for (const [item, entry] of open) if (take(entry, ({ file }) => file === entry.file)) accepted.add(item);
  for (const [item, entry] of open) {
    if (accepted.has(item) || entry.object === undefined) continue;
    const { file: own } = entry;
    if (take(entry, ({ file }) => own === undefined || file === undefined || !isThere(file))) accepted.add(item);
  }
  const told = items.map((item) =>
    accepted.has(item) ? { ...item, suppressed: { by: 'baseline' as const, reason: `it is in ${name}` } } : item,
  );
  const looked = new Set([...files].map(fileFrom));
  const gone = [...left.values()].flat().filter(({ file }) => file !== undefined && looked.has(file));
  return gone.length === 0 ? told : [...told, staleNote(gone as [BaselineEntry, ...BaselineEntry[]], name)];
}

function keyOf({ rule, object = '', field = '', message }: BaselineEntry): string {
  return [rule, object, field, message].join('\0');
}

function staleNote(
  [{ rule, message }, ...others]: readonly [BaselineEntry, ...BaselineEntry[]],
  name: string,
): FoundItem {
  const rest = others.length > 0 ? `, and ${others.length} more` : '';
  return {
    rule: staleBaseline.id,
    severity: staleBaseline.severity,
    message: `the baseline accepts what is not found any more: ${rule}, ${message}${rest}`,
    hint: staleBaseline.todo,
    place: { file: name },
    excerpt: [],
    related: [],
    edits: [],
    fingerprint: `stale ${rule} ${message}`,
  };
}
