import type { Cluster } from '../../model/cluster';
import { type Policy, ruleToString } from '../../model/policy';
import type { EnvironmentModel, Guarantee, Intent, NamespaceModel, Program } from '../../model/program';
import { namespaceNameKey } from '../../model/selector';
import { notHeld, toldOnce } from '../open-world/compare';
import { type PolicyStatement, relationOf } from '../open-world/relation';
import type { Statement } from '../open-world/statement';
import type { Remainder } from '../open-world/uncovered';
import { Universe } from '../open-world/universe';
import { type Witness, witnessOf } from '../open-world/witness';
import { type DeclaredStatement, declaredStatements } from './declared';
import { type GuaranteeProof, proveGuarantees } from './guarantees';

type Labels = Readonly<Record<string, string>>;

/** One way in which policies differ from what is declared. */
export interface Difference {
  /** `missing`: declared, but the policies deny it. `extra`: the policies allow it, but nobody declared it. */
  readonly kind: 'missing' | 'extra';
  readonly cluster: string;
  readonly direction: Statement['direction'];
  /** One connection that shows it. */
  readonly witness: Witness;
  /** What declares it, where it is missing. */
  readonly declared: DeclaredStatement | undefined;
  /** The rule that allows it, where it is extra; without a rule, nothing isolates the pods. */
  readonly emitted: PolicyStatement | undefined;
}

export interface Proof {
  /** `equal`: over every pod that could exist, the policies allow what is declared and nothing else. */
  readonly verdict: 'equal' | 'different';
  /** At most one for each declared opening and each rule. */
  readonly differences: readonly Difference[];
  readonly guarantees: readonly GuaranteeProof[];
  /** How many boxes of connections were compared. */
  readonly statements: number;
}

/**
 * Whether policies mean exactly what a program declares: over every pod, namespace, port and address that could exist, cluster by
 * cluster, egress and ingress by themselves, whatever plugin applies them (design, Proof).
 * @param policies of each cluster, by its name: what was emitted, and in the managed namespaces what others wrote
 * @param others what else is known of a cluster; it counts for guarantees only
 */
export function prove(
  program: Program,
  active: readonly Intent[],
  policies: ReadonlyMap<string, readonly Policy[]>,
  others: (cluster: string) => readonly Cluster[] = () => [],
): Proof {
  const differences: Difference[] = [];
  const guarantees: GuaranteeProof[] = [];
  let statements = 0;
  for (const cluster of clustersOf(program)) {
    const namespaces = namespacesOf(program, cluster);
    const known = new Map(namespaces.map((n) => [n.name, labelsOf(n)] as const));
    const universe = new Universe(known, 'told-apart');
    const names = namespaces.map(({ name }) => name);
    const declared = declaredStatements(program, active, cluster, universe);
    const emitted = relationOf(policies.get(cluster) ?? [], names, universe);
    statements += declared.length + emitted.length;
    guarantees.push(...guaranteesOf(program, cluster, emitted, known, others(cluster)));
    const witness = (statement: Statement, rest: Remainder) =>
      witnessOf({ ...statement, ...rest }, known.get(statement.namespace));
    for (const [statement, rest] of toldOnce(notHeld(declared, emitted), ({ by }) => by)) {
      const { direction } = statement;
      const shown = witness(statement, rest);
      differences.push({
        kind: 'missing',
        cluster,
        direction,
        witness: shown,
        declared: statement,
        emitted: undefined,
      });
    }
    for (const [statement, rest] of toldOnce(notHeld(emitted, declared), ({ rule, namespace }) => rule ?? namespace)) {
      const { direction } = statement;
      const shown = witness(statement, rest);
      differences.push({ kind: 'extra', cluster, direction, witness: shown, declared: undefined, emitted: statement });
    }
  }
  const verdict = differences.length === 0 ? 'equal' : 'different';
  return { verdict, differences, guarantees: overClusters(guarantees), statements };
}

/** A guarantee holds if it holds in every cluster: one that is broken stands for all. */
function overClusters(proofs: readonly GuaranteeProof[]): GuaranteeProof[] {
  const merged = new Map<Guarantee, GuaranteeProof>();
  for (const proof of proofs) if (proof.breach || !merged.has(proof.guarantee)) merged.set(proof.guarantee, proof);
  return [...merged.values()];
}

function guaranteesOf(
  program: Program,
  cluster: string,
  emitted: readonly PolicyStatement[],
  known: ReadonlyMap<string, Labels>,
  others: readonly Cluster[],
): GuaranteeProof[] {
  const foreign = others.flatMap(({ namespaces }) => namespaces).filter(({ name }) => !known.has(name));
  if (foreign.length === 0) return proveGuarantees(program, cluster, emitted, known);
  const all = new Map([...known, ...foreign.map(({ name, labels }) => [name, labels] as const)]);
  const names = new Set(foreign.map(({ name }) => name));
  const policies = others.flatMap((other) => other.policies);
  const relation = [...emitted, ...relationOf(policies, names, new Universe(all, 'told-apart'))];
  return proveGuarantees(program, cluster, relation, all);
}

export function clustersOf(program: Program): string[] {
  return [...new Set(program.environments.map((environment: EnvironmentModel) => environment.cluster))].sort();
}

export function namespacesOf(program: Program, cluster: string): NamespaceModel[] {
  return program.namespaces.filter(({ environment }) => environment.cluster === cluster);
}

function labelsOf({ name, labels }: NamespaceModel): Labels {
  return { ...labels, [namespaceNameKey]: name };
}

/** What allows it, in one line. */
export function sourceOf(difference: Difference): string {
  const { declared, emitted } = difference;
  if (declared) return declarationOf(declared);
  return emitted?.rule ? `rule ${ruleToString(emitted.rule)}` : 'no policy isolates the pods';
}

function declarationOf({ by }: DeclaredStatement): string {
  if (!('kind' in by)) return `intent ${by.path}`;
  if (by.kind === 'service') return `DNS of ${by.path}`;
  return by.kind === 'namespace' ? `pods that ${by.path} leaves open` : `raw policy ${by.path}`;
}
