import { didYouMean } from '../../constructs/did-you-mean';
import type { PlacedWorkload } from '../../model/cluster';
import { type Policy, policyToString } from '../../model/policy';
import { boxOf } from '../../model/selector';
import type { LabelBox } from '../../sets/label-box';
import { deployment, documents, policy } from '../examples';
import type { LintRule } from '../rule';

const fromShops = (values: string) =>
  policy(
    'cart',
    `podSelector: { matchLabels: { app: cart } }
policyTypes: [Ingress]
ingress:
  - from: [{ podSelector: { matchExpressions: [{ key: app, operator: In, values: [${values}] }] } }]`,
  );
const workloads = [deployment('cart'), deployment('web'), deployment('checkout')] as const;

export const noNearMissValue: LintRule = {
  id: 'no-near-miss-value',
  group: 'consistency',
  severity: 'warning',
  wrong: 'one of several values of a selector is on no workload, and looks like one that is',
  why: 'The selector picks the others, so nothing looks wrong; the workload that was meant is left out.',
  todo: 'correct the value, or delete it',
  references: [],
  good: [
    { yaml: documents(...workloads, fromShops('web, checkout')) },
    { yaml: documents(...workloads, fromShops('web, legacy')) },
  ],
  bad: [{ yaml: documents(...workloads, fromShops('web, chekout')), at: ['spec.ingress[0].from[0].podSelector'] }],
  *check({ cluster, pods, app }) {
    // A service whose pods are meant says so itself, and one mistake is enough.
    const isService: IsKnown = (key, value) =>
      app?.services.some(({ selector }) => boxOf(selector).valuesOf(key)?.includes(value)) ?? false;
    for (const policy of cluster.policies) {
      const subject = nearMiss(
        policy.pods,
        () => pods.selected(policy.namespace, policy.pods),
        () => pods.in(policy.namespace),
        isService,
      );
      if (subject) yield { ...subject, ...found(policy, subject.message, 'spec.podSelector') };
      for (const { direction, index, peers } of policy.rules) {
        for (const [i, peer] of peers.entries()) {
          if (peer.kind !== 'pods') continue;
          const miss = nearMiss(
            peer.pods,
            () => pods.ofPeer(peer),
            () => pods.namespaces(peer.namespaces).flatMap((name) => pods.in(name)),
            isService,
          );
          const list = direction === 'ingress' ? 'from' : 'to';
          if (miss)
            yield { ...miss, ...found(policy, miss.message, `spec.${direction}[${index}].${list}[${i}].podSelector`) };
        }
      }
    }
  },
};

type IsKnown = (key: string, value: string) => boolean;

function found(policy: Policy, what: string, field: string) {
  return { message: `policy \`${policyToString(policy)}\` ${what}`, place: policy.place.at(field) };
}

/** The first value of a list that is on none of the pods there, and near one that is. Nothing where the selector picks nobody: that is another rule's. */
function nearMiss(
  selector: LabelBox,
  picked: () => readonly PlacedWorkload[],
  there: () => readonly PlacedWorkload[],
  isService: IsKnown,
): { readonly message: string; readonly hint: string } | undefined {
  const lists = selector.keys.filter((key) => (selector.valuesOf(key)?.length ?? 0) > 1);
  if (lists.length === 0 || picked().length === 0) return undefined;
  for (const key of lists) {
    const known = new Set(there().flatMap(({ podLabels }) => (Object.hasOwn(podLabels, key) ? [podLabels[key]!] : [])));
    const listed = selector.valuesOf(key)!;
    // What is listed already is not what was meant instead.
    const others = [...known].filter((value) => !listed.includes(value)).sort();
    for (const value of listed.filter((own) => !known.has(own))) {
      const question = didYouMean(value, others);
      if (question && !isService(key, value))
        return { message: `names \`${key}: ${value}\`, which no workload there has`, hint: question };
    }
  }
  return undefined;
}
