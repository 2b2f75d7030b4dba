import type { ConnectivityListing } from '../../model/connectivity-listing';

/** As `connectivitySchema` describes it. */
export function connectivityToJson(listing: ConnectivityListing): string {
  return `${JSON.stringify({ version: 1, ...listing }, undefined, 2)}\n`;
}
