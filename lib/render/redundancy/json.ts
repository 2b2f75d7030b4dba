import type { RedundancyListing } from '../../model/redundancy-listing';

/** As `redundancySchema` describes it. */
export function redundancyToJson(listing: RedundancyListing): string {
  return `${JSON.stringify({ version: 1, ...listing }, undefined, 2)}\n`;
}
