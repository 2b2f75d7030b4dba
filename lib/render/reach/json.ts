import type { ReachListing } from '../../model/reach-listing';

/** As `reachSchema` describes it. */
export function reachToJson(listing: ReachListing): string {
  return `${JSON.stringify({ version: 1, ...listing }, undefined, 2)}\n`;
}
