import type { ExposureListing } from '../../model/exposure-listing';
import { code, escaped } from '../connectivity/md';
import { warningsOf } from '../connectivity/statements';
import { closedText, exposureHeadline, exposureNotes, sectionsOf } from './words';

/** For a pull request or a page: tables in GitHub's Markdown. */
export function exposureToMd(listing: ExposureListing): string {
  const closed = closedText(listing);
  const sections = [
    ['# Exposure to pods outside the input', '', escaped(exposureHeadline(listing))],
    ...warningsOf(listing).map((text) => [`> **Warning:** ${escaped(text)}`]),
    ...sectionsOf(listing).map(({ heading, reasons, rows }) => [
      `## ${escaped(heading)}`,
      '',
      ...reasons.flatMap((reason) => [escaped(reason), '']),
      '| From | To | Ports |',
      '| --- | --- | --- |',
      ...rows.map(({ from, to, ports }) => {
        const cells = [from.map(({ text }) => code(text)), to.map(({ text }) => code(text)), ports.map(code)];
        return `| ${cells.map((cell) => cell.join('<br>')).join(' | ')} |`;
      }),
    ]),
    closed ? [escaped(closed)] : [],
    exposureNotes(listing).map((note) => `- ${escaped(note)}`),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}
