import { RuleContents } from '../../analysis/diff/rule-content';
import { constructOf } from '../../analysis/drift/ownership';
import { explain } from '../../analysis/explain';
import type { Question } from '../../analysis/explain/asked';
import type { LineOfConstruct, LinesOfRule } from '../../analysis/explain/written-policies';
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
import { type Io, paintFor } from '../io';
import { readAppOrSources } from '../options/app-or-sources';
import { profileFor } from '../options/profile-for';
import { reportFailure } from '../report-failure';
import type { ExplainFlags, ExplainFormat } from './explain';

/** Reads, explains and prints; gives the exit code. */
export async function runExplain(io: Io, paths: readonly string[], flags: ExplainFlags): Promise<number> {
  try {
    const { cluster, lineOf, linesOf, folder } = await readAppOrSources(paths, io, flags);
    const lines = flags.app ? await linesOfApp(io, flags.app) : lineOf && linesOf && { lineOf, linesOf };
    const explanation = explain(cluster, questionOf(cluster, flags), {
      profile: await profileFor(io.cwd, flags.cni),
      folder,
      ...lines,
    });
    io.stdout.write(renderers[flags.output](explanation, paintFor(io.stdout, io.env)));
    return explanation.decision === 'allowed' ? 0 : 1;
  } catch (error) {
    return reportFailure(io, error, flags.output, '');
  }
}

/** Where the code declares the constructs that policies name, and asks for what those of their rules open that it gives as they are. */
async function linesOfApp(
  io: Io,
  app: string | true,
): Promise<{ readonly lineOf: LineOfConstruct; readonly linesOf: LinesOfRule }> {
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
  return { lineOf: (path) => clusters[0]?.lineOf(path), linesOf: (rule) => given.get(keyOf(rule)) ?? [] };
}

const renderers: Readonly<Record<ExplainFormat, (explanation: Explanation, paint: Paint) => string>> = {
  txt: explanationToTxt,
  md: explanationToMd,
  json: explanationToJson,
};

/** @throws InputError for everything that cannot be read or names nothing */
function questionOf(cluster: Cluster, { from, to, port }: ExplainFlags): Question {
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
