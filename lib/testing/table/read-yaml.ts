import { loadAll, YAMLException } from 'js-yaml';
import { didYouMean } from '../../constructs/did-you-mean';
import type { Issue, Place } from '../../model/issue';
import { DocumentLines } from '../../read/document-lines';
import type { ReadTable } from './read-tables';
import { type ConnectivityTable, type TableRow, verdicts } from './table';

const tableKeys = ['name', 'default', 'among', 'ports', 'exceptions', 'sources', 'cluster', 'cni'] as const;
const rowKeys = ['from', 'to', 'ports', 'verdict', 'because'] as const;

/**
 * The tables of a YAML text, one for each document.
 * @param report receives every problem, at its line
 */
export function readYamlTables(file: string, text: string, name: string, report: (issue: Issue) => void): ReadTable[] {
  const documents = parsed(file, text, report);
  const lines = documents.length > 0 ? DocumentLines.of(text) : undefined;
  const shown = documents.flatMap((document, i) => (document === null ? [] : [{ document, i }]));
  return shown.flatMap(({ document, i }) => {
    const placeOf = (field: string): Place => ({
      file,
      line: lines!.lineOf(i, field) + 1,
      ...(field ? { field } : {}),
    });
    return tableOf(document, shown.length > 1 ? `${name} ${i + 1}` : name, placeOf, report) ?? [];
  });
}

function parsed(file: string, text: string, report: (issue: Issue) => void): unknown[] {
  try {
    return loadAll(text);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const place = { file, ...(error.mark ? { line: error.mark.line + 1 } : {}) };
    report({ code: 'bad-yaml', message: error.reason, place, hint: 'correct the YAML' });
    return [];
  }
}

function tableOf(
  document: unknown,
  name: string,
  placeOf: (field: string) => Place,
  report: (issue: Issue) => void,
): ReadTable | undefined {
  const bad = (field: string, message: string, hint: string) =>
    report({ code: 'bad-table', message, place: placeOf(field), hint });
  const fields = fieldsIn(document, '', tableKeys, bad);
  if (!fields) return undefined;
  const standard = verdictOf(fields['default'], 'default', bad);
  if (fields['default'] === undefined) bad('', '`default` is missing', 'write `default: denied`, or `allowed`');
  const texts = (key: string) => textsOf(fields[key], key, bad);
  const exceptions = fields['exceptions'] ?? [];
  if (!Array.isArray(exceptions)) bad('exceptions', '`exceptions` is no list', 'write `- { from: …, to: … }` for each');
  const rows = (Array.isArray(exceptions) ? exceptions : []).map((given: unknown, i): TableRow => {
    const path = `exceptions[${i}]`;
    const row = fieldsIn(given, path, rowKeys, bad);
    // It stays, so that the table is not said to have no exceptions.
    if (!row) return { from: [], to: [], verdict: 'denied' };
    const [from, to, ports] = ['from', 'to', 'ports'].map((key) => textsOf(row[key], `${path}.${key}`, bad));
    for (const key of ['from', 'to']) {
      if (row[key] === undefined) bad(path, `\`${key}\` is missing`, 'name somebody, as in `shop/web`');
    }
    const verdict =
      verdictOf(row['verdict'], `${path}.verdict`, bad) ?? (standard === 'allowed' ? 'denied' : 'allowed');
    const because = row['because'];
    return {
      from: from ?? [],
      to: to ?? [],
      verdict,
      place: placeOf(path),
      placeOf: (key, position) => placeOf(`${path}.${fieldAt(row, key, position)}`),
      ...(ports ? { ports } : {}),
      ...(because === undefined ? {} : { because: String(because) }),
    };
  });
  const [among, ports, sources] = ['among', 'ports', 'sources'].map(texts);
  const [cluster, cni, given] = ['cluster', 'cni', 'name'].map((key) => {
    const own = texts(key);
    if (own && own.length > 1) bad(key, `\`${key}\` is a list`, 'write one text');
    return own?.[0];
  });
  const table: ConnectivityTable = {
    name: given ?? name,
    default: standard ?? 'denied',
    among: among ?? ['*/*'],
    rows,
    place: placeOf(''),
    placeOf: (key, position) => placeOf(fieldAt(fields, key, position)),
    ...(ports ? { ports } : {}),
  };
  return {
    table,
    settingAt: placeOf,
    ...(sources ? { sources } : {}),
    ...(cluster === undefined ? {} : { cluster }),
    ...(cni === undefined ? {} : { cni }),
  };
}

/** As `from[1]`, or `from` where it is one text. */
function fieldAt(fields: Readonly<Record<string, unknown>>, key: string, position: number): string {
  return Array.isArray(fields[key]) ? `${key}[${position}]` : key;
}

type Bad = (field: string, message: string, hint: string) => void;

function fieldsIn(
  given: unknown,
  path: string,
  known: readonly string[],
  bad: Bad,
): Readonly<Record<string, unknown>> | undefined {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    bad(path, path ? 'an exception is no mapping' : 'a table is no mapping', `write ${known.slice(0, 3).join(', ')} …`);
    return undefined;
  }
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    bad(
      path ? `${path}.${key}` : key,
      `\`${key}\` is not known here`,
      didYouMean(key, known) ?? `there are ${known.join(', ')}`,
    );
  }
  return given as Record<string, unknown>;
}

function verdictOf(value: unknown, field: string, bad: Bad): (typeof verdicts)[number] | undefined {
  if (value === undefined) return undefined;
  const found = verdicts.find((verdict) => verdict === value);
  if (!found) {
    const text = String(value);
    bad(field, `\`${text}\` is no verdict`, didYouMean(text, verdicts) ?? 'write `allowed` or `denied`');
  }
  return found;
}

/** One text or number, or a list of them. */
function textsOf(value: unknown, field: string, bad: Bad): string[] | undefined {
  if (value === undefined) return undefined;
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) bad(field, 'the list is empty', 'name one: none would mean that nothing is stated');
  const wrong = list.filter((item) => typeof item !== 'string' && typeof item !== 'number');
  for (const item of wrong) bad(field, `\`${JSON.stringify(item)}\` is no text`, 'write a text, or a list of texts');
  return list.filter((item) => !wrong.includes(item)).map(String);
}
