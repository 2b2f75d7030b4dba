import type { RedundancyListing } from '../../model/redundancy-listing';
import { escaped } from '../connectivity/md';
import { warningsOf } from '../connectivity/statements';
import { namedText, overlapsHeading, overlapText, redundancyHeadline, redundancySections, whyText } from './words';

/** For a pull request or a page: tables in GitHub's Markdown. */
export function redundancyToMd(listing: RedundancyListing): string {
  const { overlaps = [] } = listing;
  const sections = [
    ['# Redundant policies and rules', '', escaped(redundancyHeadline(listing))],
    ...warningsOf(listing).map((text) => [`> **Warning:** ${escaped(text)}`]),
    ...redundancySections(listing).map(({ heading, items }) => [
      `## ${escaped(heading)}`,
      '',
      '| Can go | Because |',
      '| --- | --- |',
      ...items.map((item) => {
        const covering = item.coveredBy.map((by) => escaped(namedText(by)));
        return `| ${escaped(namedText(item))} | ${[whyText(item), ...covering].join('<br>')} |`;
      }),
    ]),
    listing.overlaps
      ? [
          `## ${escaped(overlapsHeading(listing))}`,
          '',
          ...overlaps.map((overlap) => `- ${escaped(overlapText(overlap))}`),
        ]
      : [],
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}
