import { Connectivity } from '../../analysis/connectivity/connectivity';
import { placedIn } from '../../analysis/explain/placed-in';
import { listBlastRadius } from '../../analysis/reach-listing';
import { listReachRanking } from '../../analysis/reach-ranking';
import { hasUnreadReach } from '../../analysis/reach-unread';
import { listStolenReach } from '../../analysis/stolen-listing';
import { didYouMean } from '../../constructs/did-you-mean';
import { InputError, type Issue } from '../../model/issue';
import type { ReachListing } from '../../model/reach-listing';
import { partiesOf } from '../../naming/parties';
import { reachToDot } from '../../render/reach/dot';
import { reachToJson } from '../../render/reach/json';
import { reachToMd } from '../../render/reach/md';
import { reachToMermaid } from '../../render/reach/mermaid';
import { reachToTxt } from '../../render/reach/txt';
import { type Io, paintFor } from '../io';
import { readAppOrSources } from '../options/app-or-sources';
import { profileFor } from '../options/profile-for';
import { reportFailure } from '../report-failure';
import type { ReachFlags } from './reach';

/** Reads, searches and prints; gives the exit code. */
export async function runReach(io: Io, paths: readonly string[], flags: ReachFlags): Promise<number> {
  try {
    const issues = usageIssues(flags);
    if (issues.length > 0) throw new InputError(issues);
    const { cluster, folder } = await readAppOrSources(paths, io, flags);
    const connectivity = new Connectivity(cluster, await profileFor(io.cwd, flags.cni));
    const listing = placedIn(folder, listingOf(connectivity, flags));
    io.stdout.write(rendered(listing, flags, io));
    return hasUnreadReach(connectivity, listing) ? 1 : 0;
  } catch (error) {
    return reportFailure(io, error, flags.output, '');
  }
}

function listingOf(connectivity: Connectivity, { from, stolen, maxHops }: ReachFlags): ReachListing {
  const { cluster } = connectivity;
  if (stolen !== undefined) {
    const names = cluster.namespaces.map(({ name }) => name);
    if (!names.includes(stolen)) throw new InputError([noNamespace(stolen, names)]);
    return listStolenReach(connectivity, stolen);
  }
  if (!from) return listReachRanking(connectivity);
  const issues: Issue[] = [];
  const start = partiesOf('--from', from, cluster, (issue) => void issues.push(issue));
  if (issues.length > 0) throw new InputError(issues);
  return listBlastRadius(connectivity, start, maxHops === undefined ? {} : { maxHops: Number(maxHops) });
}

function rendered(listing: ReachListing, { output }: ReachFlags, io: Io): string {
  if (output === 'json') return reachToJson(listing);
  if (output === 'md') return reachToMd(listing);
  if (listing.mode === 'ranking' || output === 'txt') return reachToTxt(listing, paintFor(io.stdout, io.env));
  return output === 'dot' ? reachToDot(listing) : reachToMermaid(listing);
}

function usageIssues({ from, stolen, maxHops, output }: ReachFlags): Issue[] {
  const issues: Issue[] = [];
  const report = (message: string, hint: string) => issues.push({ code: 'bad-usage', message, place: {}, hint });
  if (from && stolen !== undefined) {
    report('`--from` and `--stolen` are two questions', 'ask one after the other');
  }
  if (maxHops !== undefined && !/^[1-9]\d{0,6}$/.test(maxHops)) {
    report(`\`--max-hops ${maxHops}\` is no number of connections`, 'give a whole number from 1 on');
  } else if (maxHops !== undefined && !from) {
    report('`--max-hops` goes with `--from`', 'the ranking has a column of what is reached directly');
  }
  if (!from && stolen === undefined && (output === 'dot' || output === 'mermaid')) {
    report(`the ranking has no output \`${output}\``, 'name a start by `--from`, or print txt, md or json');
  }
  return issues;
}

function noNamespace(stolen: string, names: readonly string[]): Issue {
  const message = `\`--stolen ${stolen}\` names no namespace of the input`;
  const hint = didYouMean(stolen, names) ?? 'give a namespace that some object of the input is in';
  return { code: 'names-nothing', message, place: {}, hint };
}
