import { listDiff } from '../../analysis/diff/diff';
import type { DiffListing } from '../../model/diff-listing';
import { InputError } from '../../model/issue';
import { diffToCsv } from '../../render/diff/csv';
import { findingsOfDiff } from '../../render/diff/findings';
import { diffToDot, diffToMermaid } from '../../render/diff/graph';
import { diffToJson } from '../../render/diff/json';
import { diffToMd } from '../../render/diff/md';
import { diffToTxt } from '../../render/diff/txt';
import { findingsToSarif } from '../../render/findings/sarif';
import type { Paint } from '../../render/paint';
import { type Io, paintFor } from '../io';
import { profileFor } from '../options/profile-for';
import { readSources } from '../options/sources';
import { ownVersion } from '../own-version';
import { reportFailure } from '../report-failure';
import type { DiffFlags, DiffFormat } from './diff';
import { judged, ownersIn } from './diff-gate';

type Renderer = (listing: DiffListing, paint: Paint) => string;

const renderers: Readonly<Record<DiffFormat, Renderer>> = {
  txt: diffToTxt,
  md: diffToMd,
  json: diffToJson,
  csv: diffToCsv,
  dot: diffToDot,
  mermaid: diffToMermaid,
  sarif: (listing) => findingsToSarif(findingsOfDiff(listing), ownVersion()),
};

/** Reads both states, compares, judges and prints; gives the exit code. */
export async function runDiff(io: Io, before: string, after: string, flags: DiffFlags): Promise<number> {
  try {
    if (before === '-' && after === '-') {
      const message = 'standard input can be only one of the two';
      throw new InputError([{ code: 'bad-usage', message, place: {}, hint: 'see `tierwall diff --help`' }]);
    }
    const old = await readSources([before], io);
    const fresh = await readSources([after], io);
    const profile = await profileFor(io.cwd, flags.cni);
    const listing = listDiff(old, fresh, profile, { owners: await ownersIn(io.cwd) });
    const result = await judged(listing, flags, io.cwd, { before, after });
    io.stdout.write(renderers[flags.output](result, paintFor(io.stdout, io.env)));
    return result.gate?.verdict === 'passed' ? 0 : 1;
  } catch (error) {
    return reportFailure(io, error, flags.output === 'json' ? 'json' : 'text', '');
  }
}
