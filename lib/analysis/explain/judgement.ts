import { addressesText } from '../../model/addresses-text';
import type { Cluster } from '../../model/cluster';
import type { CniProfile } from '../../model/cni-profile';
import type { Decision } from '../../model/connection';
import type { Policy, Rule } from '../../model/policy';
import type { PortSet } from '../../sets/port-set';
import { evaluate, portFits, type Verdict } from '../evaluate';
import { alikeParts, isolatingPolicies, type JudgedEnd, representatives } from './judged-end';
import { type PortRange, portPieces, unionOf } from './port-pieces';

/** Ports that are judged for the same reasons, with the verdict on each part of the ends that a rule could tell from the others. */
export interface Judgement {
  readonly ports: PortSet;
  readonly decision: Decision;
  readonly verdicts: readonly Verdict[];
}

export interface Pair {
  readonly source: JudgedEnd;
  readonly destination: JudgedEnd;
}

/** The policies that select one of the ends: no others matter. */
export interface Isolating {
  readonly egress: readonly Policy[];
  readonly ingress: readonly Policy[];
}

export function isolatingOf({ source, destination }: Pair, policies: readonly Policy[]): Isolating {
  return {
    egress: isolatingPolicies(source, 'egress', policies),
    ingress: isolatingPolicies(destination, 'ingress', policies),
  };
}

/**
 * The verdicts on all ports, those with the same reasons together.
 * @param report receives the parts of a range of addresses on which the verdict differs
 */
export function judge(
  pair: Pair,
  ports: PortSet,
  isolating: Isolating,
  { unread }: Cluster,
  profile: CniProfile,
  report: (parts: readonly DifferingPart[]) => void,
): Judgement[] {
  const policies = [...new Set([...isolating.egress, ...isolating.ingress])];
  const rules = rulesOf(isolating);
  const containers = pair.destination.kind === 'pod' ? pair.destination.pod.ports : [];
  const sources = representatives(pair.source, rules);
  const destinations = representatives(pair.destination, rules);
  const numbers = new Map(rules.map((rule, i) => [rule, i] as const));

  const groups = new Map<string, { ranges: PortRange[]; verdicts: Verdict[] }>();
  for (const range of portPieces(ports, rules, containers)) {
    const connections = sources.flatMap((source) =>
      destinations.map((destination) => ({ source, destination, protocol: range.protocol, port: range.first })),
    );
    const verdicts = connections.map((connection) => evaluate(connection, policies, profile, unread));
    const denied = (['egress', 'ingress'] as const).filter((side) => verdicts[0]![side].decision === 'denied');
    const fits = rules
      .filter((rule) => denied.includes(rule.direction) && portFits(rule, connections[0]!))
      .map((rule) => numbers.get(rule));
    const key =
      sources[0] === destinations[0]
        ? 'itself'
        : `${fits} ${verdicts.map((verdict) => reasonsOf(verdict, numbers)).join(' ')}`;
    const group = groups.get(key);
    if (group) group.ranges.push(range);
    else groups.set(key, { ranges: [range], verdicts });
  }
  return [...groups.values()].map(({ ranges, verdicts }) => {
    const { decision } = verdicts[0]!;
    if (verdicts.some((verdict) => verdict.decision !== decision)) report(differingParts(pair, rules, verdicts));
    return { ports: unionOf(ranges), decision, verdicts };
  });
}

function rulesOf({ egress, ingress }: Isolating): Rule[] {
  return [
    ...egress.flatMap(({ rules }) => rules.filter(({ direction }) => direction === 'egress')),
    ...ingress.flatMap(({ rules }) => rules.filter(({ direction }) => direction === 'ingress')),
  ];
}

/** The same text for the same reasons. */
function reasonsOf({ egress, ingress }: Verdict, numbers: ReadonlyMap<Rule, number>): string {
  return [egress, ingress]
    .map(({ decision, allowedBy, doubts }) => {
      const rules = allowedBy.map((rule) => numbers.get(rule));
      const open = doubts.map(({ question, rule }) => `${question}${rule ? numbers.get(rule) : ''}`);
      return `${decision}:${rules}:${open}`;
    })
    .join('/');
}

/** Some of the addresses of the question. */
export interface DifferingPart {
  readonly addresses: string;
  readonly decision: Decision;
}

function differingParts({ source, destination }: Pair, rules: readonly Rule[], verdicts: readonly Verdict[]) {
  const parts = (end: JudgedEnd) => (end.kind === 'pod' ? [''] : alikeParts(end.addresses, rules).map(addressesText));
  const [from, to] = [parts(source), parts(destination)];
  return from.flatMap((a, i) =>
    to.map((b, j): DifferingPart => {
      const { decision } = verdicts[i * to.length + j]!;
      return { addresses: [a, b].filter((text) => text !== '').join(' to '), decision };
    }),
  );
}
