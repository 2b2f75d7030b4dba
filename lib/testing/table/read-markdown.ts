import type { Issue, Place } from '../../model/issue';
import type { ReadTable } from './read-tables';
import type { TableRow } from './table';

type Verdict = TableRow['verdict'];

const setting = /^\s*(default|among|ports|sources|cluster|cni)\s*:\s*(.+?)\s*$/i;
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
  let settings: Record<string, string> = {};
  let isCode = false;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (/^\s*(```|~~~)/.test(line)) isCode = !isCode;
    if (isCode) continue;
    const [, named] = heading.exec(line) ?? [];
    const [, key, value] = setting.exec(plain(line)) ?? [];
    if (named !== undefined) [title, settings] = [plain(named), {}];
    else if (key !== undefined) settings[key.toLowerCase()] = value!;
    if (!line.includes('|') || !rule.test(lines[i + 1] ?? '') || !(lines[i + 1] ?? '').includes('-')) continue;
    const rows: { cells: string[]; place: Place }[] = [];
    let end = i + 2;
    for (; end < lines.length && lines[end]!.includes('|'); end++) {
      rows.push({ cells: cellsOf(lines[end]!), place: { file, line: end + 1 } });
    }
    const table = tableOf(cellsOf(line), rows, settings, title, { file, line: i + 1 }, report);
    if (table) found.push(table);
    i = end - 1;
  }
  return found;
}

function tableOf(
  head: readonly string[],
  rows: readonly { readonly cells: readonly string[]; readonly place: Place }[],
  settings: Readonly<Record<string, string>>,
  name: string,
  place: Place,
  report: (issue: Issue) => void,
): ReadTable | undefined {
  const names = head.map((cell) => cell.toLowerCase().replace(/^port$/, 'ports'));
  const isList = names.includes('from') && names.includes('to');
  const isMatrix = !isList && /^(|from.*)$/i.test(head[0] ?? 'x') && head.length > 1;
  if (!isList && !isMatrix) return undefined;
  const bad: Bad = (at, message, hint) => report({ code: 'bad-table', message, place: at, hint });
  const standard = (settings['default'] ?? 'denied').toLowerCase();
  if (standard !== 'allowed' && standard !== 'denied')
    bad(place, `\`${standard}\` is no verdict`, 'write `Default: denied`, or `allowed`');
  const unknown = isList ? names.filter((column) => !(columns as readonly string[]).includes(column)) : [];
  for (const column of unknown) bad(place, `\`${column}\` is no column`, `there are ${columns.join(', ')}`);
  for (const { cells, place: at } of rows) {
    if (cells.length > head.length) bad(at, 'the row has more cells than columns', 'write `\\|` for a pipe in a cell');
  }
  const other: Verdict = standard === 'allowed' ? 'denied' : 'allowed';
  const read = isList
    ? rows.flatMap((row) => listRow(names, row, other, bad) ?? [])
    : rows.flatMap((row) => matrixRows(head.slice(1), row, bad));
  const ends = isMatrix
    ? [...new Set([...head.slice(1), ...rows.map(({ cells }) => cells[0]!)])].filter(Boolean)
    : ['*/*'];
  const table = {
    name,
    default: standard === 'allowed' ? ('allowed' as const) : ('denied' as const),
    among: settings['among'] ? words(settings['among']) : ends,
    rows: read,
    place,
    ...(settings['ports'] ? { ports: words(settings['ports']) } : {}),
  };
  return {
    table,
    ...(settings['sources'] ? { sources: words(settings['sources']) } : {}),
    ...(settings['cluster'] ? { cluster: settings['cluster'] } : {}),
    ...(settings['cni'] ? { cni: settings['cni'] } : {}),
  };
}

type Bad = (at: Place, message: string, hint: string) => void;

function listRow(
  names: readonly string[],
  { cells, place }: { readonly cells: readonly string[]; readonly place: Place },
  standard: Verdict,
  bad: Bad,
): TableRow | undefined {
  const cell = (name: (typeof columns)[number]) => cells[names.indexOf(name)]?.trim() ?? '';
  const [from, to] = [words(cell('from')), words(cell('to'))];
  if (from.length === 0 || to.length === 0) {
    bad(place, 'a row names nobody', 'fill `from` and `to`: nobody would mean nothing');
    return undefined;
  }
  const given = cell('verdict');
  const isKnown = given === '' || no.test(given) || yes.test(given);
  if (!isKnown) bad(place, `\`${given}\` is no verdict`, 'write `allowed` or `denied`');
  const verdict = given === '' ? standard : yes.test(given) ? 'allowed' : 'denied';
  const ports = portsIn(cell('ports'), place, bad);
  const because = cell('because');
  return { from, to, verdict, place, ...(ports.length > 0 ? { ports } : {}), ...(because ? { because } : {}) };
}

/** A cell is what is allowed from its row to its column: ports, all of them, or none. One of somebody to itself may be left blank. */
function matrixRows(
  destinations: readonly string[],
  { cells: [source = '', ...cells], place }: { readonly cells: readonly string[]; readonly place: Place },
  bad: Bad,
): TableRow[] {
  return destinations.flatMap((destination, i): TableRow[] => {
    const cell = cells[i] ?? '';
    if ((source === '' || destination === '') && cell !== '')
      bad(place, `a cell \`${cell}\` is about nobody`, 'name the source in its row, and the destination in its column');
    if (source === '' || destination === '' || (source === destination && blank.test(cell))) return [];
    const ends = { from: [source], to: [destination], place };
    const denied: TableRow = { ...ends, verdict: 'denied' };
    if (no.test(cell)) return [denied];
    return yes.test(cell)
      ? [{ ...ends, verdict: 'allowed' }]
      : [denied, { ...ends, verdict: 'allowed', ports: portsIn(cell, place, bad) }];
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

/** Names that are separated by commas, but not by those between braces. */
function words(text: string): string[] {
  return (text.match(/(?:[^,{]|\{[^}]*\})+/g) ?? []).map((word) => word.trim()).filter(Boolean);
}
