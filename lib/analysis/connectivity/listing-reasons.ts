import { unreadToString } from '../../model/cluster';
import type { End } from '../../model/connection';
import { type Policy, policyToString, ruleToString } from '../../model/policy';
import { highestPort, lowestPort, PortSet, protocols } from '../../sets/port-set';
import { type Doubt, evaluate, type Question } from '../evaluate';
import type { Connectivity, Reach } from './connectivity';
import type { Side } from './sides';

/** Open questions, each with what decides once it is answered: the first few names, sorted. */
export type Reasons = ReadonlyMap<Question, readonly string[]>;

export const noReasons: Reasons = new Map();

const mostNames = 3;

const everyNumber = PortSet.of(protocols.map((protocol) => ({ protocol, first: lowestPort, last: highestPort })));

/** Why a connection is unknown on the first port on which it is, by the evaluator of single connections. */
export function reasonsFor(
  { cluster, profile }: Connectivity,
  ends: { readonly source: End; readonly destination: End },
  sides: readonly Side[],
  reach: Reach,
): Reasons {
  const unknown = reach.possible.subtract(reach.certain);
  const [port] = unknown.intersect(everyNumber).items();
  if (unknown.isEmpty || (port && 'name' in port)) return noReasons;
  const policies = [...new Set(sides.flatMap((side) => side.policies))];
  // Where all ports are decided and protocols without ports are not: of the rules, only those for every port are about these.
  const deciding = port ? policies : policies.map(withRulesForEveryPort);
  const { protocol, first } = port ?? { protocol: 'TCP' as const, first: lowestPort };
  const { doubts } = evaluate({ ...ends, protocol, port: first }, deciding, profile, cluster.unread);
  return reasonsOfDoubts(doubts);
}

export function reasonsOfDoubts(doubts: readonly Doubt[]): Reasons {
  return doubts.map(reasonOf).reduce(unionOfReasons, noReasons);
}

export function unionOfReasons(a: Reasons, b: Reasons): Reasons {
  if (b.size === 0 || a === b) return a;
  const union = new Map(a);
  for (const [question, names] of b) union.set(question, fewest([...(union.get(question) ?? []), ...names]));
  return union;
}

function withRulesForEveryPort(policy: Policy): Policy {
  return { ...policy, rules: policy.rules.filter(({ ports }) => ports.isEverything) };
}

function fewest(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort().slice(0, mostNames);
}

function reasonOf(doubt: Doubt): Reasons {
  const name = decisiveName(doubt);
  return new Map([[doubt.question, name === undefined ? [] : [name]]]);
}

function decisiveName({ rule, policy, unread }: Doubt): string | undefined {
  if (rule) return ruleToString(rule);
  if (policy) return policyToString(policy);
  return unread && unreadToString(unread);
}
