import type { ConnectivityListing } from '../../model/connectivity-listing';
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
import { visible } from './visible-text';

/** For a pull request or a page: tables in GitHub's Markdown. */
export function connectivityToMd(listing: ConnectivityListing): string {
  const terms = new Terms(listing, 'with-exceptions');
  const [allowed, unknown] = [shownRows(listing, terms, 'allowed'), shownRows(listing, terms, 'unknown')];
  const isolation = isolationGroups(listing).map(
    ({ heading, members }) => `- ${heading}: ${cell(terms.of(members), ', ')}`,
  );
  const sections = [
    ['# Connectivity', '', escaped(headline(listing))],
    ...warningsOf(listing).map((text) => [`> **Warning:** ${escaped(text)}`]),
    allowed.length > 0
      ? [
          '## Allowed',
          '',
          '| From | To | Ports |',
          '| --- | --- | --- |',
          ...allowed.map((row) => `| ${common(row)} |`),
        ]
      : [escaped(emptyText(listing))],
    unknown.length > 0
      ? [
          '## Unknown',
          '',
          '| From | To | Ports | Because |',
          '| --- | --- | --- | --- |',
          ...unknown.map(
            (row) => `| ${common(row)} | ${row.because.map((r) => escaped(reasonText(r))).join('<br>')} |`,
          ),
        ]
      : [],
    list(
      '## Exposed',
      listing.exposures.map((exposure) => `- ${escaped(exposureText(exposure))}`),
    ),
    list('## Isolation', isolation),
    list(
      '## Notes',
      notesOf(listing).map((note) => `- ${escaped(note)}`),
    ),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}

function list(heading: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [heading, '', ...items];
}

function common({ from, to, ports }: ShownRow): string {
  return [cell(from, '<br>'), cell(to, '<br>'), ports.map(code).join('<br>')].join(' | ');
}

function cell(terms: readonly Term[], separator: string): string {
  return terms.map(({ text }) => code(text)).join(separator);
}

/** Code, so that `*` and `_` stay what they are; a pipe would end the cell even there. */
export function code(text: string): string {
  const safe = visible(text);
  return /[`|]/.test(safe) ? escaped(safe) : `\`${safe}\``;
}

/** Text in which Markdown and HTML are only text. */
export function escaped(text: string): string {
  return visible(text)
    .replace(/[\\`*_{}[\]()#+!|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
