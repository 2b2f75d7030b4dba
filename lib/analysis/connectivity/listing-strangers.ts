import type { PlacedWorkload } from '../../model/cluster';
import type { Direction, Rule } from '../../model/policy';
import type { Connectivity } from './connectivity';
import type { Side } from './sides';

/** The workloads that some rule opens to pods of which the input has none, as an ingress controller or the cluster's DNS. */
export function openToStrangers(connectivity: Connectivity, direction: Direction): ReadonlySet<PlacedWorkload> {
  const isOpen = new Map<Side, boolean>();
  const namesStrangers = ({ peers }: Rule) =>
    peers.some((peer) => peer.kind === 'pods' && connectivity.index.select(peer.namespaces, peer.pods).size === 0);
  const open = connectivity.classes.filter(({ index }) => {
    const side = connectivity.sideOf(index, direction);
    if (!isOpen.has(side)) {
      const rules = side.policies.flatMap((policy) => policy.rules.filter((rule) => rule.direction === direction));
      isOpen.set(side, rules.some(namesStrangers));
    }
    return isOpen.get(side);
  });
  return new Set(open.flatMap(({ workloads }) => workloads));
}
