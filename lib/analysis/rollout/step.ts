import { type Policy, policyToString } from '../../model/policy';

/** One write to the cluster. Each is atomic. */
export type Step = (
  | {
      readonly kind: 'write';
      readonly policy: Policy;
      /** Policies whose rules it holds as well, until a later step writes it without them. */
      readonly bridging: readonly Policy[];
    }
  /** Writes a live policy under another name, until a later step deletes that: so that it can be replaced before others take its place. */
  | { readonly kind: 'copy'; readonly policy: Policy; readonly of: Policy }
  | { readonly kind: 'delete'; readonly policy: Policy }
) & {
  /** A connection that is allowed before and after all steps, and not after this one. */
  readonly cuts?: string;
};

/** As in `write shop/tierwall-cart`. */
export function stepToString(step: Step): string {
  if (step.kind === 'copy') return `copy ${policyToString(step.of)} to ${step.policy.name} for now`;
  const until = step.kind === 'write' && step.bridging.length > 0;
  const with_ = until ? `, with the rules of ${step.bridging.map(({ name }) => name).join(', ')} for now` : '';
  return `${step.kind} ${policyToString(step.policy)}${with_}`;
}

/** What is in the cluster after a step. */
export function after(policies: readonly Policy[], step: Step): readonly Policy[] {
  const others = policies.filter(({ name }) => name !== step.policy.name);
  if (step.kind === 'delete') return others;
  return [...others, step.kind === 'copy' ? step.policy : writtenBy(step)];
}

/** Names of policies that are there only between the first and the last step. */
export const temporaryPrefix = 'tierwall-until-applied-';

/** @param number tells copies of one rollout apart */
export function copyOf(policy: Policy, number: number): Policy {
  const rules = [...policy.rules];
  const copy: Policy = { ...policy, name: `${temporaryPrefix}${number}`, rules };
  for (const [i, rule] of policy.rules.entries()) rules[i] = { ...rule, policy: copy };
  return copy;
}

/** The policy as the step writes it. */
export function writtenBy({ policy, bridging }: Extract<Step, { kind: 'write' }>): Policy {
  if (bridging.length === 0) return policy;
  const rules = [...policy.rules];
  const bridge: Policy = { ...policy, rules };
  for (const rule of bridging.flatMap((other) => other.rules)) {
    if (policy.isolates.includes(rule.direction)) rules.push({ ...rule, policy: bridge });
  }
  return bridge;
}
