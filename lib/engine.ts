/**
 * The engine behind the commands, for programs: read manifests, ask who may talk to whom and why, and prove.
 *
 * It knows nothing of cdk8s, and is a subpath of its own so that declaring intents loads none of it.
 */
export type { AddressReach } from './analysis/connectivity/address-reach';
export { type Block, Connectivity, type Reach } from './analysis/connectivity/connectivity';
export { listConnectivity } from './analysis/connectivity/listing';
export type { PodClass } from './analysis/connectivity/pod-classes';
export { type DiffOptions, listDiff } from './analysis/diff/diff';
export { type GateRules, judgeDiff } from './analysis/diff/gate';
export { type Doubt, evaluate, type Question, type SideVerdict, type Verdict } from './analysis/evaluate';
export { type ExplainOptions, explain } from './analysis/explain';
export { type ExposedTo, exposureOf } from './analysis/exposure';
export { listExposure } from './analysis/exposure-listing';
export { ClusterWorld } from './analysis/open-world/cluster-world';
export type { PossiblePod, Witness } from './analysis/open-world/witness';
export { type Equivalence, equivalence, listEquivalence, type PolicyDifference } from './analysis/prove/equivalence';
export { type Reached, reachFrom } from './analysis/reach';
export { listBlastRadius } from './analysis/reach-listing';
export { listReachRanking } from './analysis/reach-ranking';
export { type Redundancy, type RedundantPolicy, type RedundantRule, redundancyOf } from './analysis/redundancy';
export { listRedundancy } from './analysis/redundancy-listing';
export { type RuleOverlap, type RuleOverlaps, ruleOverlaps } from './analysis/rule-overlaps';
export { listStolenReach } from './analysis/stolen-listing';
export type {
  Cluster,
  Exposure,
  KnownNamespace,
  PlacedWorkload,
  UnreadPolicy,
} from './model/cluster';
export type { CniFacts, CniProfile, Fact } from './model/cni-profile';
export { cniProfiles, defaultProfile, profileOf } from './model/cni-profiles';
export type { AddressEnd, Connection, Decision, End, PodEnd } from './model/connection';
export type { ConnectivityListing } from './model/connectivity-listing';
export type { Approval, DiffGate, DiffListing } from './model/diff-listing';
export type { Explanation } from './model/explanation';
export type { ExposureListing } from './model/exposure-listing';
export { InputError, type Issue, issueToString, type Place } from './model/issue';
export type { Direction, Policy, Rule, RulePeer } from './model/policy';
export { policyToString, ruleToString } from './model/policy';
export type { BlastRadius, ReachListing, ReachRanking, StolenReachListing } from './model/reach-listing';
export type { RedundancyListing } from './model/redundancy-listing';
export type { ContainerPort, Workload, WorkloadKind } from './model/workload';
export { clusterOfObjects, clusterOfTexts, readCluster } from './read/cluster';
export { checkSchema } from './render/schema/check-schema';
export { connectivitySchema } from './render/schema/connectivity-schema';
export { diffOfClustersSchema, diffSchema } from './render/schema/diff-schema';
export { explanationSchema } from './render/schema/explanation-schema';
export { exposureSchema } from './render/schema/exposure-schema';
export { findingsSchema } from './render/schema/findings-schema';
export { importSchema } from './render/schema/import-schema';
export { appProofSchema, equivalenceSchema } from './render/schema/proof-schema';
export { reachSchema } from './render/schema/reach-schema';
export { redundancySchema } from './render/schema/redundancy-schema';
export { type AddressSet, addressesOf, addressSetToString } from './sets/address-set';
export { parseAddress, parseCidr } from './sets/cidr';
export { LabelBox } from './sets/label-box';
export { PortSet, type Protocol } from './sets/port-set';
