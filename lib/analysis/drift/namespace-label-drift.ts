import { type Rule, ruleToString } from '../../model/policy';
import { namespaceNameKey } from '../../model/selector';
import type { LabelBox } from '../../sets/label-box';
import { type DriftFinding, finding } from './drift-finding';
import { driftRules } from './drift-rules';
import type { DriftWorld } from './drift-world';
import type { Intended } from './intended';

/**
 * A managed namespace whose labels make policies of the app pick it that are not meant to, or no longer. Both sides of a comparison of
 * policies read them with the labels of the cluster, so that it does not tell. Of a namespace that the app does not write no labels are meant.
 */
export function namespaceLabelDrift(world: DriftWorld, namespace: string): DriftFinding[] {
  const meant = world.intended.cluster.namespaces.find(({ name }) => name === namespace);
  const labels = world.labels.get(namespace);
  if (meant?.source !== 'given' || !labels) return [];
  return [...selectorsOf(world.intended)].flatMap(([asked, { box, rule }]) => {
    const [is, should] = [box.matches(labels), box.matches(meant.labels)];
    if (is === should) return [];
    const verb = is ? 'lets' : 'no longer lets';
    const message = `namespace \`${namespace}\` has other labels than the app gives it: \`${ruleToString(rule)}\`, which asks for \`${asked}\`, ${verb} its pods connect`;
    return [finding(driftRules.relabelled, { message, namespace, world, intended: rule.policy })];
  });
}

interface NamespaceSelector {
  readonly box: LabelBox;
  /** The first one that asks for it. */
  readonly rule: Rule;
}

const selectors = new WeakMap<Intended, ReadonlyMap<string, NamespaceSelector>>();

/** What rules ask of namespaces beside their names, each once. */
function selectorsOf(intended: Intended): ReadonlyMap<string, NamespaceSelector> {
  let found = selectors.get(intended) as Map<string, NamespaceSelector> | undefined;
  if (found) return found;
  found = new Map();
  for (const rule of intended.cluster.policies.flatMap(({ rules }) => rules)) {
    for (const peer of rule.peers) {
      if (peer.kind !== 'pods' || !peer.namespaces.keys.some((key) => key !== namespaceNameKey)) continue;
      const text = peer.namespaces.toString();
      if (!found.has(text)) found.set(text, { box: peer.namespaces, rule });
    }
  }
  selectors.set(intended, found);
  return found;
}
