import { policyToString } from '../model/policy';
import type { LintContext } from './context';
import type { Found } from './rule';

/**
 * Entries of rules that open one namespace to pods of another whose label of the scheme, on the Namespace, has another value. Namespaces
 * without the label are of nobody, and not looked at.
 */
export function* across(role: 'environment' | 'team', context: LintContext): Generator<Found> {
  const { cluster, pods, settings, app } = context;
  // An app says so with a reason, or is not synthesized.
  if (app) return;
  const key = settings.scheme.keys[role];
  const owners = new Map(cluster.namespaces.map(({ name, labels }) => [name, labels[key]] as const));
  if (new Set([...owners.values()].filter((owner) => owner !== undefined)).size < 2) return;
  for (const policy of cluster.policies) {
    const own = owners.get(policy.namespace);
    if (own === undefined) continue;
    for (const { direction, index, peers } of policy.rules) {
      for (const [i, peer] of peers.entries()) {
        if (peer.kind !== 'pods') continue;
        const other = pods
          .namespaces(peer.namespaces)
          .find((name) => owners.get(name) !== undefined && owners.get(name) !== own);
        if (other === undefined) continue;
        const [list, word] = direction === 'ingress' ? ['from', 'lets in'] : ['to', 'lets out to'];
        yield {
          message: `policy \`${policyToString(policy)}\` of ${role} \`${own}\` ${word} pods of namespace \`${other}\`, of ${role} \`${owners.get(other)}\``,
          place: policy.place.at(`spec.${direction}[${index}].${list}[${i}]`),
        };
      }
    }
  }
}
