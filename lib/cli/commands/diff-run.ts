import { listDiff } from '../../analysis/diff/diff';
import type { DiffListing } from '../../model/diff-listing';
import { diffToCsv } from '../../render/diff/csv';
import { findingsOfDiff } from '../../render/diff/findings';
import { diffToDot, diffToMermaid } from '../../render/diff/graph';
import { diffToJson } from '../../render/diff/json';
import { diffToMd } from '../../render/diff/md';
import { diffToTxt } from '../../render/diff/txt';
import type { Paint } from '../../render/paint';
import { type Io, paintFor } from '../io';
import { profileFor } from '../options/profile-for';
import { reportFailure } from '../report-failure';
import type { DiffFlags, DiffFormat } from './diff';
import { judged, ownersIn } from './diff-gate';
import { readStates } from './diff-states';
import { rendered } from './findings-output';

type Renderer = (listing: DiffListing, paint: Paint) => string;

const renderers: Readonly<Record<Exclude<DiffFormat, 'sarif'>, Renderer>> = {
  txt: diffToTxt,
  md: diffToMd,
  json: diffToJson,
  csv: diffToCsv,
  dot: diffToDot,
  mermaid: diffToMermaid,
};

/** Reads both states, compares, judges and prints; gives the exit code. */
export async function runDiff(io: Io, first: string, second: string | undefined, flags: DiffFlags): Promise<number> {
  try {
    const { before, after, commits } = await readStates(io, first, second, flags);
    const listing = listDiff(before.cluster, after.cluster, await profileFor(io.cwd, flags.cni), {
      owners: await ownersIn(io.cwd),
      guarantees: { before: before.guarantees, after: after.guarantees },
    });
    const result = await judged(listing, flags, io.cwd, commits);
    io.stdout.write(
      flags.output === 'sarif'
        ? rendered(io, findingsOfDiff(result), 'sarif')
        : renderers[flags.output](result, paintFor(io.stdout, io.env)),
    );
    return result.gate?.verdict === 'passed' ? 0 : 1;
  } catch (error) {
    return reportFailure(io, error, flags.output === 'json' ? 'json' : 'text', '');
  }
}
