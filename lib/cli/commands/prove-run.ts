import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { equivalence, listEquivalence } from '../../analysis/prove/equivalence';
import { type FolderProof, type ProveRequest, proveVariable } from '../../constructs/prove-app';
import { InputError, type Issue } from '../../model/issue';
import { appProofToJson, appProofToText } from '../../render/proof/app-proof';
import { equivalenceToJson, equivalenceToText } from '../../render/proof/equivalence';
import { readConfig } from '../../synth/config';
import { runApp } from '../../synth/run-app';
import { type Io, isWatched, paintFor } from '../io';
import { dayOf } from '../options/as-of';
import { readSources, standardInput } from '../options/sources';
import { reportFailure } from '../report-failure';
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
  const asOf = dayOf(flags.asOf);
  const config = await readConfig(io.cwd, flags);
  const folder = mkdtempSync(join(tmpdir(), 'tierwall-'));
  try {
    const others = await Promise.all((flags.with ?? []).map((word) => (word === '-' ? heldInput(io, folder) : word)));
    const request: ProveRequest = { out: config.out, others, cwd: io.cwd };
    if (isWatched(io)) io.stderr.write(`running ${config.app}\n`);
    const proofs = await handedProofs(io, config.app, request, asOf);
    const paint = paintFor(io.stdout, io.env);
    io.stdout.write(flags.output === 'json' ? appProofToJson(proofs) : appProofToText(proofs, paint));
    return proofs.every(({ issues, unread }) => issues.length + unread.length === 0) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function handedProofs(
  io: Io,
  command: string,
  request: ProveRequest,
  asOf: string | undefined,
): Promise<FolderProof[]> {
  const env = { ...io.env, [proveVariable]: JSON.stringify(request) };
  const print = (text: string) => void io.stderr.write(text);
  const run = { command, cwd: io.cwd, env, signal: io.signal, print };
  const handovers = await runApp({ ...run, ...(asOf ? { asOf } : {}) });
  const issues = handovers.flatMap((handover) => handover.issues);
  if (issues.length > 0) throw new InputError(issues);
  return handovers.flatMap(({ proved }) => proved ?? []).map(withInputName);
}

function withInputName(proof: FolderProof): FolderProof {
  const named = (issue: Issue): Issue => {
    const { file } = issue.place;
    return file?.endsWith(inputFile) ? { ...issue, place: { ...issue.place, file: 'standard input' } } : issue;
  };
  return { ...proof, issues: proof.issues.map(named) };
}

const inputFile = 'tierwall-standard-input.yaml';

/** The app cannot read our standard input: it gets it as a file. */
async function heldInput(io: Io, folder: string): Promise<string> {
  const file = join(folder, inputFile);
  writeFileSync(file, await standardInput(io));
  return file;
}

function usage(message: string): InputError {
  return new InputError([{ code: 'bad-usage', message, place: {}, hint: 'see `tierwall prove --help`' }]);
}
