import type { ConnectivityListing } from '../../model/connectivity-listing';
import type { Paint } from '../paint';
import { type Term, Terms } from './ends';
import {
  emptyText,
  exposureText,
  headline,
  isolationGroups,
  notesOf,
  reasonText,
  type ShownRow,
  shownRows,
  warningsOf,
} from './statements';
import { counted, visible } from './visible-text';

/** Longer lists are cut, and the reader is told. */
const mostTerms = 12;
const widest = 44;

/** For a person at a terminal: a table of who may talk to whom, then what it rests on. */
export function connectivityToTxt(listing: ConnectivityListing, paint: Paint): string {
  const terms = new Terms(listing, 'with-exceptions');
  const [allowed, unknown] = [shownRows(listing, terms, 'allowed'), shownRows(listing, terms, 'unknown')];
  const rows = [...allowed, ...unknown];
  const widths = { from: widthOf(rows.map(({ from }) => from)), to: widthOf(rows.map(({ to }) => to)) };
  const table = (list: readonly ShownRow[]) => list.flatMap((row) => tableLines(row, widths, paint));

  const sections: string[][] = [
    [paint.bold(visible(headline(listing)))],
    allowed.length > 0 ? [paint.bold('Allowed'), ...table(allowed)] : [emptyText(listing)],
    ...byReasons(unknown).map(({ reasons, rows: list }) => [
      ...reasons.map((reason, i) => paint.bold(paint.red(`${i === 0 ? 'Unknown:' : '        '} ${visible(reason)}`))),
      ...table(list),
    ]),
    headed(
      'Exposed',
      listing.exposures.map((exposure) => `  ${visible(exposureText(exposure))}`),
      paint,
    ),
    headed(
      'Isolation',
      isolationGroups(listing).flatMap(({ heading, members }) =>
        lines(terms.of(members), 80).map((line, i) => (i === 0 ? `  ${heading}: ${line}` : `      ${line}`)),
      ),
      paint,
    ),
    warningsOf(listing).map((text) => paint.red(`warning: ${visible(text)}`)),
    [...notesOf(listing), ...cutNote(rows)].map((text) => paint.dim(`note: ${visible(text)}`)),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}

function headed(heading: string, body: readonly string[], paint: Paint): string[] {
  return body.length === 0 ? [] : [paint.bold(heading), ...body];
}

function byReasons(rows: readonly ShownRow[]): { reasons: string[]; rows: ShownRow[] }[] {
  const groups = new Map<string, ShownRow[]>();
  for (const row of rows) {
    const key = row.because.map(({ question }) => question).join('\n');
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((list) => {
    const questions = list[0]!.because.map(({ question }) => {
      const examples = list.flatMap(({ because }) => because.find((b) => b.question === question)?.examples ?? []);
      return reasonText({ question, examples: [...new Set(examples)].sort().slice(0, 3) });
    });
    return { reasons: questions, rows: list };
  });
}

function tableLines(row: ShownRow, widths: { from: number; to: number }, paint: Paint): string[] {
  const [from, to] = [lines(row.from, widths.from), lines(row.to, widths.to)];
  const ports = wrapped(row.ports, 40);
  return Array.from({ length: Math.max(from.length, to.length, ports.length) }, (_, i) => {
    const arrow = i === 0 ? paint.dim('→') : ' ';
    const line = `  ${(from[i] ?? '').padEnd(widths.from)} ${arrow} ${(to[i] ?? '').padEnd(widths.to)}  ${ports[i] ?? ''}`;
    return line.trimEnd();
  });
}

/** Names in lines up to the width; longer lists are cut. */
export function lines(terms: readonly Term[], width: number): string[] {
  const shown = terms.slice(0, mostTerms).map(({ text }) => visible(text));
  const rest = terms.slice(mostTerms).reduce((sum, { count }) => sum + count, 0);
  const listed = rest > 0 ? [...shown, `and ${rest.toLocaleString('en-US')} more`] : shown;
  const pieces = listed.map((text, i) => (i < listed.length - 1 ? `${text},` : text));
  // Addresses are a list in one text.
  return wrapped(terms[0]?.count === 0 ? pieces.flatMap((text) => text.split(/(?<=[,;]) /)) : pieces, width);
}

/** Fills lines up to the width; what is longer has a line of its own. */
export function wrapped(pieces: readonly string[], width: number): string[] {
  const result: string[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (last !== undefined && last.length + 1 + piece.length <= width) result[result.length - 1] = `${last} ${piece}`;
    else result.push(piece);
  }
  return result;
}

function widthOf(columns: readonly (readonly Term[])[]): number {
  const longest = (limit: number) =>
    Math.max(0, ...columns.flatMap((terms) => lines(terms, limit)).map((l) => l.length));
  return Math.min(longest(widest), widest + 6);
}

function cutNote(rows: readonly ShownRow[]): string[] {
  const cut = rows.filter(({ from, to }) => Math.max(from.length, to.length) > mostTerms).length;
  return cut === 0
    ? []
    : [`${counted(cut, 'row has a list', 'rows have lists')} too long to show here: --output json has all of it`];
}
