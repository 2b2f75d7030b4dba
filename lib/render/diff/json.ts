import type { DiffListing } from '../../model/diff-listing';

/** As `diffSchema` describes it. */
export function diffToJson(listing: DiffListing): string {
  return `${JSON.stringify({ version: 1, ...listing }, undefined, 2)}\n`;
}
