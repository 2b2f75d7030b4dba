import type { Cluster } from '../model/cluster';
import type { CniProfile } from '../model/cni-profile';
import { cniProfiles, defaultProfile } from '../model/cni-profiles';
import type { ExplainedCase, Explanation } from '../model/explanation';
import { InputError, type Issue } from '../model/issue';
import type { PortSet } from '../sets/port-set';
import type { AskedEnd, Question } from './explain/asked';
import { destinationOf, everyPort, type JudgedPorts, judgedPorts, portNamesOf } from './explain/asked-ports';
import type { DeclaringApp } from './explain/declaring-app';
import { fixFor, overall } from './explain/fix';
import { idOf, type JudgedEnd, judgedEnd, numberedPorts } from './explain/judged-end';
import { type DifferingPart, type Isolating, isolatingOf, type Judgement, judge, type Pair } from './explain/judgement';
import { notesOn } from './explain/notes';
import { type OutputFiles, placedIn } from './explain/placed-in';
import { rangesOf } from './explain/port-pieces';
import { explainSide } from './explain/side';
import { portItemToString } from './explain/texts';
import { type LineOfConstruct, type LinesOfRule, WrittenPolicies } from './explain/written-policies';

export interface ExplainOptions {
  /** Decides what the API leaves open. @default a CNI of which nothing is known */
  readonly profile?: CniProfile;
  /** Where the code declares a construct that policies name. @default not known */
  readonly lineOf?: LineOfConstruct;
  /** Where the code asks for what a rule opens. @default not known */
  readonly linesOf?: LinesOfRule;
  /** What the app declares, so that only statements are proposed that synth takes. @default not known */
  readonly app?: DeclaringApp;
  /** The output folder of an app, which the files of its policies are in. @default their names are whole */
  readonly folder?: string | OutputFiles | undefined;
}

/** More pairs of ends are for `connectivity`. */
const mostPairs = 100;

/**
 * Why connections are allowed or not: for each source, destination and group of ports that are judged alike the verdict, what isolates,
 * which rules allow or why none does, what is open, and the smallest change that would allow what is denied.
 *
 * @throws InputError for port names that no destination gives, and for ranges of addresses that are not judged alike
 */
export function explain(cluster: Cluster, question: Question, options: ExplainOptions = {}): Explanation {
  const { profile = defaultProfile, lineOf, linesOf, folder, app } = options;
  const { from, to, ports } = question;
  const count = from.ends.length * to.ends.length;
  if (count > mostPairs) {
    const message = `the question is about ${count} pairs of workloads, and at most ${mostPairs} are explained`;
    throw new InputError([{ code: 'too-many-pairs', message, place: {}, hint: 'name fewer, or list `connectivity`' }]);
  }
  const context: Context = { cluster, profile, written: new WrittenPolicies(lineOf, linesOf), app, issues: [] };
  const { judged, notes } = judgedDestinations(context, question);
  const sources = from.ends.map((asked) => judgedEnd(asked, cluster));
  const cases = sources.flatMap((source) =>
    judged.flatMap(({ end, ports: own }) => explainPair(pairOf(source, end, app), own, context)),
  );
  if (context.issues.length > 0) throw new InputError(distinctIssues(context.issues));
  return placedIn(folder, {
    cni: { id: profile.id, name: profile.name },
    asked: { from: from.text, to: to.text, ...(ports ? { ports: ports.text } : {}) },
    decision: overall(cases.map(({ decision }) => decision)),
    cases,
    notes: [...[...from.ends, ...to.ends].flatMap((asked) => namingNotes(asked, cluster)), ...notes],
  });
}

/** How a name of the question leads to a workload. */
function namingNotes(asked: AskedEnd, cluster: Cluster): string[] {
  if (asked.kind !== 'workload') return [];
  const { workload, via, address } = asked;
  const id = idOf(workload, cluster);
  return [
    ...(via ? [`${via.namespace}/${via.name} is a Service; ${id} is behind it`] : []),
    ...(address === undefined ? [] : [`${address} is the address of ${id}, and judged as that pod`]),
    ...numberedPorts(workload)
      .filter((port) => !workload.ports.includes(port))
      .map(
        ({ name, number }) => `the number of port ${name} of ${id} is not known: it is judged as if it were ${number}`,
      ),
  ];
}

interface Context {
  readonly cluster: Cluster;
  readonly profile: CniProfile;
  readonly written: WrittenPolicies;
  readonly app: DeclaringApp | undefined;
  readonly issues: Issue[];
}

interface JudgedDestination {
  readonly end: JudgedEnd;
  readonly ports: JudgedPorts;
}

/** The destinations that have the ports; those that do not have them are noted, as long as one has. */
function judgedDestinations({ cluster }: Context, { to, ports }: Question) {
  const judged: JudgedDestination[] = [];
  const lacking: { readonly end: JudgedEnd; readonly names: readonly string[]; readonly hint: string }[] = [];
  for (const asked of to.ends) {
    const end = judgedEnd(asked, cluster);
    const destination = destinationOf(asked, end.explained.text, cluster);
    const own = judgedPorts(ports?.asked, destination);
    if (own.unresolved.length > 0) {
      lacking.push({ end, names: own.unresolved, hint: hintOn(asked, portNamesOf(destination)) });
    }
    if (!own.set.isEmpty) judged.push({ end, ports: own });
  }
  const texts = lacking.map(({ end, names, hint }) => ({
    message: `${names.map((name) => `\`${name}\``).join(', ')} is no port of ${end.explained.text}`,
    hint,
  }));
  if (judged.length > 0 && (to.ends.length > 1 || lacking.length === 0)) {
    return { judged, notes: texts.map(({ message }) => message) };
  }
  throw new InputError(texts.map((text) => ({ code: 'names-nothing', ...text, place: {} })));
}

function hintOn(asked: AskedEnd, names: readonly string[]): string {
  if (asked.kind === 'addresses') return 'a port name means nothing at an address: give a number, as in `443`';
  return names.length > 0 ? `it has ${names.join(', ')}` : 'it names no ports: give a number, as in `8080`';
}

/** A Pod is one pod: its own peer is itself. A workload may have replicas, and they are two; so may a service of an app. */
function pairOf(source: JudgedEnd, destination: JudgedEnd, app: DeclaringApp | undefined): Pair {
  if (source.kind !== 'pod' || destination.kind !== 'pod') return { source, destination };
  const { workload } = source;
  const isItself = workload?.kind === 'Pod' && workload === destination.workload && !app?.standIns.has(workload);
  return { source, destination: isItself ? source : destination };
}

function explainPair(pair: Pair, ports: JudgedPorts, context: Context): ExplainedCase[] {
  const { cluster, profile, issues } = context;
  const isolating = isolatingOf(pair, cluster.policies);
  const report = (parts: readonly DifferingPart[]) => issues.push(notAlike(pair, parts));
  const judgements = judge(pair, ports.set, isolating, cluster, profile, (parts) => void report(parts));
  return judgements.map((judgement) => explainCase(pair, ports, judgement, isolating, context));
}

function explainCase(
  pair: Pair,
  asked: JudgedPorts,
  judgement: Judgement,
  isolating: Isolating,
  context: Context,
): ExplainedCase {
  const { cluster, profile, written } = context;
  const { ports, decision, verdicts } = judgement;
  const judged = { ...pair, ports, profile, written };
  const egress = explainSide(
    'egress',
    verdicts.map((v) => v.egress),
    isolating.egress,
    judged,
  );
  const ingress = explainSide(
    'ingress',
    verdicts.map((v) => v.ingress),
    isolating.ingress,
    judged,
  );
  const texts = portTexts(ports);
  const fix = decision === 'denied' ? fixOf(pair, asked, judgement, context) : undefined;
  return {
    source: pair.source.explained,
    destination: pair.destination.explained,
    ports: texts,
    translations: asked.translations,
    decision,
    itself: verdicts[0]!.itself,
    egress,
    ingress,
    byCni: decision === 'unknown' ? decisionsByCni(pair, ports, isolating, cluster) : undefined,
    fix: typeof fix === 'string' ? undefined : fix,
    noFix: typeof fix === 'string' ? fix : undefined,
    notes: [...asked.notes, ...notesOn(pair, isolating, cluster)],
  };
}

function fixOf(pair: Pair, asked: JudgedPorts, judgement: Judgement, context: Context) {
  if (asked.extent === 'every')
    return 'the destination declares no ports: ask for one with --port to see what would allow it';
  return fixFor(pair, judgement, context);
}

function portTexts(ports: PortSet): string[] {
  return ports.equals(everyPort) ? ['*'] : rangesOf(ports).map(portItemToString);
}

/** What each CNI would make of it; undefined where none decides. */
function decisionsByCni(pair: Pair, ports: PortSet, isolating: Isolating, cluster: Cluster): ExplainedCase['byCni'] {
  const found = { allowed: [] as string[], denied: [] as string[], unknown: [] as string[] };
  for (const profile of cniProfiles) {
    if (profile === defaultProfile) continue;
    const judgements = judge(pair, ports, isolating, cluster, profile, () => {});
    found[overall(judgements.flatMap(({ verdicts }) => verdicts.map((v) => v.decision)))].push(profile.id);
  }
  return found.allowed.length + found.denied.length > 0 ? found : undefined;
}

function notAlike({ source, destination }: Pair, parts: readonly DifferingPart[]): Issue {
  const texts = [source, destination].flatMap((end) => (end.kind === 'addresses' ? [`\`${end.explained.text}\``] : []));
  const shown = (['allowed', 'denied', 'unknown'] as const).flatMap((decision) => {
    const those = parts.filter((part) => part.decision === decision).map(({ addresses }) => addresses);
    return those.length > 0 ? [`${decision}: ${those.slice(0, 5).join(', ')}${those.length > 5 ? ', …' : ''}`] : [];
  });
  const message = `the addresses of ${texts.join(' and ')} are not judged alike (${shown.join('; ')})`;
  return { code: 'not-uniform', message, place: {}, hint: 'ask for one of these parts' };
}

function distinctIssues(issues: readonly Issue[]): Issue[] {
  return issues.filter(({ message }, i) => issues.findIndex((other) => other.message === message) === i);
}
