import { listDiff } from '../../analysis/diff/diff';
import type { DiffListing } from '../../model/diff-listing';
import { InputError } from '../../model/issue';
import { diffToJson } from '../../render/diff/json';
import { diffToTxt } from '../../render/diff/txt';
import type { Paint } from '../../render/paint';
import { type Io, paintFor } from '../io';
import { profileFor } from '../options/cni';
import { readSources } from '../options/sources';
import { reportFailure } from '../report-failure';
import type { DiffFlags, DiffFormat } from './diff';

type Renderer = (listing: DiffListing, paint: Paint) => string;

const renderers: Readonly<Record<DiffFormat, Renderer>> = { txt: diffToTxt, json: diffToJson };

/** Reads both states, compares and prints; gives the exit code. */
export async function runDiff(io: Io, before: string, after: string, flags: DiffFlags): Promise<number> {
  try {
    if (before === '-' && after === '-') {
      const message = 'standard input can be only one of the two';
      throw new InputError([{ code: 'bad-usage', message, place: {}, hint: 'see `tierwall diff --help`' }]);
    }
    const old = await readSources([before], io);
    const fresh = await readSources([after], io);
    const listing = listDiff(old, fresh, await profileFor(io.cwd, flags.cni));
    io.stdout.write(renderers[flags.output](listing, paintFor(io.stdout, io.env)));
    return listing.verdict === 'equal' ? 0 : 1;
  } catch (error) {
    return reportFailure(io, error, flags.output === 'json' ? 'json' : 'text', '');
  }
}
