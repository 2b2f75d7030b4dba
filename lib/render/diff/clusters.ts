import type { DiffListing } from '../../model/diff-listing';
import { escaped } from '../connectivity/md';
import { firstFew } from '../connectivity/statements';
import { visible } from '../connectivity/visible-text';
import type { Paint } from '../paint';
import { diffToJson } from './json';
import { diffToMd, longestComment, marker, partToMd } from './md';
import { diffToTxt } from './txt';

/** One verdict, then the difference in each cluster of an app; just the difference where there is one. */
export function diffsToTxt(listings: readonly DiffListing[], paint: Paint): string {
  const told = listings.map((listing) => diffToTxt(listing, paint));
  if (listings.length < 2) return told.join('');
  const texts = verdictTexts(listings).map(visible);
  return [`${paint.bold(`${listings.length} clusters: ${texts.join('; ')}`)}\n`, ...told].join('\n');
}

/** The same for a pull request, within one comment. */
export function diffsToMd(listings: readonly DiffListing[]): string {
  const [only, ...others] = listings;
  if (!only) return '';
  if (others.length === 0) return diffToMd(only);
  const verdicts = verdictTexts(listings).map((text) => `- ${escaped(text)}`);
  const top = [marker, '', `### Network: ${listings.length} clusters`, '', ...verdicts].join('\n');
  const room = Math.floor((longestComment - Buffer.byteLength(top, 'utf8')) / listings.length) - 2;
  return [`${top}\n`, ...listings.map((listing) => partToMd(listing, '####', room))].join('\n');
}

/** As `diffSchema` describes it; for several clusters, as `diffOfClustersSchema`. */
export function diffsToJson(listings: readonly DiffListing[]): string {
  const [only, ...others] = listings;
  if (only && others.length === 0) return diffToJson(only);
  const gate = listings.some((listing) => listing.gate?.verdict === 'failed') ? 'failed' : 'passed';
  return `${JSON.stringify({ version: 1, verdict: verdictOf(listings), gate: { verdict: gate }, clusters: listings }, undefined, 2)}\n`;
}

function verdictOf(listings: readonly DiffListing[]): DiffListing['verdict'] {
  const verdicts = new Set(listings.map(({ verdict }) => verdict));
  return verdicts.has('different') ? 'different' : verdicts.has('unknown') ? 'unknown' : 'equal';
}

/** In which clusters what comes out. */
function verdictTexts(listings: readonly DiffListing[]): string[] {
  const named = (list: readonly DiffListing[]) => firstFew(list.map(({ cluster }) => cluster ?? ''));
  const words = { different: 'the meaning changes in', unknown: 'it is unknown in', equal: 'no change in meaning in' };
  const verdicts = (['different', 'unknown', 'equal'] as const).flatMap((verdict) => {
    const own = listings.filter((listing) => listing.verdict === verdict);
    return own.length > 0 ? [`${words[verdict]} ${named(own)}`] : [];
  });
  const failed = listings.filter(({ gate }) => gate?.failures.some(({ risk }) => risk !== 'any'));
  return [...verdicts, ...(failed.length > 0 ? [`fails in ${named(failed)}`] : [])];
}
