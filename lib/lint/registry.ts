import type { RuleDescriptor } from '../model/finding';
import { ownRules } from './own-rules';
import { type Example, type LintRule, ruleGroups } from './rule';
import { noAllowAllPeers } from './rules/no-allow-all-peers';
import { noAllowAllPorts } from './rules/no-allow-all-ports';
import { noAmbiguousNamedPort } from './rules/no-ambiguous-named-port';
import { noAnyAddress } from './rules/no-any-address';
import { noConflictingObjects } from './rules/no-conflicting-objects';
import { noContradictorySelector } from './rules/no-contradictory-selector';
import { noDuplicatePolicy } from './rules/no-duplicate-policy';
import { noDuplicateRule } from './rules/no-duplicate-rule';
import { noEmptyList } from './rules/no-empty-list';
import { noHostBits } from './rules/no-host-bits';
import { noIgnoredRules } from './rules/no-ignored-rules';
import { noLeadingZeros } from './rules/no-leading-zeros';
import { noLongPolicy } from './rules/no-long-policy';
import { noMetadataAddress } from './rules/no-metadata-address';
import { noOldVersion } from './rules/no-old-version';
import { noOverlappingRules } from './rules/no-overlapping-rules';
import { noRedundantEntry } from './rules/no-redundant-entry';
import { noRedundantPolicy } from './rules/no-redundant-policy';
import { noRedundantRule } from './rules/no-redundant-rule';
import { noRejectedField } from './rules/no-rejected-field';
import { noSplitSelector } from './rules/no-split-selector';
import { noUnknownField } from './rules/no-unknown-field';
import { noUnknownNamedPort } from './rules/no-unknown-named-port';
import { noUnmatchedNamespace } from './rules/no-unmatched-namespace';
import { noUnmatchedPeer } from './rules/no-unmatched-peer';
import { noUnmatchedPodSelector } from './rules/no-unmatched-pod-selector';
import { noUnreadableDocument } from './rules/no-unreadable-document';
import { noUnrenderedTemplate } from './rules/no-unrendered-template';
import { noUnselectedWorkload } from './rules/no-unselected-workload';
import { noWideCidr } from './rules/no-wide-cidr';
import { requireDefaultDenyEgress } from './rules/require-default-deny-egress';
import { requireDefaultDenyIngress } from './rules/require-default-deny-ingress';
import { requirePodSelector } from './rules/require-pod-selector';
import { requirePolicyTypes } from './rules/require-policy-types';

/** Every rule, in the order of their ids. A test holds it equal to the folder. */
export const lintRules: readonly LintRule[] = [
  noAllowAllPeers,
  noAllowAllPorts,
  noAmbiguousNamedPort,
  noAnyAddress,
  noConflictingObjects,
  noContradictorySelector,
  noDuplicatePolicy,
  noDuplicateRule,
  noEmptyList,
  noHostBits,
  noIgnoredRules,
  noLeadingZeros,
  noLongPolicy,
  noMetadataAddress,
  noOldVersion,
  noOverlappingRules,
  noRedundantEntry,
  noRedundantPolicy,
  noRedundantRule,
  noRejectedField,
  noSplitSelector,
  noUnknownField,
  noUnknownNamedPort,
  noUnmatchedNamespace,
  noUnmatchedPeer,
  noUnmatchedPodSelector,
  noUnreadableDocument,
  noUnrenderedTemplate,
  noUnselectedWorkload,
  noWideCidr,
  requireDefaultDenyEgress,
  requireDefaultDenyIngress,
  requirePodSelector,
  requirePolicyTypes,
];

/** All rules with their examples, by group and id; what linting finds of itself comes last, and has none. */
export const explainedRules = [
  ...ruleGroups.flatMap((group) => lintRules.filter((rule) => rule.group === group)).map(explained),
  ...ownRules.map((rule) => ({ ...descriptorOf(rule), good: [], bad: [], fixable: 'no' as const })),
];

/** All that a finding can be about. */
export const lintDescriptors: readonly RuleDescriptor[] = [...lintRules, ...ownRules]
  .map(descriptorOf)
  .sort((a, b) => (a.id < b.id ? -1 : 1));

function descriptorOf({ id, group, severity, wrong, why, todo, references }: RuleDescriptor): RuleDescriptor {
  return { id, group, severity, wrong, why, todo, references };
}

function explained(rule: LintRule) {
  const fixable = rule.bad.some(({ fixed }) => fixed !== undefined) ? ('yes' as const) : ('no' as const);
  return { ...descriptorOf(rule), good: rule.good.map(yamlOf), bad: rule.bad.map(yamlOf), fixable };
}

function yamlOf({ yaml }: Example): string {
  return yaml;
}
