import { listRedundancy } from '../../analysis/redundancy-listing';
import type { RedundancyListing } from '../../model/redundancy-listing';
import { redundancyToJson } from '../../render/redundancy/json';
import { redundancyToMd } from '../../render/redundancy/md';
import { redundancyToTxt } from '../../render/redundancy/txt';
import { type Io, paintFor } from '../io';
import { readAppOrSources } from '../options/app-or-sources';
import { reportFailure } from '../report-failure';
import type { RedundancyFlags } from './redundancy';

/** Reads, compares and prints; gives the exit code. */
export async function runRedundancy(io: Io, paths: readonly string[], flags: RedundancyFlags): Promise<number> {
  try {
    const { cluster } = await readAppOrSources(paths, io, flags);
    const listing = listRedundancy(cluster, flags.overlaps ? { overlaps: 'listed' } : {});
    io.stdout.write(rendered(listing, flags, io));
    return listing.policies.length + listing.rules.length > 0 || listing.decision === 'unknown' ? 1 : 0;
  } catch (error) {
    return reportFailure(io, error, flags.output, '');
  }
}

function rendered(listing: RedundancyListing, { output }: RedundancyFlags, io: Io): string {
  if (output === 'json') return redundancyToJson(listing);
  return output === 'md' ? redundancyToMd(listing) : redundancyToTxt(listing, paintFor(io.stdout, io.env));
}
