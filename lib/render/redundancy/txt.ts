import type { RedundancyListing } from '../../model/redundancy-listing';
import { warningsOf } from '../connectivity/statements';
import { counted, visible } from '../connectivity/visible-text';
import type { Paint } from '../paint';
import { namedText, overlapsHeading, overlapText, redundancyHeadline, redundancySections, whyText } from './words';

/** Longer lists are cut, and the reader is told. */
const mostCovering = 6;
const mostOverlaps = 40;

/** For a person at a terminal: what can go, where it is and what covers it. */
export function redundancyToTxt(listing: RedundancyListing, paint: Paint): string {
  const { overlaps = [] } = listing;
  const restOverlaps = overlaps.length - mostOverlaps;
  const sections = [
    [paint.bold(redundancyHeadline(listing))],
    ...redundancySections(listing).map(({ heading, state, items }) => [
      state === 'open' ? paint.red(paint.bold(heading)) : paint.bold(heading),
      ...items.flatMap((item) => {
        const { coveredBy } = item;
        const rest = coveredBy.length - mostCovering;
        return [
          `  ${visible(namedText(item))}`,
          paint.dim(`      ${whyText(item)}${coveredBy.length === 1 ? ` ${visible(namedText(coveredBy[0]!))}` : ''}`),
          ...(coveredBy.length > 1
            ? coveredBy.slice(0, mostCovering).map((by) => paint.dim(`        ${visible(namedText(by))}`))
            : []),
          ...(rest > 0 ? [paint.dim(`        and ${counted(rest, 'more')}: --output json has all of them`)] : []),
        ];
      }),
    ]),
    listing.overlaps
      ? [
          paint.bold(overlapsHeading(listing)),
          ...overlaps.slice(0, mostOverlaps).map((overlap) => `  ${visible(overlapText(overlap))}`),
          ...(restOverlaps > 0 ? [`  and ${counted(restOverlaps, 'more pair')}: --output json has all of them`] : []),
        ]
      : [],
    warningsOf(listing).map((text) => paint.red(`warning: ${visible(text)}`)),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}
