import { equivalence, listEquivalence } from '../../analysis/prove/equivalence';
import { badUsage, type InputError } from '../../model/issue';
import { appProofToJson, appProofToText } from '../../render/proof/app-proof';
import { equivalenceToJson, equivalenceToText } from '../../render/proof/equivalence';
import { readConfig } from '../../synth/config';
import { type Io, isWatched, paintFor } from '../io';
import { dayOf } from '../options/as-of';
import { readSources } from '../options/sources';
import { reportFailure } from '../report-failure';
import { proveOutput } from './output-proof';
import type { ProveFlags } from './prove';

export async function runProve(
  io: Io,
  before: string | undefined,
  after: string | undefined,
  flags: ProveFlags,
): Promise<number> {
  try {
    if (before === undefined) return await proveApp(io, flags);
    if (after === undefined) throw usage('`prove` takes two sets of policies, or none in the folder of an app');
    if (flags.with || flags.app || flags.out)
      throw usage('`--with`, `--app` and `--out` go with an app, not with sources');
    return await proveSources(io, before, after, flags);
  } catch (error) {
    return reportFailure(io, error, flags.output, '');
  }
}

async function proveSources(io: Io, before: string, after: string, flags: ProveFlags): Promise<number> {
  if (before === '-' && after === '-') throw usage('standard input can be only one of the two');
  const old = await readSources([before], io);
  const fresh = await readSources([after], io);
  const result = listEquivalence(equivalence(old, fresh));
  const names = { before, after };
  const paint = paintFor(io.stdout, io.env);
  io.stdout.write(flags.output === 'json' ? equivalenceToJson(result, names) : equivalenceToText(result, names, paint));
  return result.verdict === 'equal' ? 0 : 1;
}

async function proveApp(io: Io, flags: ProveFlags): Promise<number> {
  const config = await readConfig(io.cwd, flags, ', or two sources, as `tierwall prove old.yaml new.yaml`');
  if (isWatched(io)) io.stderr.write(`running ${config.app}\n`);
  const proofs = await proveOutput(io, config, flags.with ?? [], dayOf(flags.asOf));
  const paint = paintFor(io.stdout, io.env);
  io.stdout.write(flags.output === 'json' ? appProofToJson(proofs) : appProofToText(proofs, paint));
  return proofs.every(({ issues, unread }) => issues.length + unread.length === 0) ? 0 : 1;
}

function usage(message: string): InputError {
  return badUsage(message, 'see `tierwall prove --help`');
}
