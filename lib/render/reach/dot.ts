import type { BlastRadius, StolenReachListing } from '../../model/reach-listing';
import { connectivityToDot } from '../connectivity/dot';
import { radiusAsConnections, stolenAsConnections } from './as-connections';

/** A Graphviz graph of the shortest ways, or of what a stolen pod could reach and who it. */
export function reachToDot(listing: BlastRadius | StolenReachListing): string {
  return connectivityToDot(listing.mode === 'from' ? radiusAsConnections(listing) : stolenAsConnections(listing));
}
