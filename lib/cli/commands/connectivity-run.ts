import { Connectivity } from '../../analysis/connectivity/connectivity';
import { hasUnreadDoubt, listConnectivity } from '../../analysis/connectivity/listing';
import type { ListingFilters } from '../../analysis/connectivity/listing-filters';
import type { Cluster } from '../../model/cluster';
import type { ConnectivityListing } from '../../model/connectivity-listing';
import { InputError, type Issue } from '../../model/issue';
import { partiesOf } from '../../naming/parties';
import { portsOf } from '../../naming/ports';
import { connectivityToCsv } from '../../render/connectivity/csv';
import { connectivityToDot } from '../../render/connectivity/dot';
import { connectivityToJson } from '../../render/connectivity/json';
import { connectivityToMatrix } from '../../render/connectivity/matrix';
import { connectivityToMd } from '../../render/connectivity/md';
import { connectivityToMermaid } from '../../render/connectivity/mermaid';
import { connectivityToTxt } from '../../render/connectivity/txt';
import type { Paint } from '../../render/paint';
import { type Io, paintFor, widthOf } from '../io';
import { readAppOrSources } from '../options/app-or-sources';
import { profileFor } from '../options/profile-for';
import { reportFailure } from '../report-failure';
import type { ConnectivityFlags, ConnectivityFormat } from './connectivity';
import { printExposure } from './exposure-run';

/** Reads, lists and prints; gives the exit code. */
export async function runConnectivity(io: Io, paths: readonly string[], flags: ConnectivityFlags): Promise<number> {
  try {
    const { cluster } = await readAppOrSources(paths, io, flags);
    const filters = filtersOf(cluster, flags);
    const connectivity = new Connectivity(cluster, await profileFor(io.cwd, flags.cni));
    if (flags.open) return printExposure(io, connectivity, filters, flags.output);
    const listing = listConnectivity(connectivity, filters);
    io.stdout.write(renderers[flags.output](listing, paintFor(io.stdout, io.env), widthOf(io)));
    return hasUnreadDoubt(listing) ? 1 : 0;
  } catch (error) {
    return reportFailure(io, error, flags.output, '');
  }
}

type Renderer = (listing: ConnectivityListing, paint: Paint, width: number) => string;

const renderers: Readonly<Record<ConnectivityFormat, Renderer>> = {
  txt: connectivityToTxt,
  md: connectivityToMd,
  csv: connectivityToCsv,
  json: connectivityToJson,
  dot: connectivityToDot,
  mermaid: connectivityToMermaid,
  matrix: (listing, paint, width) => connectivityToMatrix(listing, width, paint),
};

/** @throws InputError for every filter that cannot be read or names nothing */
function filtersOf(cluster: Cluster, { from, to, focus, port }: ConnectivityFlags): ListingFilters {
  const issues: Issue[] = [];
  const report = (issue: Issue) => void issues.push(issue);
  const filters = {
    ...(from ? { from: partiesOf('--from', from, cluster, report) } : {}),
    ...(to ? { to: partiesOf('--to', to, cluster, report) } : {}),
    ...(focus ? { focus: partiesOf('--focus', focus, cluster, report) } : {}),
    ...(port ? { ports: { text: port.join(', '), set: portsOf('--port', port, cluster, report) } } : {}),
  };
  if (issues.length > 0) throw new InputError(issues);
  return filters;
}
