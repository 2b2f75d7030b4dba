import type { BlastRadius, StolenReachListing } from '../../model/reach-listing';
import { connectivityToMermaid } from '../connectivity/mermaid';
import { radiusAsConnections, stolenAsConnections } from './as-connections';

/** A Mermaid flowchart of the shortest ways, or of what a stolen pod could reach and who it. */
export function reachToMermaid(listing: BlastRadius | StolenReachListing): string {
  return connectivityToMermaid(listing.mode === 'from' ? radiusAsConnections(listing) : stolenAsConnections(listing));
}
