import { groupedBy } from '../analysis/grouping';
import { notIsolated } from '../analysis/open-world/relation';
import type { Direction } from '../model/policy';
import type { LintContext } from './context';
import type { Found } from './rule';

/** The namespaces with workloads or policies in which some pod that could exist is not isolated in a direction. */
export function* namespacesWithout(direction: Direction, { cluster, pods }: LintContext): Generator<Found> {
  const unread = new Set(cluster.unread.map(({ namespace }) => namespace));
  const policies = groupedBy(cluster.policies, ({ namespace }) => namespace);
  for (const { name, place } of cluster.namespaces) {
    const own = policies.get(name) ?? [];
    const workloads = pods.in(name).filter(({ network }) => network === 'pod');
    // Whether a policy of a kind that is not read isolates them is not known.
    if (own.length + workloads.length === 0 || unread.has(name) || unread.has(undefined)) continue;
    const [open] = notIsolated(own, direction);
    if (!open) continue;
    const isolating = own.find(({ isolates }) => isolates.includes(direction));
    const who = isolating && !open.isEverything ? `pods with the labels \`${open}\`` : 'no pod';
    yield {
      message: isolating
        ? `namespace \`${name}\` has no default deny for ${direction}: ${who} are not isolated`
        : `namespace \`${name}\` has no default deny for ${direction}: no policy isolates its pods`,
      place: place ?? own[0]?.place ?? workloads[0]!.place,
    };
  }
}
