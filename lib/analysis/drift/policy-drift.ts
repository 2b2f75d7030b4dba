import type { RuleDescriptor, Severity } from '../../model/finding';
import { type Direction, type Policy, policyToString } from '../../model/policy';
import { toldOnce } from '../open-world/compare';
import { type PolicyStatement, relationOf } from '../open-world/relation';
import { StatementIndex } from '../open-world/statement-index';
import { sameMeaning } from '../same-meaning';
import { type DriftFinding, finding } from './drift-finding';
import { driftRules } from './drift-rules';
import type { DriftWorld } from './drift-world';
import { type Effect, effectOf } from './effect';
import { constructOf, isOwned, isOwnedFor } from './ownership';

/** A policy of the intent, the cluster or both, with what its drift opens and closes. */
interface Drifted {
  readonly intended: Policy | undefined;
  readonly live: Policy | undefined;
  readonly effects: Effect[];
}

/** How the policies of one managed namespace differ from what they are meant to be. Those that mean the same are no drift. */
export function policyDrift(world: DriftWorld, namespace: string): DriftFinding[] {
  const intended = world.intendedPolicies.get(namespace) ?? [];
  const live = world.livePolicies.get(namespace) ?? [];
  const drifted = driftedPolicies(intended, live, world);
  const unexplained: Effect[] = [];
  for (const effect of effectsIn(world, namespace, intended, live)) {
    (causeOf(effect, drifted)?.effects ?? unexplained).push(effect);
  }
  return [
    ...drifted.map((one) => drift(one, world)),
    ...(unexplained.length > 0 ? [unexplainedDrift(namespace, unexplained, world)] : []),
  ];
}

function driftedPolicies(intended: readonly Policy[], live: readonly Policy[], world: DriftWorld): Drifted[] {
  const there = new Map(live.map((policy) => [policy.name, policy] as const));
  const meant = new Map(intended.map((policy) => [policy.name, policy] as const));
  const names = [...new Set([...meant.keys(), ...there.keys()])].sort();
  return names.flatMap((name): Drifted[] => {
    const [one, other] = [meant.get(name), there.get(name)];
    return one && other && sameMeaning(one, other, world.universe) && isOwned(other)
      ? []
      : [{ intended: one, live: other, effects: [] }];
  });
}

function* effectsIn(
  world: DriftWorld,
  namespace: string,
  intended: readonly Policy[],
  live: readonly Policy[],
): Generator<Effect> {
  const meant = relationOf(intended, [namespace], world.universe);
  const real = relationOf(live, [namespace], world.universe);
  yield* effectsOf('opens', real, meant, world);
  yield* effectsOf('closes', meant, real, world);
}

function* effectsOf(
  kind: Effect['kind'],
  these: readonly PolicyStatement[],
  those: readonly PolicyStatement[],
  world: DriftWorld,
): Generator<Effect> {
  const index = new StatementIndex(those);
  const found = these.flatMap((statement): [PolicyStatement, Effect][] => {
    const effect = effectOf(kind, statement, index.near(statement), world);
    return effect ? [[statement, effect]] : [];
  });
  for (const [, effect] of toldOnce(found, ({ rule, namespace }) => rule ?? namespace)) yield effect;
}

/** The policy of the rule that makes the difference; where nothing isolates on one side, that which isolates on the other. */
function causeOf({ kind, statement }: Effect, drifted: readonly Drifted[]): Drifted | undefined {
  const [here, there] = kind === 'opens' ? (['live', 'intended'] as const) : (['intended', 'live'] as const);
  const { rule, direction } = statement;
  if (rule) return drifted.find((one) => one[here] === rule.policy);
  const isolating = drifted.filter(
    (one) => isolates(one[there], direction) && !isWider(one[here], one[there], direction),
  );
  return isolating.find((one) => one[there]!.pods.isEverything) ?? isolating[0];
}

function isolates(policy: Policy | undefined, direction: Direction): boolean {
  return policy?.isolates.includes(direction) ?? false;
}

/** Whether one isolates all that the other does. */
function isWider(policy: Policy | undefined, other: Policy | undefined, direction: Direction): boolean {
  return isolates(policy, direction) && other?.pods.isSubsetOf(policy!.pods) === true;
}

function drift({ intended, live, effects }: Drifted, world: DriftWorld): DriftFinding {
  const policy = (live ?? intended)!;
  const name = policyToString(policy);
  const rule = ruleFor(intended, live, effects, world);
  const words: Readonly<Record<string, string>> = {
    [driftRules.missing.id]: `\`${name}\` is not in the cluster`,
    [driftRules.open.id]: `\`${name}\` is not in the cluster as it is meant to be, so that pods are not isolated`,
    [driftRules.changed.id]: `\`${name}\` means something else in the cluster`,
    [driftRules.unowned.id]: `\`${name}\` in the cluster is not tierwall's`,
    [driftRules.leftover.id]: `\`${name}\` is no longer in the code${source(live)}`,
    [driftRules.widening.id]: `\`${name}\` is not from the code, and opens more`,
    [driftRules.extra.id]: `\`${name}\` is not from the code; it opens nothing that is not declared`,
  };
  const severity = severityOf(rule, effects);
  return finding(rule, {
    severity,
    message: `${words[rule.id]}${effectsText(effects)}`,
    policy,
    effects,
    world,
    intended,
  });
}

function severityOf(rule: RuleDescriptor, effects: readonly Effect[]): Severity {
  if (rule === driftRules.changed && effects.length === 0) return 'info';
  // What nobody declares is open, whoever wrote that once.
  if (rule === driftRules.leftover && effects.some(({ kind }) => kind === 'opens')) return 'error';
  return rule.severity;
}

function ruleFor(
  intended: Policy | undefined,
  live: Policy | undefined,
  effects: readonly Effect[],
  { environments }: DriftWorld,
): RuleDescriptor {
  if (intended && live && !isOwned(live)) return driftRules.unowned;
  const isOpen = effects.some(({ kind, statement }) => kind === 'opens' && !statement.rule);
  if (intended && isOpen) return driftRules.open;
  if (intended) return live ? driftRules.changed : driftRules.missing;
  // A label alone is copied easily.
  if (live && isOwnedFor(live, environments)) return driftRules.leftover;
  return effects.some(({ kind }) => kind === 'opens') || isOpen ? driftRules.widening : driftRules.extra;
}

function source(policy: Policy | undefined): string {
  const path = policy && constructOf(policy);
  return path ? ` (it was \`${path}\`)` : '';
}

/** As in `: opens shop/web → shop/redis on 6379/TCP, closes 2`. */
export function effectsText(effects: readonly Effect[]): string {
  const parts = (['opens', 'closes'] as const).flatMap((kind) => {
    const own = inOrder(effects.filter((effect) => effect.kind === kind));
    const more = own.length > 1 ? `, and ${own.length - 1} more` : '';
    return own[0] ? [`${kind} ${own[0].text}${more}`] : [];
  });
  return parts.length > 0 ? `: ${parts.join('; ')}` : '';
}

/** Between pods first: they are what most people look for. */
function inOrder(effects: readonly Effect[]): readonly Effect[] {
  const rank = ({ now, statement }: Effect) => (statement.addresses ? 2 : 0) + (now === undefined ? 1 : 0);
  return [...effects].sort((a, b) => rank(a) - rank(b));
}

function unexplainedDrift(namespace: string, effects: readonly Effect[], world: DriftWorld): DriftFinding {
  const message = `the policies of \`${namespace}\` together mean something else${effectsText(effects)}`;
  return finding(driftRules.unexplained, { message, effects, world, namespace });
}
