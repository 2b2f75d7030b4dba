import type { Cluster, PlacedWorkload } from '../model/cluster';
import { InputError } from '../model/issue';
import { ruleToString } from '../model/policy';
import type { StolenReachListing, StolenRow } from '../model/reach-listing';
import type { Connectivity } from './connectivity/connectivity';
import { refsOf } from './connectivity/listing';
import { listedAddresses } from './connectivity/listing-addresses';
import { Cells } from './connectivity/listing-cells';
import { portTexts } from './connectivity/listing-ports';
import { groupedBy, listingHead } from './listing-head';
import { listedReasons } from './reach-listing';
import { RuleNames } from './rule-names';
import { adviceOn } from './stolen-advice';
import { type StolenFact, stolenFacts } from './stolen-facts';

/**
 * What a pod could reach, and what could reach it, if whoever creates it in the namespace chooses its labels; and which rules make that possible.
 * @throws InputError for a namespace that is not in the input
 */
export function listStolenReach(connectivity: Connectivity, namespace: string): StolenReachListing {
  const { cluster, profile } = connectivity;
  const known = cluster.namespaces.find(({ name }) => name === namespace);
  if (!known) {
    const message = `\`${namespace}\` is no namespace of the input`;
    throw new InputError([{ code: 'names-nothing', message, place: {} }]);
  }
  const facts = [...stolenFacts(connectivity, namespace)];
  const rules = new RuleNames();
  return {
    mode: 'stolen',
    ...listingHead(cluster, profile),
    namespace,
    reached: countsOf(facts),
    rows: rowsOf(cluster, facts, rules),
    advice: adviceOn(known, facts, rules),
  };
}

function countsOf(facts: readonly StolenFact[]): StolenReachListing['reached'] {
  const count = (fits: (fact: StolenFact) => boolean) => {
    const targets = facts.filter((fact) => fact.direction === 'egress' && fits(fact)).map(({ target }) => target);
    return new Set(targets.flatMap((target) => target?.workloads ?? [])).size;
  };
  const certain = count(({ decision }) => decision === 'allowed');
  return {
    allowed: certain,
    unknown: count(() => true) - certain,
    withAnyLabels: count(({ decision, labels }) => decision === 'allowed' && labels.isEverything),
  };
}

/** What is alike is one row: those who connect first, and of them those that need no particular labels. */
function rowsOf(cluster: Cluster, facts: readonly StolenFact[], rules: RuleNames): StolenRow[] {
  const { workloads: inOrder } = new Cells(cluster);
  const refs = refsOf(inOrder);
  const numbers = new Map(inOrder.map((workload, number) => [workload, number] as const));
  const groups = groupedBy(facts, (fact) => {
    const names = [fact.egress, fact.ingress].map((rule) => (rule ? ruleToString(rule) : ''));
    const questions = [...fact.because.keys()].sort().join();
    const end = fact.addresses ? `${fact.addresses}` : 'workloads';
    return [fact.direction, fact.decision, end, fact.labels, fact.ports, ...names, questions].join('\0');
  });
  const rows = [...groups].map(([key, alike]) => {
    const [fact] = alike as [StolenFact];
    const members = [...new Set(alike.flatMap(({ target }): readonly PlacedWorkload[] => target?.workloads ?? []))];
    const sorted = members.map((workload) => numbers.get(workload)!).sort((a, b) => a - b);
    const row: StolenRow = {
      direction: fact.direction,
      workloads: sorted.map((number) => refs.get(inOrder[number]!)!),
      ...(fact.addresses ? { addresses: listedAddresses(fact.addresses) } : {}),
      ports: portTexts(fact.ports),
      labels: `${fact.labels}`,
      decision: fact.decision,
      rules: [fact.egress, fact.ingress].flatMap((rule) => (rule && fact.because.size === 0 ? [rules.of(rule)] : [])),
      because: listedReasons(fact.because),
    };
    const needs = fact.labels.isEverything ? 0 : 1;
    const order = `${fact.direction === 'egress' ? 0 : 1}${fact.addresses ? 1 : 0}${needs}`;
    return { row, order, first: sorted[0] ?? -1, key };
  });
  rows.sort((a, b) => compare(a.order, b.order) || a.first - b.first || compare(a.key, b.key));
  return rows.map(({ row }) => row);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
