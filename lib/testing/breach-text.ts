import { explain } from '../analysis/explain';
import type { AskedEnd, Question } from '../analysis/explain/asked';
import { unplaced } from '../analysis/explain/placed-in';
import { sample } from '../analysis/open-world/witness';
import { addressesText } from '../model/addresses-text';
import type { Cluster } from '../model/cluster';
import type { ExplainedCase, Explanation } from '../model/explanation';
import { internetAddresses, internetName } from '../model/internet';
import { namespaceNameKey } from '../model/selector';
import type { ContainerPort } from '../model/workload';
import { counted, visible } from '../render/connectivity/visible-text';
import { explanationToBrief } from '../render/explain/brief';
import { addressRanges } from '../sets/address-set';
import { addressToString } from '../sets/cidr';
import { IntervalSet } from '../sets/interval-set';
import { PortSet } from '../sets/port-set';
import { linesOfRules } from '../synth/app-source';
import type { Breach, ClaimEnd } from './claim';
import type { Network } from './network';

type NamedPort = Required<ContainerPort>;

type ConnectionBreach = Extract<Breach, { kind: 'connection' }>;

/** So many are named. */
const mostNamed = 10;

/** What is wrong, one line for each connection, and for the first of them why, and what would change it. */
export function breachesText(breaches: readonly Breach[], network: Network): string {
  const lines = breaches.slice(0, mostNamed).map((breach) => `  ${visible(breachToString(breach))}`);
  const more = breaches.length > mostNamed ? [`  and ${counted(breaches.length - mostNamed, 'more', 'more')}`] : [];
  const [first] = breaches;
  const why = first ? explanationText(first, network) : '';
  return [...lines, ...more, ...(why ? ['', why] : [])].join('\n');
}

/** As in `shop/frontend → shop/redis on 6379/TCP: expected to be allowed, is denied`. */
export function breachToString(breach: Breach): string {
  if (breach.kind === 'isolation') {
    const { claim, decision } = breach;
    const is =
      decision === 'open'
        ? `no policy selects it for ${claim.direction}`
        : 'whether policies take effect on it is left open';
    return `${claim.who.text}: expected to be isolated for ${claim.direction}, but ${is}`;
  }
  const { claim, decision, source, destination, ports } = breach;
  const number = ports.items().some((item) => 'name' in item) ? ' (whatever its number)' : '';
  return `${endToString(source)} → ${endToString(destination)} on ${portsToString(ports)}${number}: expected to be ${claim.kind}, is ${decision}`;
}

export function portsToString(ports: PortSet): string {
  if (ports.isEverything) return 'every port';
  const items = ports.items().map((item) => {
    if ('name' in item) return `${item.name}/${item.protocol}`;
    return `${item.first === item.last ? item.first : `${item.first}-${item.last}`}/${item.protocol}`;
  });
  return [...items, ...(ports.holdsOtherProtocols ? ['other protocols'] : [])].join(', ');
}

/** One of the end, as tests name it. */
export function endToString(end: ClaimEnd): string {
  if (end.kind === 'workload') return end.text;
  if (end.kind === 'addresses') return addressesText(end.addresses);
  const { namespace, labels } = podOf(end);
  return `${namespace}{${Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')}}`;
}

function podOf({ space }: ClaimEnd & { kind: 'pods' }) {
  const labels = sample(space.namespaces);
  return { namespace: labels[namespaceNameKey] ?? 'other', labels: sample(space.pods) };
}

/** Why it is so, as `tierwall explain` says it at more length; empty where that cannot tell. */
export function explanationText(breach: Breach, { cluster, profile, source }: Network): string {
  if (breach.kind === 'isolation') return '';
  const { app } = source;
  const options = {
    profile,
    ...(app ? { lineOf: app.lineOf, linesOf: linesOfRules(app), app: app.declaring, folder: app.folder } : {}),
  };
  const explained = (port?: NamedPort) => explain(cluster, questionOf(breach, port), options);
  const byName = (): Explanation | undefined => {
    for (const port of namedPorts(breach, cluster)) {
      const found = explained(port);
      const note = `a pod that could exist may call any number ${port.name}`;
      const wanted = breach.claim.kind === 'allowed' ? breach.decision : 'allowed';
      if (found.decision !== wanted) continue;
      const cases = wanted === 'allowed' ? found.cases : found.cases.map((one) => withoutFix(one, port));
      return { ...found, cases, notes: [...found.notes, note] };
    }
    return undefined;
  };
  const byNumber = (): Explanation | undefined => {
    const found = explained();
    return found.decision === breach.decision ? found : undefined;
  };
  const isNamed = breach.ports.items().some((item) => 'name' in item);
  // The labels of namespaces that are not in the input are not known to it.
  const explanation = isNamed ? (byName() ?? byNumber()) : (byNumber() ?? byName());
  if (!explanation) return '';
  // Where the output is, only a project says.
  const told = app && app.folder === undefined ? unplaced(explanation) : explanation;
  return explanationToBrief(told);
}

/** A rule for the number that was tried would not do. */
function withoutFix(one: ExplainedCase, { name }: NamedPort): ExplainedCase {
  const noFix = `a rule by the name, which \`Port.named('${name}')\` declares: no number is that of every pod. Or ask for the number that is meant`;
  return { ...one, fix: undefined, noFix };
}

function isInternet(end: ClaimEnd): boolean {
  return end.kind === 'addresses' && end.addresses.equals(internetAddresses);
}

/** The ports that a pod could have by a name that is shown, or opened by a rule: with the number that somebody calls so, or else with any. */
function namedPorts({ claim, destination, ports }: ConnectionBreach, cluster: Cluster): NamedPort[] {
  const [first] = ports.items();
  if (!first || destination.kind !== 'pods' || (claim.kind === 'allowed' && 'first' in first)) return [];
  const { protocol } = first;
  const rules = cluster.policies.flatMap((policy) => policy.rules);
  const items = 'name' in first ? [first] : rules.flatMap((rule) => rule.ports.items());
  const names = new Set(items.flatMap((item) => ('name' in item && item.protocol === protocol ? item.name : [])));
  const isShown = (number: number) =>
    'name' in first || PortSet.of([{ protocol, first: number, last: number }]).isSubsetOf(ports);
  const declared = cluster.workloads.flatMap((workload) => workload.ports);
  return [...names].flatMap((name) => {
    const numbers = [...declared.filter((port) => port.name === name).map(({ number }) => number), 8080];
    const fitting = new Set(numbers.filter(isShown));
    if ('first' in first) fitting.add(first.first);
    return [...fitting].map((number) => ({ name, protocol, number }));
  });
}

function questionOf({ source, destination, ports }: ConnectionBreach, named?: NamedPort): Question {
  const [first] = ports.items();
  const number = named?.number ?? (first && 'first' in first ? first.first : undefined);
  const isOwnName = first && 'name' in first && destination.kind === 'workload';
  const asked = isOwnName
    ? [{ text: first.name, ...first }]
    : first && number !== undefined
      ? [{ text: `${number}/${first.protocol}`, protocol: first.protocol, first: number, last: number }]
      : undefined;
  return {
    from: { text: endToString(source), ends: [askedEnd(source)] },
    to: { text: endToString(destination), ends: [askedEnd(destination, named ? [named] : [])] },
    ...(asked ? { ports: { text: asked[0]!.text, asked } } : {}),
  };
}

function askedEnd(end: ClaimEnd, ports: readonly NamedPort[] = []): AskedEnd {
  if (end.kind === 'workload') return { kind: 'workload', workload: end.workload };
  if (end.kind === 'pods') return { kind: 'pod', ...podOf(end), ports };
  if (isInternet(end)) return { kind: 'addresses', text: internetName, addresses: end.addresses };
  // Of others one address stands for all.
  const [range] = addressRanges(end.addresses);
  const [interval] = end.addresses.intervals;
  const one = IntervalSet.of(interval!.first, interval!.first);
  return { kind: 'addresses', text: addressToString(range!.first), addresses: one };
}
