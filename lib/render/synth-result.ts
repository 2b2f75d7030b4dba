import { createTwoFilesPatch } from 'diff';
import { counted } from './connectivity/visible-text';
import type { Paint } from './paint';

/** The part of a synthesis result that is shown. */
export interface ShownResult {
  readonly out: string;
  readonly differences: readonly {
    readonly path: string;
    readonly kind: 'added' | 'changed' | 'removed' | 'untracked' | 'foreign';
    readonly before: string | undefined;
    readonly after: string | undefined;
  }[];
  readonly unchanged: number;
  readonly lostIsolation: readonly { readonly namespace: string; readonly policies: readonly string[] }[];
  readonly notes: readonly string[];
  readonly ended: readonly { readonly path: string; readonly until: string; readonly place: string }[];
  readonly policies: number;
  readonly services: number;
  readonly intents: number;
  readonly proof:
    | { readonly statements: number; readonly guarantees: readonly unknown[]; readonly cpuSeconds: number }
    | undefined;
}

const wrote = {
  added: 'wrote',
  changed: 'rewrote',
  removed: 'removed',
  untracked: 'untracked',
  foreign: 'foreign',
} as const;
const differs = {
  added: 'missing',
  changed: 'differs',
  removed: 'extra',
  untracked: 'not in git',
  foreign: 'not ours',
} as const;

/** What was written and removed. `folder` is how the output folder is named to the reader. */
export function writtenToText(result: ShownResult, folder: string, paint: Paint): string {
  const lines = result.differences.map(({ kind, path }) => {
    const line = `${wrote[kind].padEnd(8)} ${folder}/${path}`;
    return kind === 'removed' ? paint.red(line) : paint.green(line);
  });
  const { policies, services, intents } = result;
  const changed = result.differences.length;
  const files = `${count(changed + result.unchanged - removals(result), 'file')}, ${changed === 0 ? 'none changed' : `${changed} changed`}`;
  lines.push(
    `${folder}: ${count(policies, 'policy', 'policies')} for ${count(services, 'service')} and ${count(intents, 'intent')} (${files})`,
  );
  return text([...lines, proofLine(result, paint), ...warnings(result, paint)]);
}

function proofLine({ proof }: ShownResult, paint: Paint): string {
  if (!proof) return paint.red('not proved: the proof was switched off');
  const kept = proof.guarantees.length > 0 ? `, and keep ${count(proof.guarantees.length, 'guarantee')}` : '';
  return `proved: over every possible pod and address they allow what is declared, nothing else${kept} (${counted(proof.statements, 'box', 'boxes')}, ${proof.cpuSeconds} CPU-s)`;
}

/** What is in the output folder and not as the code gives it: of files that differ the lines, of files that are missing or extra how many they have. */
export function checkedToText(result: ShownResult, folder: string, paint: Paint): string {
  const ended = result.ended.map(({ path, until, place }) =>
    paint.red(`ended      ${place}: access of \`${path}\` ended on ${until} and is still emitted`),
  );
  if (ended.length > 0) ended.push('remove it, or extend it, and run `tierwall synth`');
  if (result.differences.length === 0) {
    const summary = `${folder}: up to date, ${count(result.policies, 'policy', 'policies')}`;
    return text([summary, proofLine(result, paint), ...warnings(result, paint), ...ended]);
  }
  const lines = result.differences.flatMap((difference) => shownDifference(difference, folder, paint));
  const foreign = result.differences.some(({ kind }) => kind === 'foreign');
  const own = result.differences.some(({ kind }) => kind !== 'foreign');
  const summary = `${folder}: ${count(result.differences.length, 'file')} not as the code gives ${result.differences.length === 1 ? 'it' : 'them'}`;
  return text([
    ...lines,
    paint.red(summary),
    ...warnings(result, paint),
    ...(own ? ['run `tierwall synth` and commit what it writes'] : []),
    ...(foreign
      ? ['what is not ours holds policies: declare what they open in the app, or move them to a folder of their own']
      : []),
    ...ended,
  ]);
}

function warnings({ lostIsolation, notes }: ShownResult, paint: Paint): string[] {
  const lost = lostIsolation.map(({ namespace, policies }) => {
    const gone = policies.length > 0 ? ` (gone: ${policies.join(', ')})` : '';
    return paint.red(
      `warning: namespace ${namespace} loses its default deny: all its pods will be open in both directions${gone}`,
    );
  });
  return [...lost, ...notes.map((note) => `note: ${note}`)];
}

function shownDifference(
  { kind, path, before = '', after = '' }: ShownResult['differences'][number],
  folder: string,
  paint: Paint,
): string[] {
  const lines = kind === 'changed' ? patch(before, after) : [];
  const starting = (sign: string) => lines.filter((line) => line.startsWith(sign)).length;
  const counts = {
    added: ` (${count(lineCount(after), 'line')})`,
    changed: ` (+${starting('+')} -${starting('-')})`,
    removed: ` (${count(lineCount(before), 'line')})`,
    untracked: '',
    foreign: '',
  }[kind];
  const painted = lines.map((line) =>
    (line.startsWith('+') ? paint.green : line.startsWith('-') ? paint.red : paint.dim)(line),
  );
  return [
    `${paint.bold(`${differs[kind].padEnd(10)} ${folder}/${path}`)}${counts}`,
    ...painted.map((line) => `    ${line}`),
  ];
}

/** Of a text as it is written: with an end of line at its end. */
function lineCount(text: string): number {
  return text.split('\n').length - 1;
}

function patch(before: string, after: string): string[] {
  const [, , , , ...lines] = createTwoFilesPatch('folder', 'code', before, after, '', '', { context: 2 }).split('\n');
  return lines.filter((line) => line !== '');
}

function removals({ differences }: ShownResult): number {
  return differences.filter(({ kind }) => kind === 'removed').length;
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
