import type { BlastRadius, ReachListing, ReachRanking, StolenReachListing } from '../../model/reach-listing';
import { type Term, Terms } from '../connectivity/ends';
import { code, escaped } from '../connectivity/md';
import { exposureText, warningsOf } from '../connectivity/statements';
import {
  addressText,
  adviceLines,
  distinct,
  entranceText,
  radiusHeadline,
  rankingHeadline,
  reachNotes,
  reachSections,
  shownRank,
  stolenHeadline,
  stolenSections,
} from './words';

/** For a pull request or a page: tables in GitHub's Markdown. */
export function reachToMd(listing: ReachListing): string {
  const sections = [
    ...bodyOf(listing),
    ...warningsOf(listing).map((text) => [`> **Warning:** ${escaped(text)}`]),
    titled('## Notes', reachNotes(listing)),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}

function bodyOf(listing: ReachListing): string[][] {
  switch (listing.mode) {
    case 'from':
      return radius(listing);
    case 'ranking':
      return ranking(listing);
    case 'stolen':
      return stolen(listing);
  }
}

function radius(listing: BlastRadius): string[][] {
  const { addresses, entrances } = listing;
  const mark = (decision: 'allowed' | 'unknown', text: string) => (decision === 'unknown' ? `perhaps ${text}` : text);
  return [
    ['# Blast radius', '', escaped(radiusHeadline(listing))],
    ...reachSections(listing).map(({ heading, reasons, rows }) => [
      `## ${escaped(heading)}`,
      '',
      ...reasons.flatMap((reason) => [escaped(reason), '']),
      ...table(
        ['Over', 'To', 'Ports'],
        rows.map(({ through, to, ports }) => [through.map(code).join(' → '), names(to), ports.map(code).join('<br>')]),
      ),
    ]),
    titled(
      '## Addresses outside the cluster',
      addresses.map((row) => mark(row.decision, addressText(row, listing))),
    ),
    titled('## The start can be reached from', [
      ...entrances.addresses.map((row) => mark(row.decision, entranceText(row))),
      ...entrances.exposures.map(exposureText),
    ]),
  ];
}

function ranking(listing: ReachRanking): string[][] {
  const refs = distinct(listing.rows.flatMap(({ workloads }) => workloads));
  const terms = new Terms({ ...listing, workloads: refs }, 'with-exceptions');
  const rows = listing.rows.map((row) => {
    const shown = shownRank(row, terms);
    return [shown.all, shown.direct, names(shown.workloads), escaped(shown.outside)];
  });
  const head = ['# Blast radius of every workload', '', escaped(rankingHeadline(listing))];
  return [head, rows.length > 0 ? table(['Reaches', 'Directly', 'From', 'Outside'], rows) : []];
}

function stolen(listing: StolenReachListing): string[][] {
  return [
    [`# A stolen pod in ${escaped(listing.namespace)}`, '', escaped(stolenHeadline(listing))],
    ...stolenSections(listing).map(({ heading, reasons, rows }) => [
      `## ${escaped(heading)}`,
      '',
      ...reasons.flatMap((reason) => [escaped(reason), '']),
      ...table(
        ['Who', 'Ports', 'With labels'],
        rows.map(({ who, ports, labels }) => [names(who), ports.map(code).join('<br>'), labels.map(code).join('<br>')]),
      ),
    ]),
    titled(
      '## What makes it possible',
      adviceLines(listing).map(({ text, rules }) => (rules.length > 0 ? `${text}: ${rules.join(', ')}` : text)),
    ),
  ];
}

function titled(heading: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [heading, '', ...items.map((item) => `- ${escaped(item)}`)];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)];
}

function names(terms: readonly Term[]): string {
  return terms.map(({ text }) => code(text)).join('<br>');
}
