import { readSettings } from '../../config/read-settings';
import type { DiffListing } from '../../model/diff-listing';
import { badUsage } from '../../model/issue';
import { diffsToJson, diffsToMd, diffsToTxt } from '../../render/diff/clusters';
import { diffToCsv } from '../../render/diff/csv';
import { findingsOfDiffs } from '../../render/diff/findings';
import { diffToDot, diffToMermaid } from '../../render/diff/graph';
import type { Paint } from '../../render/paint';
import { type Io, paintFor } from '../io';
import { profileFor } from '../options/profile-for';
import { reportFailure } from '../report-failure';
import type { DiffFlags, DiffFormat } from './diff';
import { failsOnGuarantees, judged, listPair, ownersIn } from './diff-gate';
import { readStates } from './diff-states';
import { rendered } from './findings-output';

type Renderer = (listings: readonly DiffListing[], paint: Paint) => string;

const ofOne = (format: DiffFormat, render: (listing: DiffListing) => string): Renderer => {
  return ([only, ...others]) => {
    if (only && others.length === 0) return render(only);
    const names = [only!, ...others].map(({ cluster }) => cluster).join(', ');
    const message = `\`${format}\` is of one cluster, and the app has several`;
    throw badUsage(message, `name one with \`--app-cluster\`: ${names}`);
  };
};

const renderers: Readonly<Record<Exclude<DiffFormat, 'sarif'>, Renderer>> = {
  txt: diffsToTxt,
  md: diffsToMd,
  json: diffsToJson,
  csv: ofOne('csv', diffToCsv),
  dot: ofOne('dot', diffToDot),
  mermaid: ofOne('mermaid', diffToMermaid),
};

/** Reads both states, compares, judges and prints; gives the exit code. */
export async function runDiff(
  io: Io,
  first: string | undefined,
  second: string | undefined,
  flags: DiffFlags,
): Promise<number> {
  try {
    const { pairs, commits, notes } = await readStates(io, first, second, await withWhatIsAsked(flags, io.cwd));
    const [profile, owners] = [await profileFor(io.cwd, flags.cni), await ownersIn(io.cwd)];
    const listings = pairs.map((pair) => listPair(pair, profile, owners));
    const gated = await judged(listings, flags, io.cwd, commits);
    const result = notes.length > 0 ? gated.map((listing) => ({ ...listing, notes })) : gated;
    io.stdout.write(
      flags.output === 'sarif'
        ? rendered(io, findingsOfDiffs(result), 'sarif')
        : renderers[flags.output](result, paintFor(io.stdout, io.env)),
    );
    return result.every(({ gate }) => gate?.verdict === 'passed') ? 0 : 1;
  } catch (error) {
    return reportFailure(io, error, flags.output, '');
  }
}

/** Committed output holds no guarantees: whoever fails on lost ones has the apps run. */
async function withWhatIsAsked(flags: DiffFlags, cwd: string): Promise<DiffFlags> {
  return failsOnGuarantees(flags, (await readSettings(cwd)).config) ? { ...flags, synth: true } : flags;
}
