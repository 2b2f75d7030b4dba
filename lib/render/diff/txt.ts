import type { DiffListing } from '../../model/diff-listing';
import { lines, wrapped } from '../connectivity/txt';
import { counted, visible } from '../connectivity/visible-text';
import type { Paint } from '../paint';
import { gateTexts } from './gate';
import { notesOf, verdictText } from './summary';
import {
  causeTexts,
  changeHeadings,
  exposureText,
  guaranteeText,
  isolationText,
  movedText,
  newAndGone,
  possibleText,
  type ShownChange,
  type Sign,
  sectionHeadings,
  shownChanges,
  shownPossible,
  termsOf,
} from './words';

/** More rows of one kind are counted instead. */
const mostRows = 60;
const widest = 44;

/** For a person at a terminal: the verdict, then what changed, each with the rule and line that causes it. */
export function diffToTxt(listing: DiffListing, paint: Paint): string {
  const terms = termsOf(listing);
  const changes = shownChanges(listing, terms);
  const { added, removed } = newAndGone(listing);
  const sections = [
    [verdictPaint(listing, paint)(visible(verdictText(listing)))],
    headed(
      sectionHeadings.moved,
      cut(listing.workloads.moved, (row) => [`  ${visible(movedText(row, terms))}`]),
      paint,
    ),
    ...(['+', '~', '-', '?'] as const).map((sign) =>
      section(
        sign,
        changes.filter((row) => row.sign === sign),
        paint,
      ),
    ),
    headed(
      sectionHeadings.isolation,
      listing.isolation.flatMap((row) => withCauses(`  ${isolationText(row, terms)}`, causeTexts(row.causes), paint)),
      paint,
    ),
    headed(
      sectionHeadings.workloads,
      [
        ...named('new', added.length > 0 ? terms.of(added).map(({ text }) => text) : []),
        ...named('gone', removed.length > 0 ? terms.of(removed).map(({ text }) => text) : []),
      ],
      paint,
    ),
    headed(
      sectionHeadings.exposures,
      listing.exposures.map((row) => `  ${visible(exposureText(row))}`),
      paint,
    ),
    headed(
      sectionHeadings.possible,
      cut(shownPossible(listing), (row) => {
        const sign = row.kind === 'gained' ? paint.green('+') : paint.red('-');
        return withCauses(`  ${sign} ${visible(possibleText(row))}`, causeTexts(row.causes), paint);
      }),
      paint,
    ),
    headed(
      sectionHeadings.guarantees,
      listing.guarantees.map((row) => `  ${visible(guaranteeText(row))}`),
      paint,
    ),
    gateTexts(listing).flatMap(({ text, details }) => [
      text.startsWith('fails') ? paint.red(visible(text)) : visible(text),
      ...details.map((detail) => `  ${visible(detail)}`),
    ]),
    notesOf(listing).map((text) => paint.dim(`note: ${visible(text)}`)),
  ];
  return `${sections
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')}\n`;
}

function verdictPaint({ verdict }: DiffListing, paint: Paint) {
  return (text: string) =>
    paint.bold(verdict === 'equal' ? paint.green(text) : verdict === 'unknown' ? paint.red(text) : text);
}

function section(sign: Sign, rows: readonly ShownChange[], paint: Paint): string[] {
  const width = (side: 'from' | 'to') =>
    Math.min(
      widest + 6,
      Math.max(
        0,
        ...rows
          .slice(0, mostRows)
          .flatMap((row) => lines(row[side], widest))
          .map((l) => l.length),
      ),
    );
  const widths = { from: width('from'), to: width('to') };
  const colour = sign === '+' ? paint.green : sign === '-' ? paint.red : (text: string) => text;
  return headed(
    changeHeadings[sign],
    cut(rows, (row) => changeLines(row, widths, colour, paint)),
    paint,
  );
}

function changeLines(
  row: ShownChange,
  widths: { from: number; to: number },
  colour: (text: string) => string,
  paint: Paint,
): string[] {
  const [from, to, ports] = [lines(row.from, widths.from), lines(row.to, widths.to), wrapped(row.ports, 40)];
  const table = Array.from({ length: Math.max(from.length, to.length, ports.length) }, (_, i) => {
    const [sign, arrow] = i === 0 ? [colour(row.sign), paint.dim('→')] : [' ', ' '];
    return `  ${sign} ${(from[i] ?? '').padEnd(widths.from)} ${arrow} ${(to[i] ?? '').padEnd(widths.to)}  ${ports[i] ?? ''}`.trimEnd();
  });
  const except = row.except > 0 ? [`but for ${counted(row.except, 'pair')}`] : [];
  return [...table, ...[...except, ...row.reasons, ...row.causes].map((text) => paint.dim(`      ${visible(text)}`))];
}

function withCauses(line: string, causes: readonly string[], paint: Paint): string[] {
  return [line, ...causes.map((text) => paint.dim(`      ${visible(text)}`))];
}

function named(word: string, names: readonly string[]): string[] {
  return names.length === 0
    ? []
    : wrapped(
        names.map((name, i) => visible(i < names.length - 1 ? `${name},` : name)),
        90,
      ).map((line, i) => `  ${(i === 0 ? `${word}:` : '').padEnd(6)}${line}`);
}

function cut<T>(rows: readonly T[], linesOf: (row: T) => readonly string[]): string[] {
  const rest = rows.length - mostRows;
  return [
    ...rows.slice(0, mostRows).flatMap(linesOf),
    ...(rest > 0 ? [`  and ${counted(rest, 'more row')}: --output json has all of them`] : []),
  ];
}

function headed(heading: string, body: readonly string[], paint: Paint): string[] {
  return body.length === 0 ? [] : [paint.bold(heading), ...body];
}
