import type { Rule } from '../model/policy';
import type { StolenAdvice } from '../model/reach-listing';
import type { RuleNames } from './rule-names';
import type { StolenFact } from './stolen-facts';

/** A namespace with the labels that are known of it. */
interface Namespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * What makes it possible for a stolen pod to connect, and what to do about it: nothing isolates one side, a rule is for every pod, or a rule goes by
 * labels that anybody can give who may create pods there.
 */
export function adviceOn(namespace: Namespace, facts: readonly StolenFact[], rules: RuleNames): StolenAdvice[] {
  const certain = facts.filter(({ decision, direction }) => decision === 'allowed' && direction === 'egress');
  return [
    ...unisolated(namespace, certain),
    ...unisolatedTargets(certain),
    ...byLabels(namespace, certain, rules),
    ...forEveryPod(namespace, certain, rules),
  ];
}

function unisolated({ name }: Namespace, facts: readonly StolenFact[]): StolenAdvice[] {
  const open = facts.filter(({ egress }) => egress === undefined);
  if (open.length === 0) return [];
  const which = open.some(({ labels }) => labels.isEverything) ? 'pods' : 'pods with some labels';
  const text = `nothing isolates ${which} of ${name} for egress: write a default deny for egress there, with an empty podSelector`;
  return [{ text, rules: [] }];
}

function unisolatedTargets(facts: readonly StolenFact[]): StolenAdvice[] {
  const open = facts.flatMap(({ target, ingress }) => (target && !ingress ? [target.end.namespace] : []));
  const namespaces = [...new Set(open)].sort();
  if (namespaces.length === 0) return [];
  const text = `nothing isolates workloads of ${firstFew(namespaces)} for ingress: write a default deny for ingress there`;
  return [{ text, rules: [] }];
}

function byLabels(namespace: Namespace, facts: readonly StolenFact[], rules: RuleNames): StolenAdvice[] {
  const asking = ingressRules(facts).filter((rule) => labelsAsked(rule, namespace).length > 0);
  if (asking.length === 0) return [];
  const text =
    `whoever may create pods in ${namespace.name} may give them the labels that these rules go by: let an admission policy keep ` +
    'each label for its workload, or give the workload a namespace of its own and admit it by that name';
  return [{ text, rules: listed(asking, namespace, rules) }];
}

function forEveryPod(namespace: Namespace, facts: readonly StolenFact[], rules: RuleNames): StolenAdvice[] {
  const wide = ingressRules(facts).filter((rule) => labelsAsked(rule, namespace).length === 0);
  if (wide.length === 0) return [];
  const text = `these rules let every pod of ${namespace.name} in, whatever its labels: name those that need it by podSelector`;
  return [{ text, rules: listed(wide, namespace, rules) }];
}

function ingressRules(facts: readonly StolenFact[]): Rule[] {
  return [...new Set(facts.flatMap(({ ingress }) => (ingress ? [ingress] : [])))];
}

/** Labels by which the rule admits pods of the namespace; none where it admits all of them. */
function labelsAsked({ peers }: Rule, { labels }: Namespace): string[] {
  const boxes = peers.flatMap((peer) => {
    if (peer.kind === 'pods') return peer.namespaces.matches(labels) ? [`${peer.pods}`] : [];
    return peer.kind === 'everyone' ? [''] : [];
  });
  return boxes.includes('') ? [] : [...new Set(boxes)].sort();
}

function listed(rules: readonly Rule[], namespace: Namespace, names: RuleNames): StolenAdvice['rules'] {
  const all = rules.map((rule) => ({ ...names.of(rule), labels: labelsAsked(rule, namespace) }));
  return all.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function firstFew(names: readonly string[]): string {
  const shown = names.slice(0, 5);
  return shown.join(', ') + (names.length > shown.length ? ` and ${names.length - shown.length} more namespaces` : '');
}
