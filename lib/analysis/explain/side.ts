import type { CniProfile } from '../../model/cni-profile';
import type { AllowingRule, ExplainedPolicy, ExplainedSide, FailingRule } from '../../model/explanation';
import { resolveNames } from '../../model/named-ports';
import {
  type Direction,
  type Policy,
  policyToString,
  type Rule,
  type RulePeer,
  ruleToString,
} from '../../model/policy';
import type { PortSet } from '../../sets/port-set';
import { listedPlace } from '../connectivity/listing-place';
import { peerFits, type SideVerdict } from '../evaluate';
import type { JudgedEnd } from './judged-end';
import { peerMismatches, portMismatches } from './mismatch';
import { explainedDoubts } from './settle';
import type { WrittenPolicies } from './written-policies';

/** Connections from one end to the other that are judged for the same reasons. */
export interface Judged {
  readonly source: JudgedEnd;
  readonly destination: JudgedEnd;
  readonly ports: PortSet;
  readonly profile: CniProfile;
  readonly written: WrittenPolicies;
}

/**
 * The reasons of one end.
 * @param verdicts of every part of the ends that a rule could tell from the others
 * @param isolating the policies that select the subject in that direction
 */
export function explainSide(
  direction: Direction,
  verdicts: readonly SideVerdict[],
  isolating: readonly Policy[],
  judged: Judged,
): ExplainedSide {
  const { decision } = verdicts[0]!;
  const subject = direction === 'egress' ? judged.source : judged.destination;
  const doubts = explainedDoubts(verdicts.flatMap((verdict) => verdict.doubts));
  const head = { direction, decision, doubts };
  if (subject.kind === 'addresses')
    return { ...head, isolation: 'outside', isolatedBy: [], allowedBy: [], failing: [] };
  const isolatedBy = isolating.map((policy) => explainedPolicy(policy, judged));
  if (verdicts[0]!.isolatedBy.length === 0 && doubts.length === 0) {
    const isolation = isolating.length > 0 ? 'not-enforced' : 'open';
    return { ...head, isolation, isolatedBy, allowedBy: [], failing: [] };
  }
  const allowing = new Map<Rule, number>();
  for (const { allowedBy } of verdicts) for (const rule of allowedBy) allowing.set(rule, (allowing.get(rule) ?? 0) + 1);
  const doubted = new Set(verdicts.flatMap((verdict) => verdict.doubts.map(({ rule, policy }) => rule ?? policy)));
  const candidates = isolating
    .flatMap(({ rules }) => rules)
    .filter(
      (rule) => rule.direction === direction && !allowing.has(rule) && !doubted.has(rule) && !doubted.has(rule.policy),
    );
  return {
    ...head,
    isolation: isolating.length > 0 ? 'isolated' : 'open',
    isolatedBy,
    allowedBy: [...allowing].map(([rule, parts]) =>
      allowingRule(rule, parts === verdicts.length ? 'all' : 'part', judged),
    ),
    failing: decision === 'allowed' ? [] : candidates.map((rule) => failingRule(rule, judged)).sort(byNearness),
  };
}

function explainedPolicy(policy: Policy, { written }: Judged): ExplainedPolicy {
  const construct = written.constructOf(policy);
  return {
    policy: policyToString(policy),
    place: listedPlace(policy.place),
    selects: policy.pods.toString(),
    ...(construct ? { construct } : {}),
    excerpt: written.excerptOfIsolation(policy),
  };
}

function allowingRule(rule: Rule, holds: AllowingRule['holds'], judged: Judged): AllowingRule {
  const { written, ports, profile } = judged;
  const peer = peerOf(rule, judged);
  const containers = judged.destination.kind === 'pod' ? judged.destination.pod.ports : [];
  const construct = written.constructOf(rule.policy);
  const matching = rule.peers.flatMap((entry, index) =>
    fitOf(entry, peer, profile).fits === 'yes' ? [written.peerEntry(rule, index)] : [],
  );
  return {
    rule: ruleToString(rule),
    place: listedPlace(rule.place),
    peers: matching,
    ports: written.portEntries(rule, ports, (set) => resolveNames(set, containers)),
    holds,
    ...(construct ? { construct } : {}),
    ...written.codeOf(rule),
    excerpt: written.excerptOfRule(rule),
  };
}

function failingRule(rule: Rule, judged: Judged): FailingRule {
  const { written, ports, profile, destination } = judged;
  const containers = destination.kind === 'pod' ? destination.pod.ports : [];
  const fits = rule.ports.isEverything || !resolveNames(rule.ports, containers).intersect(ports).isEmpty;
  const construct = written.constructOf(rule.policy);
  const peer = peerOf(rule, judged);
  return {
    rule: ruleToString(rule),
    place: listedPlace(rule.place),
    ports: fits ? [] : portMismatches(rule, ports, destination),
    peers: rule.peers.map((entry, index) => ({
      ...written.peerEntry(rule, index),
      ...fitOf(entry, peer, profile),
    })),
    ...(construct ? { construct } : {}),
    ...written.codeOf(rule),
    excerpt: written.excerptOfRule(rule),
  };
}

function fitOf(
  entry: RulePeer,
  peer: JudgedEnd,
  profile: CniProfile,
): Pick<FailingRule['peers'][number], 'fits' | 'mismatches'> {
  const mismatches = peerMismatches(entry, peer, profile);
  if (mismatches.length > 0) return { fits: 'no', mismatches };
  const isCertain = peer.kind === 'addresses' || peerFits(entry, peer.pod, profile) === 'yes';
  return { fits: isCertain ? 'yes' : 'perhaps', mismatches };
}

function peerOf({ direction }: Rule, { source, destination }: Judged): JudgedEnd {
  return direction === 'egress' ? destination : source;
}

/** How much of a rule would have to be different. */
function distanceOf({ ports, peers }: FailingRule): number {
  const port = ports.length === 0 ? 0 : ports.some(({ kind }) => kind === 'protocol') ? 1.5 : 1;
  return port + Math.min(...peers.map(({ fits, mismatches }) => (fits === 'perhaps' ? 0.5 : mismatches.length)));
}

function byNearness(a: FailingRule, b: FailingRule): number {
  return distanceOf(a) - distanceOf(b);
}
