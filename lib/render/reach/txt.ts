import type { BlastRadius, ReachListing, ReachRanking, StolenReachListing } from '../../model/reach-listing';
import { Terms } from '../connectivity/ends';
import { exposureText, warningsOf } from '../connectivity/statements';
import { lines, wrapped } from '../connectivity/txt';
import { counted, visible } from '../connectivity/visible-text';
import type { Paint } from '../paint';
import {
  addressText,
  adviceLines,
  distinct,
  entranceText,
  radiusHeadline,
  rankingHeadline,
  reachNotes,
  reachSections,
  type ShownReach,
  shownRank,
  stolenHeadline,
  stolenSections,
} from './words';

const widest = 48;
const widestWay = 72;
const textWidth = 100;
/** Longer sections are cut, and the reader is told. */
const mostRows = 25;
const mostStops = 4;
const mostRules = 12;
const mostChoices = 3;

/** For a person at a terminal: how far a break-in gets, nearest first, and what it rests on. */
export function reachToTxt(listing: ReachListing, paint: Paint): string {
  const sections = [
    ...bodyOf(listing, paint),
    warningsOf(listing).map((text) => paint.red(`warning: ${visible(text)}`)),
    reachNotes(listing).map((text) => paint.dim(`note: ${visible(text)}`)),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}

function bodyOf(listing: ReachListing, paint: Paint): string[][] {
  switch (listing.mode) {
    case 'from':
      return radiusLines(listing, paint);
    case 'ranking':
      return rankingLines(listing, paint);
    case 'stolen':
      return stolenLines(listing, paint);
  }
}

function radiusLines(listing: BlastRadius, paint: Paint): string[][] {
  const { addresses, entrances } = listing;
  const byDecision = (decision: 'allowed' | 'unknown') =>
    addresses.filter((row) => row.decision === decision).map((row) => addressText(row, listing));
  const entered = (decision: 'allowed' | 'unknown') =>
    entrances.addresses.filter((row) => row.decision === decision).map(entranceText);
  return [
    headline(radiusHeadline(listing), paint),
    ...reachSections(listing).map(({ heading, reasons, rows }) => {
      const left = rows.map(namesOf);
      const width = Math.min(widestWay, Math.max(0, ...left.flat().map(({ length }) => length)));
      const body = rows.map(({ ports }, i) => columns([left[i]!, wrapped(ports, 44)], [width]));
      return section(heading, reasons, body, paint);
    }),
    section('Addresses outside the cluster', [], bullets(byDecision('allowed')), paint),
    section('Unknown: addresses outside the cluster', [], bullets(byDecision('unknown')), paint, 'open'),
    section(
      'The start can be reached from',
      [],
      bullets([...entered('allowed'), ...entrances.exposures.map(exposureText)]),
      paint,
    ),
    section('Unknown: the start can perhaps be reached from', [], bullets(entered('unknown')), paint, 'open'),
  ];
}

/** The way before the targets, as in `shop/cart → shop/redis`, further lines of targets below the first; long ways by their ends. */
function namesOf({ through, to }: ShownReach): string[] {
  const stops =
    through.length > mostStops ? [through[0]!, `${through.length - 2} more`, through.at(-1)!] : [...through];
  const way = stops.map((stop) => `${visible(stop)} → `).join('');
  return lines(to, widest).map((line, i) => (i === 0 ? way : ' '.repeat(way.length)) + line);
}

function rankingLines(listing: ReachRanking, paint: Paint): string[][] {
  const refs = distinct(listing.rows.flatMap(({ workloads }) => workloads));
  const terms = new Terms({ ...listing, workloads: refs }, 'with-exceptions');
  const shown = listing.rows.slice(0, mostRows).map((row) => shownRank(row, terms));
  const rest = listing.rows.length - shown.length;
  if (shown.length === 0) return [headline(rankingHeadline(listing), paint), ['the input has no workloads']];
  const widthOf = (texts: readonly string[]) => Math.max(...texts.map(({ length }) => length));
  const [all, direct] = [
    widthOf(['reaches', ...shown.map((row) => row.all)]),
    widthOf(['directly', ...shown.map((row) => row.direct)]),
  ];
  const names = shown.map((row) => lines(row.workloads, widest));
  const width = Math.max(...names.flat().map(({ length }) => length));
  const head = `  ${'reaches'.padStart(all)}  ${'directly'.padStart(direct)}  ${'from'.padEnd(width)}`.trimEnd();
  const rows = shown.flatMap((row, i) =>
    columns(
      [[row.all.padStart(all)], [row.direct.padStart(direct)], names[i]!, wrapped(row.outside.split(' '), 44)],
      [all, direct, width],
    ),
  );
  const more = rest > 0 ? [`  and ${counted(rest, 'more row')}: --output json has all of them`] : [];
  return [headline(rankingHeadline(listing), paint), [paint.dim(head), ...rows, ...more]];
}

function stolenLines(listing: StolenReachListing, paint: Paint): string[][] {
  const advice = adviceLines(listing).flatMap(({ text, rules }) => [
    ...wrapped(visible(text).split(' '), textWidth).map((line, i) => (i === 0 ? `  - ${line}` : `    ${line}`)),
    ...rules.slice(0, mostRules).map((rule) => `      ${visible(rule)}`),
    ...(rules.length > mostRules ? [`      and ${counted(rules.length - mostRules, 'more rule')}`] : []),
  ]);
  return [
    headline(stolenHeadline(listing), paint),
    ...stolenSections(listing).map(({ heading, reasons, rows }) => {
      const who = rows.map((row) => lines(row.who, widest));
      const width = Math.min(widest + 6, Math.max(...who.flat().map(({ length }) => length)));
      const ports = rows.map((row) => wrapped(row.ports, 24));
      const portWidth = Math.max(...ports.flat().map(({ length }) => length));
      const body = rows.map(({ labels }, i) =>
        columns([who[i]!, ports[i]!, wrapped(choices(labels), 60)], [width, portWidth]),
      );
      return section(heading, reasons, body, paint);
    }),
    advice.length > 0 ? [paint.bold('What makes it possible'), ...advice] : [],
  ];
}

/** As in `with {app=cart} or {app=web}`, in words to wrap. */
function choices(labels: readonly string[]): string[] {
  const rest = labels.length - mostChoices;
  const shown = rest > 0 ? [...labels.slice(0, mostChoices), `${rest} more choices`] : labels;
  return shown.map((text, i) => `${i === 0 ? 'with' : 'or'} ${visible(text)}`);
}

function headline(text: string, paint: Paint): string[] {
  return wrapped(visible(text).split(' '), textWidth).map((line) => paint.bold(line));
}

function section(
  heading: string,
  reasons: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
  state: 'certain' | 'open' = reasons.length > 0 || heading.startsWith('Unknown') ? 'open' : 'certain',
): string[] {
  if (rows.length === 0) return [];
  const rest = rows.length - mostRows;
  const bold = paint.bold(visible(heading));
  return [
    state === 'open' ? paint.red(bold) : bold,
    ...reasons.map((reason) => `  ${paint.red(visible(reason))}`),
    ...rows.slice(0, mostRows).flat(),
    ...(rest > 0 ? [`  and ${counted(rest, 'more row')}: --output json has all of them`] : []),
  ];
}

function bullets(texts: readonly string[]): string[][] {
  return texts.map((text) =>
    wrapped(visible(text).split(' '), textWidth).map((line, i) => (i === 0 ? `  ${line}` : `      ${line}`)),
  );
}

function columns(cells: readonly (readonly string[])[], widths: readonly number[]): string[] {
  const height = Math.max(...cells.map(({ length }) => length));
  return Array.from({ length: height }, (_, i) => {
    const texts = cells.map((cell, column) => (cell[i] ?? '').padEnd(widths[column] ?? 0));
    return `  ${texts.join('  ')}`.trimEnd();
  });
}
