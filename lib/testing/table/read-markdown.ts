import { didYouMean } from '../../constructs/did-you-mean';
import type { Issue, Place } from '../../model/issue';
import { type Bad, readTableSettings, type Said, words } from './markdown-settings';
import type { ReadTable } from './read-tables';
import { type PlaceOf, type TableRow, verdicts } from './table';

type Verdict = TableRow['verdict'];

const setting = /^\s*([a-z]+)\s*:\s*(.+?)\s*$/i;
const heading = /^#{1,6}\s+(.+?)\s*#*\s*$/;
const rule = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;
const columns = ['from', 'to', 'ports', 'verdict', 'because'] as const;
const blank = /^[-–—]?$/;
const no = /^(|-|–|—|✗|✘|x|no|denied)$/i;
const yes = /^(✓|✔|yes|allowed)$/i;

/**
 * The tables of a Markdown text: those with columns `from` and `to`, one exception a row; and those whose first column names sources and whose other
 * columns name destinations. Lines as `Default: denied` before a table are about it; its name is the heading above. Other tables are left alone.
 *
 * @param report receives every problem, at its line
 */
export function readMarkdownTables(
  file: string,
  text: string,
  name: string,
  report: (issue: Issue) => void,
): ReadTable[] {
  const lines = text.split(/\r?\n/);
  const found: ReadTable[] = [];
  let title = name;
  let said: Said[] = [];
  let isCode = false;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (/^\s*(```|~~~)/.test(line)) isCode = !isCode;
    if (isCode) continue;
    const [, named] = heading.exec(line) ?? [];
    const [, key, value] = setting.exec(plain(line)) ?? [];
    if (named !== undefined) [title, said] = [plain(named), []];
    else if (key !== undefined) said.push({ key: key.toLowerCase(), value: value!, place: { file, line: i + 1 } });
    if (!line.includes('|') || !rule.test(lines[i + 1] ?? '') || !(lines[i + 1] ?? '').includes('-')) continue;
    const rows: { cells: string[]; place: Place }[] = [];
    let end = i + 2;
    for (; end < lines.length && lines[end]!.includes('|'); end++) {
      rows.push({ cells: cellsOf(lines[end]!), place: { file, line: end + 1 } });
    }
    const table = tableOf(cellsOf(line), rows, said, title, { file, line: i + 1 }, report);
    if (table) found.push(table);
    i = end - 1;
  }
  return found;
}

function tableOf(
  head: readonly string[],
  rows: readonly { readonly cells: readonly string[]; readonly place: Place }[],
  said: readonly Said[],
  name: string,
  place: Place,
  report: (issue: Issue) => void,
): ReadTable | undefined {
  const names = head.map((cell) => cell.toLowerCase().replace(/^port$/, 'ports'));
  const isList = names.includes('from') && names.includes('to');
  const isMatrix = !isList && /^(|from.*)$/i.test(head[0] ?? 'x') && head.length > 1;
  if (!isList && !isMatrix) return undefined;
  const bad: Bad = (at, message, hint) => report({ code: 'bad-table', message, place: at, hint });
  const { standard, among, ports, about, placeOf: settingAt } = readTableSettings(said, place, bad);
  const unknown = isList ? names.filter((column) => !(columns as readonly string[]).includes(column)) : [];
  for (const column of unknown)
    bad(place, `\`${column}\` is no column`, didYouMean(column, columns) ?? `there are ${columns.join(', ')}`);
  for (const { cells, place: at } of rows) {
    if (cells.length > head.length) bad(at, 'the row has more cells than columns', 'write `\\|` for a pipe in a cell');
  }
  const other: Verdict = standard === 'allowed' ? 'denied' : 'allowed';
  const read = isList
    ? rows.map((row) => listRow(names, row, other, bad))
    : rows.flatMap((row) => matrixRows(head.slice(1), place, row, bad));
  // Those that a matrix names, each where it first does.
  const ends = new Map<string, Place>(isList ? [['*/*', place]] : []);
  for (const name of isMatrix ? head.slice(1) : []) if (name) ends.set(name, { ...place, field: 'to' });
  for (const { cells, place: at } of isMatrix ? rows : [])
    if (cells[0] && !ends.has(cells[0])) ends.set(cells[0], { ...at, field: 'from' });
  const places = [...ends.values()];
  const placeOf: PlaceOf = (field, position) => (field === 'among' && !among ? places[position]! : settingAt(field));
  const table = {
    name,
    default: standard,
    among: among ?? [...ends.keys()],
    rows: read,
    place,
    placeOf,
    ...(ports ? { ports } : {}),
  };
  return { table, settingAt, ...about };
}

function listRow(
  names: readonly string[],
  { cells, place }: { readonly cells: readonly string[]; readonly place: Place },
  standard: Verdict,
  bad: Bad,
): TableRow {
  const cell = (name: (typeof columns)[number]) => cells[names.indexOf(name)]?.trim() ?? '';
  const [from, to] = [words(cell('from')), words(cell('to'))];
  const at = (field: (typeof columns)[number]): Place => ({ ...place, field });
  if (from.length === 0 || to.length === 0)
    bad(place, 'a row names nobody', 'fill `from` and `to`: nobody would mean nothing');
  const given = cell('verdict');
  const isKnown = given === '' || no.test(given) || yes.test(given);
  if (!isKnown)
    bad(at('verdict'), `\`${given}\` is no verdict`, didYouMean(given, verdicts) ?? 'write `allowed` or `denied`');
  const verdict = given === '' ? standard : yes.test(given) ? 'allowed' : 'denied';
  const ports = portsIn(cell('ports'), at('ports'), bad);
  const because = cell('because');
  const places = { place, placeOf: (field: Parameters<PlaceOf>[0]) => ({ ...place, field }) };
  return { from, to, verdict, ...places, ...(ports.length > 0 ? { ports } : {}), ...(because ? { because } : {}) };
}

/** A cell is what is allowed from its row to its column: ports, all of them, or none. One of somebody to itself may be left blank. */
function matrixRows(
  destinations: readonly string[],
  head: Place,
  { cells: [source = '', ...cells], place }: { readonly cells: readonly string[]; readonly place: Place },
  bad: Bad,
): TableRow[] {
  return destinations.flatMap((destination, i): TableRow[] => {
    const cell = cells[i] ?? '';
    if ((source === '' || destination === '') && cell !== '')
      bad(place, `a cell \`${cell}\` is about nobody`, 'name the source in its row, and the destination in its column');
    if (source === '' || destination === '' || (source === destination && blank.test(cell))) return [];
    const at: Place = { ...place, field: destination };
    const placeOf: PlaceOf = (field) => (field === 'ports' ? at : { ...(field === 'to' ? head : place), field });
    const ends = { from: [source], to: [destination], place, placeOf };
    const denied: TableRow = { ...ends, verdict: 'denied' };
    if (no.test(cell)) return [denied];
    return yes.test(cell)
      ? [{ ...ends, verdict: 'allowed' }]
      : [denied, { ...ends, verdict: 'allowed', ports: portsIn(cell, at, bad) }];
  });
}

function portsIn(cell: string, place: Place, bad: Bad): string[] {
  const ports = words(cell);
  if (cell !== '' && ports.length === 0) bad(place, `\`${cell}\` names no port`, 'write as in `http, 53/UDP`');
  return ports;
}

/** A pipe inside a cell is written `\|`. */
function cellsOf(line: string): string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => plain(cell.replaceAll('\\|', '|')));
}

/** Without the marks of code and emphasis around it. */
function plain(text: string): string {
  return text.replace(/[`]|\*\*/g, '').trim();
}
