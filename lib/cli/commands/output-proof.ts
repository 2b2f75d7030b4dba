import { rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type FolderProof, type ProveRequest, proveVariable } from '../../constructs/prove-app';
import { InputError, type Issue } from '../../model/issue';
import { isPolicyKind } from '../../read/unread-kinds';
import { environmentsIn, isAppliedIn, readOutputFolder } from '../../synth/output-folder';
import { runApp } from '../../synth/run-app';
import { temporaryFolder } from '../../synth/temporary-folder';
import type { Io } from '../io';
import { standardInput } from '../options/sources';

/**
 * Runs the app, and proves all policies that its output folder holds, whoever wrote them, against what it declares.
 * @param others sources of policies in the same clusters
 * @throws InputError with every mistake of the app, and for what cannot be read
 */
export async function proveOutput(
  io: Io,
  { app, out }: { readonly app: string; readonly out: string },
  others: readonly string[],
  asOf: string | undefined,
): Promise<FolderProof[]> {
  const folder = temporaryFolder('run');
  try {
    const named = await Promise.all(others.map((word) => (word === '-' ? heldInput(io, folder) : word)));
    const { owned, foreignKinds } = readOutputFolder(out);
    // The app itself reads the folders of its environments.
    const isElsewhere = isAppliedIn([], environmentsIn(owned.keys()));
    const policies = [...foreignKinds].filter(([path, kinds]) => kinds.some(isPolicyKind) && isElsewhere(path));
    const all = [...named, ...policies.map(([path]) => relative(io.cwd, join(out, path)))];
    const request: ProveRequest = { out, others: all, cwd: io.cwd };
    const env = { ...io.env, [proveVariable]: JSON.stringify(request) };
    const print = (text: string) => void io.stderr.write(text);
    const run = { command: app, cwd: io.cwd, env, signal: io.signal, print };
    const handovers = await runApp({ ...run, ...(asOf ? { asOf } : {}) });
    const issues = handovers.flatMap((handover) => handover.issues);
    if (issues.length > 0) throw new InputError(issues);
    return handovers.flatMap(({ proved }) => proved ?? []).map(withInputName);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
