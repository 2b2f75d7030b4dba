import { portItemToString } from '../../analysis/explain/texts';
import type { PlacedWorkload } from '../../model/cluster';
import { internetAddresses, internetName } from '../../model/internet';
import type { Direction, RulePeer } from '../../model/policy';
import { namespaceBox } from '../../model/selector';
import { addressesOf } from '../../sets/address-set';
import { IntervalSet } from '../../sets/interval-set';
import type { PortSet } from '../../sets/port-set';
import type { Assertion } from '../assertion';
import type { Network } from '../network';
import { type ListedText, podsText } from '../party';
import { selects } from '../world';
import type { Mutant } from './mutant';

/** A policy for more of them is about pods in general. */
const mostWorkloads = 3;

/**
 * Tests that state all of what the pods of a changed policy may do, so that one of them notices many changes: who alone they reach or are reached
 * from, as it is now, and that they are isolated. Some may not hold, where names do not tell pods apart.
 */
export function* broadTests({ policy, rule }: Mutant, network: Network): Generator<Assertion> {
  for (const direction of rule ? [rule.direction] : policy.isolates) {
    const workloads = network.cluster.workloads.filter((workload) => selects(policy, direction, workload));
    if (workloads.length > mostWorkloads) continue;
    for (const workload of workloads) {
      for (const naming of ['workloads', 'labels'] as const) {
        const listed = listedPeers(workload, direction, network, naming);
        const kind = direction === 'egress' ? 'reach-only' : 'reachable-only-from';
        if (listed) yield { kind, who: [idOf(workload)], listed };
      }
    }
  }
  const who = [podsText(namespaceBox(policy.namespace), policy.pods)];
  yield { kind: 'isolated', who, directions: policy.isolates };
}

/** What rules for the workload list; undefined where that is everyone, or every port. */
function listedPeers(
  workload: PlacedWorkload,
  direction: Direction,
  network: Network,
  naming: 'workloads' | 'labels',
): ListedText[] | undefined {
  const entries = new Map<string, ListedText>();
  for (const policy of network.world.known.sideOf(direction, workload).policies) {
    for (const { direction: own, peers, ports } of policy.rules) {
      if (own !== direction) continue;
      const texts = portTexts(ports);
      if (!texts) return undefined;
      const named = peersTexts(peers, network, naming);
      if (!named) return undefined;
      for (const text of named) entries.set(`${text} ${texts.join()}`, { peer: [text], ports: texts });
    }
  }
  return [...entries.values()];
}

function portTexts(ports: PortSet): string[] | undefined {
  const items = ports.items();
  if (items.length === 0 || ports.holdsOtherProtocols) return undefined;
  return items.map((item) => ('name' in item && item.protocol === 'TCP' ? item.name : portItemToString(item)));
}

/** As short as people would write it; undefined where it is everyone. */
function peersTexts(
  peers: readonly RulePeer[],
  network: Network,
  naming: 'workloads' | 'labels',
): string[] | undefined {
  const blocks = peers.flatMap((peer) => (peer.kind === 'addresses' ? [addressesOf(peer.block)] : []));
  const isInternet = IntervalSet.union(blocks).equals(internetAddresses);
  const others = isInternet ? peers.filter(({ kind }) => kind !== 'addresses') : peers;
  const texts = others.map((peer) => peerTexts(peer, network, naming));
  return texts.every((text) => text !== undefined)
    ? [...(isInternet ? [internetName] : []), ...texts.flat()]
    : undefined;
}

function peerTexts(peer: RulePeer, { cluster }: Network, naming: 'workloads' | 'labels'): string[] | undefined {
  if (peer.kind === 'everyone') return undefined;
  if (peer.kind === 'addresses') {
    const { cidr, except } = peer.block;
    return [except.length > 0 ? `${cidr} except ${except.join(', ')}` : cidr];
  }
  const labels = new Map(cluster.namespaces.map(({ name, labels: own }) => [name, own] as const));
  const meant = cluster.workloads.filter(
    ({ namespace, podLabels }) => peer.namespaces.matches(labels.get(namespace) ?? {}) && peer.pods.matches(podLabels),
  );
  return naming === 'workloads' && meant.length > 0 ? meant.map(idOf) : [podsText(peer.namespaces, peer.pods)];
}

function idOf({ namespace, name }: PlacedWorkload): string {
  return `${namespace}/${name}`;
}
