import { explain } from '../analysis/explain';
import type { AskedEnd, Question } from '../analysis/explain/asked';
import { unplaced } from '../analysis/explain/placed-in';
import { sample } from '../analysis/open-world/witness';
import { addressesText } from '../model/addresses-text';
import { internetAddresses, internetName } from '../model/internet';
import { namespaceNameKey } from '../model/selector';
import { counted, visible } from '../render/connectivity/visible-text';
import { explanationToBrief } from '../render/explain/brief';
import { addressRanges } from '../sets/address-set';
import { addressToString } from '../sets/cidr';
import { IntervalSet } from '../sets/interval-set';
import type { PortSet } from '../sets/port-set';
import { linesOfRules } from '../synth/app-source';
import type { Breach, ClaimEnd } from './claim';
import type { Network } from './network';

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
  return `${endToString(source)} → ${endToString(destination)} on ${portsToString(ports)}: expected to be ${claim.kind}, is ${decision}`;
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
  const explanation = explain(cluster, questionOf(breach), {
    profile,
    ...(app ? { lineOf: app.lineOf, linesOf: linesOfRules(app), folder: app.folder } : {}),
  });
  // The labels of namespaces that are not in the input are not known to it.
  if (explanation.decision !== breach.decision) return '';
  // Where the output is, only a project says.
  const told = app && app.folder === undefined ? unplaced(explanation) : explanation;
  return explanationToBrief(told);
}

function isInternet(end: ClaimEnd): boolean {
  return end.kind === 'addresses' && end.addresses.equals(internetAddresses);
}

function questionOf({ source, destination, ports }: ConnectionBreach): Question {
  const [first] = ports.items();
  const asked =
    first && 'first' in first
      ? [{ text: `${first.first}/${first.protocol}`, protocol: first.protocol, first: first.first, last: first.first }]
      : undefined;
  return {
    from: { text: endToString(source), ends: [askedEnd(source)] },
    to: { text: endToString(destination), ends: [askedEnd(destination)] },
    ...(asked ? { ports: { text: asked[0]!.text, asked } } : {}),
  };
}

function askedEnd(end: ClaimEnd): AskedEnd {
  if (end.kind === 'workload') return { kind: 'workload', workload: end.workload };
  if (end.kind === 'pods') return { kind: 'pod', ...podOf(end) };
  if (isInternet(end)) return { kind: 'addresses', text: internetName, addresses: end.addresses };
  // Of others one address stands for all.
  const [range] = addressRanges(end.addresses);
  const [interval] = end.addresses.intervals;
  const one = IntervalSet.of(interval!.first, interval!.first);
  return { kind: 'addresses', text: addressToString(range!.first), addresses: one };
}
