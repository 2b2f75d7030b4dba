import type { ExposureListing } from '../../model/exposure-listing';
import { warningsOf } from '../connectivity/statements';
import { lines, wrapped } from '../connectivity/txt';
import { counted, visible } from '../connectivity/visible-text';
import type { Paint } from '../paint';
import { closedText, exposureHeadline, exposureNotes, type ShownExposure, sectionsOf } from './words';

/** Where lists are broken; a name by itself may be longer. */
const widest = 48;
const widestColumn = 72;
/** Longer sections are cut, and the reader is told. */
const mostRows = 40;

/** For a person at a terminal: which pods outside the input could reach which workloads, and be reached. */
export function exposureToTxt(listing: ExposureListing, paint: Paint): string {
  const closed = closedText(listing);
  const parts = sectionsOf(listing).map(({ heading, reasons, rows }) => {
    const shown = rows.slice(0, mostRows);
    const widthOf = (side: 'from' | 'to') =>
      Math.min(widestColumn, Math.max(...shown.flatMap((row) => lines(row[side], widest).map(({ length }) => length))));
    const widths = { from: widthOf('from'), to: widthOf('to') };
    const rest = rows.length - shown.length;
    return [
      reasons.length > 0 ? paint.red(paint.bold(heading)) : paint.bold(heading),
      ...reasons.map((reason) => `  ${paint.red(visible(reason))}`),
      ...shown.flatMap((row) => rowLines(row, widths, paint)),
      ...(rest > 0 ? [`  and ${counted(rest, 'more row')}: --output json has all of them`] : []),
    ];
  });
  const sections = [
    [paint.bold(visible(exposureHeadline(listing)))],
    ...parts,
    closed ? wrapped(visible(closed).split(' '), 100) : [],
    warningsOf(listing).map((text) => paint.red(`warning: ${visible(text)}`)),
    exposureNotes(listing).map((text) => paint.dim(`note: ${visible(text)}`)),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}

function rowLines(row: ShownExposure, widths: { from: number; to: number }, paint: Paint): string[] {
  const [from, to] = [lines(row.from, widest), lines(row.to, widest)];
  const ports = wrapped(row.ports, 40);
  return Array.from({ length: Math.max(from.length, to.length, ports.length) }, (_, i) => {
    const arrow = i === 0 ? paint.dim('→') : ' ';
    const pair = `${(from[i] ?? '').padEnd(widths.from)} ${arrow} ${(to[i] ?? '').padEnd(widths.to)}`;
    return `  ${pair}  ${ports[i] ?? ''}`.trimEnd();
  });
}
