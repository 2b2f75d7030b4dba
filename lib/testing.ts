/**
 * Tests of the network without a test runner's matchers: state something, get what does not hold; and tables, coverage and mutation testing as
 * functions.
 */
export type { CoverageReport, Covered, CoveredItem, CoveredLine, CoveredPoint } from './model/coverage-report';
export type { MutationReport, OperatorCount, Survivor } from './model/mutation-report';
export type { TestCase, TestRun, TestSuite } from './model/test-run';
export { mutationReportSchema } from './render/schema/mutation-schema';
export { testRunSchema } from './render/schema/test-run-schema';
export type { Assertion } from './testing/assertion';
export { breachToString } from './testing/breach-text';
export type { Breach, Claim, ClaimEnd } from './testing/claim';
export { claimsOf } from './testing/claims-of';
export { coverageOf } from './testing/coverage/coverage';
export { type NetworkMatchers, networkMatchers } from './testing/matchers/matchers';
export type { MatcherOutcome } from './testing/matchers/outcome';
export { breachesOf } from './testing/matchers/outcome';
export type { StatedGuarantee } from './testing/matchers/proofs';
export type { ConnectivitySnapshotOptions } from './testing/matchers/snapshots';
export { mutate } from './testing/mutation/mutate';
export { Network, type NetworkOptions, type NetworkPods } from './testing/network';
export {
  type AppNetworkOptions,
  networkOfApp,
  networkOfProject,
  networkOfText,
  readNetwork,
} from './testing/open-network';
export type { ListedParty, Party, PortText } from './testing/party';
export {
  type AssertedNetwork,
  assertedTables,
  recordTests,
  type StatedAssertion,
  type TestCommand,
} from './testing/recording/asserted';
export { type PlacedTable, placedTables, runTables, type TableOptions } from './testing/table/run-tables';
export type { ConnectivityTable, TableRow } from './testing/table/table';
