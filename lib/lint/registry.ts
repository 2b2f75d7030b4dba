import type { RuleDescriptor } from '../model/finding';
import { ownRules } from './own-rules';
import { type Example, type LintRule, ruleGroups } from './rule';
import { noAllowAllPeers } from './rules/no-allow-all-peers';
import { noAllowAllPorts } from './rules/no-allow-all-ports';
import { noAmbiguousNamedPort } from './rules/no-ambiguous-named-port';
import { noAnyAddress } from './rules/no-any-address';
import { noConflictingObjects } from './rules/no-conflicting-objects';
import { noContradictorySelector } from './rules/no-contradictory-selector';
import { noCrossEnvironmentReach } from './rules/no-cross-environment-reach';
import { noCrossTeamReach } from './rules/no-cross-team-reach';
import { noDuplicatePolicy } from './rules/no-duplicate-policy';
import { noDuplicateRule } from './rules/no-duplicate-rule';
import { noEmptyList } from './rules/no-empty-list';
import { noExpiredAccess } from './rules/no-expired-access';
import { noExpiringAccess } from './rules/no-expiring-access';
import { noHostBits } from './rules/no-host-bits';
import { noHostNetworkSelection } from './rules/no-host-network-selection';
import { noIgnoredRules } from './rules/no-ignored-rules';
import { noIpBlockOfPods } from './rules/no-ip-block-of-pods';
import { noLabelSchemeViolation } from './rules/no-label-scheme-violation';
import { noLeadingZeros } from './rules/no-leading-zeros';
import { noLongPolicy } from './rules/no-long-policy';
import { noMetadataAddress } from './rules/no-metadata-address';
import { noNearMissKey } from './rules/no-near-miss-key';
import { noNearMissValue } from './rules/no-near-miss-value';
import { noOldVersion } from './rules/no-old-version';
import { noOneSidedEgress } from './rules/no-one-sided-egress';
import { noOneSidedIngress } from './rules/no-one-sided-ingress';
import { noOverlappingRules } from './rules/no-overlapping-rules';
import { noRedundantEntry } from './rules/no-redundant-entry';
import { noRedundantPolicy } from './rules/no-redundant-policy';
import { noRedundantRule } from './rules/no-redundant-rule';
import { noRejectedField } from './rules/no-rejected-field';
import { noServiceLabels } from './rules/no-service-labels';
import { noServicePort } from './rules/no-service-port';
import { noSplitSelector } from './rules/no-split-selector';
import { noUndeclaredPort } from './rules/no-undeclared-port';
import { noUnenforcedFeature } from './rules/no-unenforced-feature';
import { noUnknownField } from './rules/no-unknown-field';
import { noUnknownNamedPort } from './rules/no-unknown-named-port';
import { noUnmatchedNamespace } from './rules/no-unmatched-namespace';
import { noUnmatchedPeer } from './rules/no-unmatched-peer';
import { noUnmatchedPodSelector } from './rules/no-unmatched-pod-selector';
import { noUnnamedWorkload } from './rules/no-unnamed-workload';
import { noUnreadPolicy } from './rules/no-unread-policy';
import { noUnreadableDocument } from './rules/no-unreadable-document';
import { noUnrenderedTemplate } from './rules/no-unrendered-template';
import { noUnselectedWorkload } from './rules/no-unselected-workload';
import { noWideCidr } from './rules/no-wide-cidr';
import { requireDefaultDenyEgress } from './rules/require-default-deny-egress';
import { requireDefaultDenyIngress } from './rules/require-default-deny-ingress';
import { requireDnsEgress } from './rules/require-dns-egress';
import { requireDnsOverTcp } from './rules/require-dns-over-tcp';
import { requireNamespaceName } from './rules/require-namespace-name';
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
  noCrossEnvironmentReach,
  noCrossTeamReach,
  noDuplicatePolicy,
  noDuplicateRule,
  noEmptyList,
  noExpiredAccess,
  noExpiringAccess,
  noHostBits,
  noHostNetworkSelection,
  noIgnoredRules,
  noIpBlockOfPods,
  noLabelSchemeViolation,
  noLeadingZeros,
  noLongPolicy,
  noMetadataAddress,
  noNearMissKey,
  noNearMissValue,
  noOldVersion,
  noOneSidedEgress,
  noOneSidedIngress,
  noOverlappingRules,
  noRedundantEntry,
  noRedundantPolicy,
  noRedundantRule,
  noRejectedField,
  noServiceLabels,
  noServicePort,
  noSplitSelector,
  noUndeclaredPort,
  noUnenforcedFeature,
  noUnknownField,
  noUnknownNamedPort,
  noUnmatchedNamespace,
  noUnmatchedPeer,
  noUnmatchedPodSelector,
  noUnnamedWorkload,
  noUnreadPolicy,
  noUnreadableDocument,
  noUnrenderedTemplate,
  noUnselectedWorkload,
  noWideCidr,
  requireDefaultDenyEgress,
  requireDefaultDenyIngress,
  requireDnsEgress,
  requireDnsOverTcp,
  requireNamespaceName,
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

function descriptorOf({ demands = [], ...rule }: RuleDescriptor): RuleDescriptor {
  const { id, group, severity, wrong, why, todo, references } = rule;
  return { id, group, severity, wrong, why, todo, references, demands };
}

function explained(rule: LintRule) {
  const fixable = rule.bad.some(({ fixed }) => fixed !== undefined) ? ('yes' as const) : ('no' as const);
  return { ...descriptorOf(rule), good: rule.good.map(yamlOf), bad: rule.bad.map(yamlOf), fixable };
}

function yamlOf({ yaml }: Example): string {
  return yaml;
}
