import type { DiffListing } from '../../model/diff-listing';
import { riskMeanings } from '../../model/risk';
import type { Term } from '../connectivity/ends';
import { code, escaped } from '../connectivity/md';
import { counted } from '../connectivity/visible-text';
import { gateTexts } from './gate';
import { notesOf, summaryOf } from './summary';
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
  sectionHeadings,
  shownChanges,
  shownPossible,
  termsOf,
} from './words';

/** GitHub refuses longer comments; bytes are never fewer than what it counts. */
export const longestComment = 65_536;
/** Names of one end that a cell holds. */
const mostNames = 12;

/** By which a bot finds the comment that it wrote before. */
export const marker = '<!-- tierwall diff -->';

/** What is folded: a heading and lines that may be left out from the end. */
interface Section {
  readonly heading: string;
  /** Before the lines, as the head of a table. */
  readonly head: readonly string[];
  readonly lines: readonly string[];
}

/** For a pull request: the verdict first, the rest folded; what does not fit a comment of GitHub is counted. */
export function diffToMd(listing: DiffListing): string {
  return `${marker}\n\n${partToMd(listing, '###', longestComment - marker.length - 2)}`;
}

/** The same as a part of a comment. @param longest how many bytes it may take */
export function partToMd(listing: DiffListing, level: '###' | '####', longest: number): string {
  const top = verdictLines(listing, level).join('\n');
  const sections = sectionsOf(listing).filter(({ lines }) => lines.length > 0);
  // Each fold has room for its own frame and for saying what is left out; the shorter ones are filled first, so that no long one crowds them out.
  let room = longest - size(top) - sections.reduce((sum, section) => sum + size(frame(section, [], 0)) + 100, 0);
  const shown = new Map<Section, number>();
  for (const section of [...sections].sort((x, y) => size(x.lines.join('\n')) - size(y.lines.join('\n')))) {
    let count = 0;
    for (const line of section.lines) {
      if (size(line) + 1 > room) break;
      room -= size(line) + 1;
      count++;
    }
    shown.set(section, count);
  }
  const folds = sections.map((section) => {
    const count = shown.get(section)!;
    return frame(section, section.lines.slice(0, count), section.lines.length - count);
  });
  return `${[top, ...folds].join('\n\n')}\n`;
}

function size(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

function frame({ heading, head }: Section, lines: readonly string[], rest: number): string {
  const more = rest > 0 ? ['', `… and ${rest.toLocaleString('en-US')} more: \`--output json\` has all of them.`] : [];
  return [`<details><summary>${heading}</summary>`, '', ...head, ...lines, ...more, '', '</details>'].join('\n');
}

function verdictLines(listing: DiffListing, level: string): string[] {
  return [
    ...meaningLines(
      listing,
      `${level} Network${listing.cluster === undefined ? '' : `, cluster ${escaped(listing.cluster)}`}`,
    ),
    ...gateTexts(listing).flatMap(({ text, details }) => [
      '',
      escaped(text),
      ...(details.length > 0 ? ['', ...details.map((detail) => `- ${escaped(detail)}`)] : []),
    ]),
  ];
}

function meaningLines(listing: DiffListing, heading: string): string[] {
  if (listing.verdict === 'equal') {
    return [
      `${heading}: no change in meaning`,
      '',
      'Proved for the workloads given, and over every pod, namespace, port and address that could exist.',
    ];
  }
  if (listing.verdict === 'unknown') {
    return [
      `${heading}: unknown`,
      '',
      'No change in meaning was found, but there are policies of kinds that are not read.',
    ];
  }
  const risks = listing.risks.map(({ id, count }) => `- **${id}** (${count}): ${riskMeanings[id]}`);
  return [
    `${heading}: the meaning changes`,
    '',
    ...summaryOf(listing).map((text) => `- ${escaped(text)}`),
    '',
    ...(risks.length > 0 ? ['Risks:', '', ...risks] : []),
  ];
}

function sectionsOf(listing: DiffListing): Section[] {
  const terms = termsOf(listing);
  const changes = shownChanges(listing, terms);
  const items = (heading: string, lines: readonly string[]): Section => ({
    heading: `${heading} (${lines.length})`,
    head: [],
    lines: lines.map((line) => `- ${line}`),
  });
  const withCauses = (text: string, causes: readonly string[]) => [escaped(text), ...causes.map(escaped)].join('; ');
  const { added, removed } = newAndGone(listing);
  return [
    items(
      sectionHeadings.moved,
      listing.workloads.moved.map((row) => escaped(movedText(row, terms))),
    ),
    ...(['+', '~', '-', '?'] as const).map((sign): Section => {
      const rows = changes.filter((row) => row.sign === sign);
      return {
        heading: `${changeHeadings[sign]} (${rows.length})`,
        head: ['| From | To | Ports | Cause |', '| --- | --- | --- | --- |'],
        lines: rows.map(rowLine),
      };
    }),
    items(
      sectionHeadings.isolation,
      listing.isolation.map((row) => withCauses(isolationText(row, terms), causeTexts(row.causes))),
    ),
    items(sectionHeadings.workloads, [
      ...(added.length > 0 ? [`new: ${cell(terms.of(added), ', ')}`] : []),
      ...(removed.length > 0 ? [`gone: ${cell(terms.of(removed), ', ')}`] : []),
    ]),
    items(
      sectionHeadings.exposures,
      listing.exposures.map((row) => escaped(exposureText(row))),
    ),
    items(
      sectionHeadings.possible,
      shownPossible(listing).map((row) =>
        withCauses(`${row.kind === 'gained' ? 'more' : 'less'}: ${possibleText(row)}`, causeTexts(row.causes)),
      ),
    ),
    items(
      sectionHeadings.guarantees,
      listing.guarantees.map((row) => escaped(guaranteeText(row))),
    ),
    items('Notes', notesOf(listing).map(escaped)),
  ];
}

function rowLine({ from, to, ports, reasons, causes, except }: ShownChange): string {
  const holes = except > 0 ? [`but for ${counted(except, 'pair')}`] : [];
  const why = [...holes, ...reasons, ...causes].map(escaped).join('<br>');
  return `| ${cell(from, '<br>')} | ${cell(to, '<br>')} | ${ports.map(code).join('<br>')} | ${why} |`;
}

function cell(terms: readonly Term[], separator: string): string {
  const rest = terms.slice(mostNames).reduce((sum, { count }) => sum + Math.max(1, count), 0);
  const names = terms.slice(0, mostNames).map(({ text }) => code(text));
  return [...names, ...(rest > 0 ? [`and ${rest} more`] : [])].join(separator);
}
