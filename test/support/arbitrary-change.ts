import fc from 'fast-check';
import type { Cluster } from '../../lib/model/cluster';
import type { Policy, Rule } from '../../lib/model/policy';
import { cluster, policies } from './arbitrary-cluster';

/** A cluster and what became of it: other policies, workloads that are new, gone or other pods, other labels of namespaces. */
export const change: fc.Arbitrary<{ readonly before: Cluster; readonly after: Cluster }> = fc
  .record({
    before: cluster,
    other: cluster,
    more: policies,
    policies: fc.constantFrom('same' as const, 'some' as const, 'other' as const),
    workloads: fc.constantFrom('same' as const, 'other' as const),
    labels: fc.constantFrom('same' as const, 'other' as const),
    kept: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
  })
  .map(({ before, other, more, kept, ...drawn }) => {
    const some = [
      ...before.policies.filter((_, i) => kept[i]),
      ...more.map((policy) => named(policy, `other-${policy.name}`)),
    ];
    const workloads = before.workloads.flatMap((workload, i) => (kept[i] ? workload : (other.workloads[i] ?? [])));
    const after: Cluster = {
      ...before,
      policies: { same: before.policies, some, other: other.policies }[drawn.policies],
      workloads: drawn.workloads === 'same' ? before.workloads : workloads,
      namespaces: drawn.labels === 'same' ? before.namespaces : other.namespaces,
      unread: other.unread,
    };
    return { before, after };
  });

/** The policy under another name, with other rules if given. */
export function named(policy: Policy, name: string, rules: readonly Rule[] = policy.rules): Policy {
  const copy: Policy & { rules: Rule[] } = { ...policy, name, rules: [] };
  for (const [index, rule] of rules.entries()) copy.rules.push({ ...rule, policy: copy, index });
  return copy;
}

/** The same meaning in other words: policies in another order, renamed, and each split by its rules and peers, or merged with others. */
export function reworded(given: Cluster): fc.Arbitrary<Cluster> {
  return fc
    .record({
      order: fc.shuffledSubarray([...given.policies], { minLength: given.policies.length }),
      how: fc.array(fc.constantFrom('renamed' as const, 'split' as const, 'merged' as const), {
        minLength: 8,
        maxLength: 8,
      }),
      workloads: fc.shuffledSubarray([...given.workloads], { minLength: given.workloads.length }),
    })
    .map(({ order, how, workloads }) => {
      const result: Policy[] = [];
      for (const [i, policy] of order.entries()) {
        if (how[i] === 'split') result.push(...splitUp(policy));
        else if (how[i] === 'merged') merge(result, policy);
        else result.push(named(policy, `renamed-${i}`));
      }
      return { ...given, policies: result, workloads };
    });
}

function splitUp(policy: Policy): Policy[] {
  const parts = policy.rules.flatMap((rule) => rule.peers.map((peer) => ({ ...rule, peers: [peer] })));
  const isolating = named(policy, `${policy.name}-isolation`, []);
  return [isolating, ...parts.reverse().map((rule, i) => named(policy, `${policy.name}-part-${i}`, [rule]))];
}

function merge(policies: Policy[], policy: Policy): void {
  const fits = (other: Policy) =>
    other.namespace === policy.namespace &&
    other.pods.equals(policy.pods) &&
    other.isolates.join() === policy.isolates.join();
  const at = policies.findIndex(fits);
  if (at < 0) policies.push(named(policy, `${policy.name}-merged`));
  else policies[at] = named(policies[at]!, policies[at]!.name, [...policies[at]!.rules, ...policy.rules]);
}
