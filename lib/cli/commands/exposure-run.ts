import type { Connectivity } from '../../analysis/connectivity/connectivity';
import type { ListingFilters } from '../../analysis/connectivity/listing-filters';
import { hasUnreadExposure, listExposure } from '../../analysis/exposure-listing';
import { InputError, type Issue } from '../../model/issue';
import { exposureToJson } from '../../render/exposure/json';
import { exposureToMd } from '../../render/exposure/md';
import { exposureToTxt } from '../../render/exposure/txt';
import { type Io, paintFor } from '../io';
import type { ConnectivityFormat } from './connectivity';

/** `tierwall connectivity --open`: prints to which pods outside the input workloads are open; gives the exit code. */
export function printExposure(
  io: Io,
  connectivity: Connectivity,
  { focus, ...others }: ListingFilters,
  output: ConnectivityFormat,
): number {
  const issues: Issue[] = Object.keys(others).map((name) => ({
    code: 'bad-usage',
    message: `\`--open\` does not go with \`--${name === 'ports' ? 'port' : name}\``,
    place: {},
    hint: 'name workloads by `--focus`',
  }));
  if (output !== 'txt' && output !== 'md' && output !== 'json') {
    const message = `\`--open\` has no output \`${output}\``;
    issues.push({ code: 'bad-usage', message, place: {}, hint: 'it has txt, md and json' });
  }
  if (issues.length > 0) throw new InputError(issues);
  const listing = listExposure(connectivity, focus);
  if (output === 'json') io.stdout.write(exposureToJson(listing));
  else if (output === 'md') io.stdout.write(exposureToMd(listing));
  else io.stdout.write(exposureToTxt(listing, paintFor(io.stdout, io.env)));
  return hasUnreadExposure(listing) ? 1 : 0;
}
