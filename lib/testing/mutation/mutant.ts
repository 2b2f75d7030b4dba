import type { Policy, Rule, RulePeer } from '../../model/policy';
import type { PortSet } from '../../sets/port-set';

export const operators = [
  'drop-policy',
  'drop-isolation',
  'open-direction',
  'drop-rule',
  'drop-peer',
  'drop-port',
  'drop-namespace-constraint',
  'confine-to-namespace',
  'widen-peer-selector',
  'widen-pod-selector',
  'drop-selector-value',
  'admit-everyone',
  'drop-except',
  'widen-cidr',
  'narrow-cidr',
  'widen-port',
  'open-every-port',
  'swap-protocol',
] as const;

/** A kind of change that somebody could make by mistake. */
export type Operator = (typeof operators)[number];

/** A policy with one change. */
export interface Mutant {
  readonly operator: Operator;
  readonly policy: Policy;
  /** Undefined: without the policy. */
  readonly by: Policy | undefined;
  /** The rule that is changed, as it was. */
  readonly rule: Rule | undefined;
  /** What is changed, as the end of a sentence: `… let in every pod of shop`. */
  readonly what: string;
}

/** The same policy with another rule in the place of one; without it where there is none. */
export function withRule(policy: Policy, rule: Rule, by: Partial<Pick<Rule, 'peers' | 'ports'>> | undefined): Policy {
  const rules: Rule[] = [];
  const changed: Policy = { ...policy, rules };
  for (const own of policy.rules) {
    if (own !== rule) rules.push(own);
    else if (by) rules.push({ ...own, ...by, policy: changed });
  }
  return changed;
}

export function withPeer(policy: Policy, rule: Rule, index: number, by: RulePeer): Policy {
  return withRule(policy, rule, { peers: rule.peers.map((peer, i) => (i === index ? by : peer)) });
}

export function withPorts(policy: Policy, rule: Rule, ports: PortSet): Policy {
  return withRule(policy, rule, { ports });
}
