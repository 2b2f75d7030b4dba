import type { ExposureListing } from '../../model/exposure-listing';

/** As `exposureSchema` describes it. */
export function exposureToJson(listing: ExposureListing): string {
  return `${JSON.stringify({ version: 1, ...listing }, undefined, 2)}\n`;
}
