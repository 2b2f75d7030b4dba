import type { Cluster, UnreadPolicy } from '../../model/cluster';
import { placeToString } from '../../model/issue';
import { type Policy, ruleToString } from '../../model/policy';
import { RuleContents } from '../diff/rule-content';
import { groupedBy } from '../grouping';
import { notHeld, toldOnce } from '../open-world/compare';
import { type PolicyStatement, relationOf } from '../open-world/relation';
import { Universe } from '../open-world/universe';
import { type Witness, witnessOf, witnessToString } from '../open-world/witness';

/** One way in which two sets of policies differ. */
export interface PolicyDifference {
  /** `lost`: only the old policies allow it. `gained`: only the new ones do. */
  readonly kind: 'lost' | 'gained';
  readonly direction: 'ingress' | 'egress';
  /** One connection that shows it. */
  readonly witness: Witness;
  /** What allows it: a rule, or that no policy isolates the pods. */
  readonly allowedBy: PolicyStatement;
}

export interface Equivalence {
  /** `unknown`: there are policies of kinds that are not read. */
  readonly verdict: 'equal' | 'different' | 'unknown';
  /** At most one for each rule. */
  readonly differences: readonly PolicyDifference[];
  readonly unread: readonly UnreadPolicy[];
  /** Boxes of connections that were compared. */
  readonly statements: number;
  /** Namespaces whose policies say the same word for word, in whatever order and under whatever names. */
  readonly alike: number;
}

/**
 * Whether two sets of policies allow the same, over every pod that could exist, egress and ingress by themselves, whatever plugin applies
 * them.
 *
 * Labels of a namespace that only one of them gives hold for both; one that neither gives may have any labels beside its name. Policies of
 * kinds that are not read make the answer unknown.
 */
export function equivalence(before: Cluster, after: Cluster): Equivalence {
  const labels = new Map<string, Readonly<Record<string, string>>>();
  const names = new Set<string>();
  for (const { name, labels: own, source } of [...before.namespaces, ...after.namespaces]) {
    names.add(name);
    if (source === 'given') labels.set(name, own);
  }
  const universe = new Universe(labels, 'told-apart');
  const other = namespacesThatDiffer(before, after, names);
  const [old, fresh] = [before, after].map(({ policies }) => relationOf(policies, other, universe)) as [
    PolicyStatement[],
    PolicyStatement[],
  ];
  const differences = (kind: PolicyDifference['kind'], these: PolicyStatement[], those: PolicyStatement[]) =>
    [...toldOnce(notHeld(these, those), ({ rule, namespace }) => rule ?? namespace)].map(
      ([statement, rest]): PolicyDifference => {
        const witness = witnessOf({ ...statement, ...rest }, labels.get(statement.namespace));
        return { kind, direction: statement.direction, witness, allowedBy: statement };
      },
    );
  const found = [...differences('lost', old, fresh), ...differences('gained', fresh, old)];
  const unread = [...before.unread, ...after.unread];
  const verdict = unread.length > 0 ? 'unknown' : found.length === 0 ? 'equal' : 'different';
  const alike = names.size - other.length;
  return { verdict, differences: found, unread, statements: old.length + fresh.length, alike };
}

/** Where the policies say something else: the others allow the same, as long as labels of namespaces hold for both sides. */
function namespacesThatDiffer(before: Cluster, after: Cluster, names: ReadonlySet<string>): string[] {
  const contents = new RuleContents();
  const textsOf = ({ policies }: Cluster) => {
    const own = groupedBy(policies, ({ namespace }) => namespace);
    const textOf = (all: readonly Policy[]) =>
      all
        .map((policy) => contents.ofPolicy(policy))
        .sort()
        .join('\n\n');
    return new Map([...own].map(([name, all]) => [name, textOf(all)] as const));
  };
  const [old, fresh] = [textsOf(before), textsOf(after)];
  return [...names].filter((name) => old.get(name) !== fresh.get(name));
}

/** The same as plain data: as it is shown, and as JSON. */
export function listEquivalence({ verdict, differences, unread, statements, alike }: Equivalence) {
  return {
    verdict,
    differences: differences.map(({ kind, direction, witness, allowedBy: { rule, namespace } }) => ({
      kind,
      direction,
      witness,
      connection: witnessToString(witness),
      allowedBy: rule ? ruleToString(rule) : `there being no policy that isolates pods of ${namespace}`,
      place: rule ? placeToString(rule.place) : '',
    })),
    unread: unread.map(({ kind, name, place }) => `${kind} ${name} (${placeToString(place)})`),
    statements,
    alike,
  };
}
