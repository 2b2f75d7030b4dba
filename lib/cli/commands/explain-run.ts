import { RuleContents } from '../../analysis/diff/rule-content';
import { constructOf } from '../../analysis/drift/ownership';
import { type ExplainOptions, explain } from '../../analysis/explain';
import type { Question } from '../../analysis/explain/asked';
import type { Cluster } from '../../model/cluster';
import type { Explanation } from '../../model/explanation';
import { InputError, type Issue } from '../../model/issue';
import { type Rule, ruleToString } from '../../model/policy';
import { askedEnds } from '../../naming/asked-ends';
import { askedPorts } from '../../naming/asked-ports';
import { explanationToJson } from '../../render/explain/json';
import { explanationToMd } from '../../render/explain/md';
import { explanationToTxt } from '../../render/explain/txt';
import type { Paint } from '../../render/paint';
import { linesOfRules, runAppAsSource } from '../../synth/app-source';
import { readConfig } from '../../synth/config';
import { declaringApp } from '../../synth/declaring-app';
import { type Io, paintFor } from '../io';
import { readAppOrSources } from '../options/app-or-sources';
import { profileFor } from '../options/profile-for';
import { reportFailure } from '../report-failure';
import type { ExplainFlags, ExplainFormat } from './explain';

/** Reads, explains and prints; gives the exit code. */
export async function runExplain(io: Io, paths: readonly string[], flags: ExplainFlags): Promise<number> {
  try {
    const ends = namedEnds(flags);
    const { cluster, folder, ...ofApp } = await readAppOrSources(paths, io, flags);
    const declared = flags.app ? await declaredByApp(io, flags.app, cluster) : ofApp;
    const explanation = explain(cluster, questionOf(cluster, ends, flags), {
      profile: await profileFor(io.cwd, flags.cni),
      folder,
      ...declared,
    });
    io.stdout.write(renderers[flags.output](explanation, paintFor(io.stdout, io.env)));
    return explanation.decision === 'allowed' ? 0 : 1;
  } catch (error) {
    return reportFailure(io, error, flags.output, '');
  }
}

/**
 * Where the code declares the constructs that policies name, and asks for what those of their rules open that it gives as they are; and what
 * the app declares for the cluster that the policies are for, where only one can be meant.
 */
async function declaredByApp(
  io: Io,
  app: string | true,
  { policies }: Cluster,
): Promise<Pick<ExplainOptions, 'lineOf' | 'linesOf' | 'app'>> {
  const { app: command } = await readConfig(io.cwd, app === true ? {} : { app });
  const print = (text: string) => void io.stderr.write(text);
  const clusters = await runAppAsSource({ command, cwd: io.cwd, env: io.env, signal: io.signal, print });
  const contents = new RuleContents();
  const keyOf = (rule: Rule) => [constructOf(rule.policy), ruleToString(rule), ...contents.of(rule)].join('\n');
  const given = new Map(
    clusters.flatMap((own) => {
      const rules = own.cluster.policies.flatMap((policy) => policy.rules);
      return rules.map((rule) => [keyOf(rule), linesOfRules(own)(rule)] as const);
    }),
  );
  const named = new Set(policies.map(constructOf));
  const meant = clusters.filter((own) => own.cluster.policies.some((policy) => named.has(constructOf(policy))));
  const declared = meant.length === 1 ? { app: declaringApp(meant[0]!) } : {};
  return { ...declared, lineOf: (path) => clusters[0]?.lineOf(path), linesOf: (rule) => given.get(keyOf(rule)) ?? [] };
}

const renderers: Readonly<Record<ExplainFormat, (explanation: Explanation, paint: Paint) => string>> = {
  txt: explanationToTxt,
  md: explanationToMd,
  json: explanationToJson,
};

/** @throws InputError where one of them is not named */
function namedEnds({ from, to }: ExplainFlags): { readonly from: string; readonly to: string } {
  if (from !== undefined && to !== undefined) return { from, to };
  const absent = [...(from === undefined ? ['--from'] : []), ...(to === undefined ? ['--to'] : [])];
  const hint =
    'say who connects and whereto, as `tierwall explain --from shop/frontend --to shop/cart`; `tierwall connectivity` lists whom there is';
  throw new InputError(
    absent.map((flag) => ({ code: 'bad-usage', message: `\`${flag}\` is missing`, place: {}, hint })),
  );
}

/** @throws InputError for everything that cannot be read or names nothing */
function questionOf(cluster: Cluster, { from, to }: ReturnType<typeof namedEnds>, { port }: ExplainFlags): Question {
  const issues: Issue[] = [];
  const report = (issue: Issue) => void issues.push(issue);
  const question = {
    from: askedEnds('--from', from, cluster, report),
    to: askedEnds('--to', to, cluster, report),
    ...(port ? { ports: { text: port.join(', '), asked: askedPorts(port, '--port', report) } } : {}),
  };
  if (issues.length > 0) throw new InputError(issues);
  return question;
}
