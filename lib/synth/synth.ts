import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Handover, TimeBox } from '../constructs/handed-over';
import type { ProofSummary } from '../constructs/proof';
import { InputError } from '../model/issue';
import { isPolicyKind } from '../read/unread-kinds';
import { withLock } from './folder-lock';
import { type Files, layOut } from './layout';
import { type LostIsolation, lostIsolation } from './lost-isolation';
import { explained } from './output-failure';
import { type Changes, compareOutput, isUpToDate, type OutputFolder, readOutputFolder } from './output-folder';
import { linkedFolder, recoverFolder, replaceFolder } from './replace-folder';
import { refuseDoubtful, sharesOf, type Target, writtenByOthers } from './shared-folder';

/** A file of the output that is not what the code gives. */
export interface Difference {
  readonly path: string;
  /** `foreign`: tierwall did not write it, and it holds policies; only asked in mode `check`. */
  readonly kind: 'added' | 'changed' | 'removed' | 'untracked' | 'foreign';
  /** What the folder holds; undefined if there is no file. */
  readonly before: string | undefined;
  /** What the code gives; undefined if it gives no such file. */
  readonly after: string | undefined;
}

export interface SynthResult {
  readonly out: string;
  /** Whether the output was what the code gives before this run. */
  readonly upToDate: 'yes' | 'no';
  readonly differences: readonly Difference[];
  readonly unchanged: number;
  /** Namespaces that were denied by default in the old output and are not in the new. */
  readonly lostIsolation: readonly LostIsolation[];
  /** What was not emitted and why (expired access, pods that no service names), and objects of others in the output folder. */
  readonly notes: readonly string[];
  /** The day by which time-boxed access was judged, if any is declared. */
  readonly asOf: string | undefined;
  /** Access that had ended by the clock and is still emitted, as of an earlier day; only asked in mode `check`. */
  readonly ended: readonly TimeBox[];
  readonly policies: number;
  readonly services: number;
  readonly intents: number;
  /** The proof that the policies mean what is declared; undefined if it was switched off. */
  readonly proof: ProofSummary | undefined;
}

/**
 * Lays out what the apps handed over, and writes it or compares it. What other apps wrote to the same folder is no part of it.
 * @param today by the clock, as `2026-12-31`: what is compared must not hold access that has ended by then. @default not asked
 */
export function writeHandovers(
  handovers: readonly Handover[],
  target: Target,
  mode: 'write' | 'check',
  today?: string,
): SynthResult {
  const issues = handovers.flatMap((handover) => handover.issues);
  if (issues.length > 0) throw new InputError(issues);
  const { out, files, before, shares, changes } = explained(target.out, () => bring(target, handovers, mode));
  const untracked = mode === 'check' ? untrackedFiles(out, files) : [];
  const foreign = mode === 'check' ? policiesOfOthers(before) : [];
  const asOf = handovers.find((handover) => handover.asOf)?.asOf;
  const differences = listDifferences(changes, shares.own, files, untracked, foreign);
  return {
    out: target.out,
    upToDate: differences.length === 0 ? 'yes' : 'no',
    differences,
    unchanged: changes.unchanged.length,
    lostIsolation: lostIsolation(shares.own, files),
    notes: [
      ...handovers.flatMap((handover) => handover.notes),
      ...[...before.foreignKinds].filter(([path]) => !foreign.includes(path)).map(foreignNote),
    ],
    asOf,
    ended: handovers.flatMap((h) => h.timeBoxes).filter(({ until }) => today !== undefined && until < today),
    policies: handovers.flatMap((h) => h.documents).filter((d) => d.kind === 'NetworkPolicy').length,
    services: handovers.reduce((sum, h) => sum + h.services, 0),
    intents: handovers.reduce((sum, h) => sum + h.intents, 0),
    proof: sumOf(handovers.map((handover) => handover.proof)),
  };
}

/** Writes the folder, or only compares it; gives what it was before. */
function bring(target: Target, handovers: readonly Handover[], mode: 'write' | 'check') {
  const out = linkedFolder(target.out);
  if (mode === 'write') recoverFolder(out);
  const there = { ...target, out };
  if (mode === 'check') return compare(there, handovers);
  const seen = unlessReplaced(() => compare(there, handovers));
  if (seen && isUpToDate(seen.changes)) return seen;
  return withLock(out, () => {
    const now = compare(there, handovers);
    const { files, before, changes, shares } = now;
    refuseDoubtful(changes.removed, shares, files, there);
    const same = new Set(changes.unchanged);
    const fresh = new Map([...files].filter(([path]) => !same.has(path)));
    replaceFolder(out, fresh, [...before.foreign, ...shares.others.keys(), ...changes.unchanged]);
    return now;
  });
}

/** Undefined where another run replaces the folder while it is read. */
function unlessReplaced<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @throws InputError where files of others are in the way */
function compare(target: Target, handovers: readonly Handover[]) {
  const { out, name } = target;
  const before = readOutputFolder(out);
  const files = layOut(handovers, name, before.owned);
  const shares = sharesOf(before.owned, files, name);
  const changes = compareOutput(shares.own, before.foreign, files);
  const issues = [...changes.blocked.map((path) => blocked(out, path)), ...writtenByOthers(shares, files, target)];
  if (issues.length > 0) throw new InputError(issues);
  return { out, before, files, shares, changes };
}

/** Apps of one run are proved one by one: an issue in any has ended the synthesis before. */
function sumOf(proofs: readonly (ProofSummary | undefined)[]): ProofSummary | undefined {
  const held = proofs.filter((proof) => proof !== undefined);
  if (held.length < proofs.length) return undefined;
  const statements = held.reduce((sum, proof) => sum + proof.statements, 0);
  const cpuSeconds = held.reduce((sum, proof) => sum + proof.cpuSeconds, 0);
  const guarantees = held.flatMap((proof) => proof.guarantees);
  return { verdict: 'equal', statements, guarantees, cpuSeconds };
}

function listDifferences(
  changes: Changes,
  before: Files,
  after: Files,
  untracked: readonly string[],
  foreign: readonly string[],
): Difference[] {
  const same = new Set(changes.unchanged);
  const list = (kind: Difference['kind'], paths: readonly string[]) =>
    paths.map((path) => ({ path, kind, before: before.get(path), after: after.get(path) }));
  return [
    ...list('added', changes.added),
    ...list('changed', changes.changed),
    ...list('removed', changes.removed),
    ...list(
      'untracked',
      untracked.filter((path) => same.has(path)),
    ),
    ...list('foreign', foreign),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whoever applies the folder as a whole applies them too, so that it is not what the code gives. */
function policiesOfOthers({ foreignKinds }: OutputFolder): string[] {
  return [...foreignKinds].flatMap(([path, kinds]) => (kinds.some(isPolicyKind) ? [path] : []));
}

/** Files of the output that exist but are not in git, so that nobody else would get them. None outside a git repository. */
function untrackedFiles(out: string, files: Files): string[] {
  try {
    const listed = execFileSync('git', ['ls-files', '--others', '-z', '--', '.'], {
      cwd: out,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1 << 30,
    });
    return listed.split('\0').filter((path) => files.has(path));
  } catch {
    return [];
  }
}

function foreignNote([path, kinds]: readonly [string, readonly string[]]): string {
  return `${path} was not written by tierwall for this folder, and is in none of its kustomizations; it holds ${kinds.join(', ')}`;
}

function blocked(out: string, path: string) {
  const [first = ''] = readFileSync(join(out, path), 'utf8').split('\n');
  return {
    code: 'not-ours',
    message: `a file that tierwall did not write is where \`${path}\` belongs (its first line is \`${first.slice(0, 60)}\`)`,
    place: { file: join(out, path) },
    hint: 'move it away, or give another folder with `--out`',
  };
}
