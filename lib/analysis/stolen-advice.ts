import type { Rule } from '../model/policy';
import type { StolenAdvice } from '../model/reach-listing';
import type { LabelBox } from '../sets/label-box';
import { groupedBy } from './listing-head';
import type { RuleNames } from './rule-names';
import type { StolenFact } from './stolen-facts';

/**
 * What makes it possible for a stolen pod to connect, and what to do about it: nothing isolates one side, a rule is for every pod, or a rule goes by
 * labels that anybody can give who may create pods there.
 */
export function adviceOn(namespace: string, facts: readonly StolenFact[], rules: RuleNames): StolenAdvice[] {
  const certain = facts.filter(({ decision, direction }) => decision === 'allowed' && direction === 'egress');
  return [
    ...unisolated(namespace, certain),
    ...unisolatedTargets(certain),
    ...byLabels(namespace, certain, rules),
    ...forEveryPod(namespace, certain, rules),
  ];
}

function unisolated(namespace: string, facts: readonly StolenFact[]): StolenAdvice[] {
  const open = facts.filter(({ egress }) => egress === undefined);
  if (open.length === 0) return [];
  const everywhere = open.some(({ labels }) => labels.isEverything);
  const which = everywhere ? 'pods' : 'pods with labels of their own choice';
  const text = `nothing isolates ${which} of ${namespace} for egress: write a default deny for egress there, with an empty podSelector`;
  return [{ text, rules: [] }];
}

function unisolatedTargets(facts: readonly StolenFact[]): StolenAdvice[] {
  const open = facts.flatMap(({ target, ingress }) => (target && !ingress ? [target.end.namespace] : []));
  const namespaces = [...new Set(open)].sort();
  if (namespaces.length === 0) return [];
  const text = `workloads of ${firstFew(namespaces)} are isolated by nothing for ingress: write a default deny for ingress there`;
  return [{ text, rules: [] }];
}

function byLabels(namespace: string, facts: readonly StolenFact[], rules: RuleNames): StolenAdvice[] {
  const asking = facts.flatMap(({ target, ingress }) => {
    if (!ingress || !target) return [];
    const boxes = podBoxes(ingress).filter((box) => !box.isEverything);
    return boxes.length > 0 ? [{ rule: ingress, labels: boxes }] : [];
  });
  return [...groupedBy(asking, ({ labels }) => labels.join(' or '))].sort(byText).map(([labels, alike]) => ({
    text:
      `{${labels}} opens ${alike.length === 1 ? 'a rule' : 'rules'} to whoever may create pods in ${namespace}: ` +
      'let an admission policy keep that label for its workload, or give the workload a namespace of its own and admit it by that name',
    rules: listed(alike.map(({ rule }) => rule), rules),
  }));
}

function forEveryPod(namespace: string, facts: readonly StolenFact[], rules: RuleNames): StolenAdvice[] {
  const wide = facts.flatMap(({ ingress }) => (ingress && !isByLabels(ingress) ? [ingress] : []));
  if (wide.length === 0) return [];
  const text = `these rules let every pod of ${namespace} in, whatever its labels: name those that need it by podSelector`;
  return [{ text, rules: listed(wide, rules) }];
}

function isByLabels(rule: Rule): boolean {
  return podBoxes(rule).some((box) => !box.isEverything);
}

function podBoxes({ peers }: Rule): LabelBox[] {
  return peers.flatMap((peer) => (peer.kind === 'pods' ? [peer.pods] : []));
}

function listed(rules: readonly Rule[], names: RuleNames) {
  const all = [...new Set(rules)].map((rule) => names.of(rule));
  return all.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function firstFew(names: readonly string[]): string {
  const shown = names.slice(0, 5);
  return shown.join(', ') + (names.length > shown.length ? ` and ${names.length - shown.length} more namespaces` : '');
}

function byText([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
