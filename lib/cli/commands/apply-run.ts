import { spawn } from 'node:child_process';
import { relative, resolve } from 'node:path';
import { type Step, stepToString } from '../../analysis/rollout/step';
import { ApiFailure } from '../../cluster/api-failure';
import { applyEnvironment } from '../../live/apply-environment';
import { intendedByFolder } from '../../live/intended-source';
import { wavesOf } from '../../live/waves';
import type { AppliedEnvironment, AppliedStep } from '../../model/applied';
import { badUsage, InputError, issueLines, issueToString } from '../../model/issue';
import { appliedToJson } from '../../render/apply/json';
import { headToTxt, outcomeToTxt, stepToTxt } from '../../render/apply/txt';
import { readConfig } from '../../synth/config';
import { readOutputFolder } from '../../synth/output-folder';
import { type Io, paintFor } from '../io';
import { connect } from '../options/cluster';
import { reportFailure } from '../report-failure';
import type { ApplyFlags } from './apply';

/** Applies wave after wave; gives the exit code. */
export async function runApply(io: Io, given: string | undefined, flags: ApplyFlags): Promise<number> {
  try {
    const folder = given ?? (relative(io.cwd, await outputFolder(io)) || '.');
    const waves = wavesOf(environmentsIn(resolve(io.cwd, folder), flags, folder), flags.wave ?? []);
    const contexts = contextsOf(flags.context ?? [], waves.flat());
    const applied: AppliedEnvironment[] = [];
    let stopped: boolean = false;
    for (const wave of waves) {
      // All of a wave are tried, so that one run tells all that is wrong with it.
      const before: boolean = stopped;
      for (const environment of wave) {
        const run = new EnvironmentRun(io, folder, flags, environment, contexts(environment));
        const one: AppliedEnvironment = before ? run.notReached() : await run.apply();
        applied.push(one);
        stopped ||= one.outcome === 'failed' || one.outcome === 'check-failed';
      }
    }
    if (flags.output === 'json') io.stdout.write(appliedToJson(applied));
    if (applied.some(({ outcome }) => outcome === 'failed')) return 2;
    return stopped ? 1 : 0;
  } catch (error) {
    return reportFailure(io, error, flags.output, '');
  }
}

class EnvironmentRun {
  private readonly steps: AppliedStep[] = [];
  private cluster: string;

  constructor(
    private readonly io: Io,
    private readonly folder: string,
    private readonly flags: ApplyFlags,
    private readonly environment: string,
    private readonly context: string | undefined,
  ) {
    this.cluster = context ?? 'current context';
  }

  notReached(): AppliedEnvironment {
    return this.ended('not-reached', []);
  }

  async apply(): Promise<AppliedEnvironment> {
    const { io, flags, environment, context } = this;
    try {
      const api = await connect(io, {
        ...(context ? { context } : {}),
        ...(flags.kubeconfig ? { kubeconfig: flags.kubeconfig } : {}),
      });
      this.cluster = api.name;
      this.print(headToTxt({ environment, cluster: api.name }, paintFor(io.stdout, io.env)));
      const { failed } = await applyEnvironment({
        api,
        intended: await intendedByFolder([this.folder], [environment], { cwd: io.cwd }),
        choice: {
          leftovers: flags.prune ? 'removed' : 'kept',
          foreign: flags.takeOver ? 'taken-over' : 'kept',
          metadata: 'written',
        },
        abandoned: flags.pruneNamespace ?? [],
        mode: flags.dryRun ? 'dry-run' : 'real',
        signal: io.signal,
        note: (text) => void io.stderr.write(`note: ${text}\n`),
        done: (step) => this.done(step),
      });
      if (failed.length > 0)
        return this.ended(
          'check-failed',
          failed.map(({ message }) => message),
        );
      if (flags.dryRun) return this.ended('would-apply', []);
      const problem = flags.check ? await this.check(flags.check) : undefined;
      return problem ? this.ended('check-failed', [problem]) : this.ended('applied', []);
    } catch (error) {
      if (error instanceof InputError) return this.ended('failed', issueLines(error.issues));
      if (error instanceof ApiFailure) return this.ended('failed', [issueToString(error.toIssue())]);
      throw error;
    }
  }

  private done(step: Step): void {
    const { kind, policy, cuts } = step;
    const { namespace, name } = policy;
    const shown = { kind, namespace, policy: name, text: stepToString(step), ...(cuts ? { cuts } : {}) };
    this.steps.push(shown);
    this.print(stepToTxt(shown, paintFor(this.io.stdout, this.io.env)));
  }

  private ended(outcome: AppliedEnvironment['outcome'], problems: readonly string[]): AppliedEnvironment {
    const { environment, cluster, steps } = this;
    const ended = { environment, cluster, outcome, steps, problems };
    const paint = paintFor(this.io.stdout, this.io.env);
    this.print(`${outcome === 'not-reached' ? headToTxt(ended, paint) : ''}${outcomeToTxt(ended, paint)}`);
    return ended;
  }

  /** What went wrong, if anything. What the command prints is shown as it comes. */
  private check(command: string): Promise<string | undefined> {
    const { cwd, env, stderr, signal } = this.io;
    return new Promise((done, failed) => {
      const child = spawn(command, {
        cwd,
        env: { ...env, TIERWALL_ENVIRONMENT: this.environment },
        shell: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        signal,
      });
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => void stderr.write(text));
      }
      child.on('error', failed);
      child.on('close', (code, killed) => {
        const how = killed ? `was ended by ${killed}` : `ended with exit code ${code}`;
        done(code === 0 ? undefined : `\`${command}\` ${how}`);
      });
    });
  }

  private print(text: string): void {
    if (this.flags.output === 'txt') this.io.stdout.write(text);
  }
}

async function outputFolder(io: Io): Promise<string> {
  // No app is run.
  return (await readConfig(io.cwd, { app: 'none' })).out;
}

/** Those that are asked for, or all that are in the folder. @throws InputError */
function environmentsIn(path: string, { environment = [], wave = [] }: ApplyFlags, shown: string): string[] {
  const { owned } = readOutputFolder(path);
  const known = [...new Set([...owned.keys()].filter((file) => file.includes('/')).map((file) => file.split('/')[0]!))];
  if (known.length === 0) {
    throw badUsage(
      `there are no policies of tierwall in \`${shown}\``,
      'run `tierwall synth` first, or name its folder',
    );
  }
  if (environment.length > 0 && wave.length > 0) {
    throw badUsage('`--wave` already says which environments', 'leave `--environment` out');
  }
  const asked = wave.length > 0 ? wave.flatMap((names) => names.split(',')) : environment;
  const missing = asked.filter((name) => !known.includes(name));
  if (missing.length > 0) {
    throw badUsage(`there is no environment \`${missing.join('`, `')}\``, `there are: ${known.sort().join(', ')}`);
  }
  return asked.length > 0 ? [...new Set(asked)] : known;
}

/** @throws InputError for a context of an environment that is not applied */
function contextsOf(
  given: readonly string[],
  environments: readonly string[],
): (environment: string) => string | undefined {
  const own = new Map<string, string>();
  let general: string | undefined;
  for (const text of given) {
    const [name, context] = text.split(/=(.*)/s) as [string, string?];
    if (context === undefined) general = text;
    else if (environments.includes(name)) own.set(name, context);
    else
      throw badUsage(
        `\`--context ${text}\` names no environment that is applied`,
        `there are: ${environments.join(', ')}`,
      );
  }
  return (environment) => own.get(environment) ?? general;
}
