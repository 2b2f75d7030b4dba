import { classKey } from '../../analysis/connectivity/pod-classes';
import { groupedBy } from '../../analysis/grouping';
import { blockToString } from '../../model/atom';
import type { PlacedWorkload } from '../../model/cluster';
import type { Rule, RulePeer } from '../../model/policy';
import type { World } from '../world';
import type { Mutant } from './mutant';

/** Known pods, by what policies can tell of them: of addresses, which of the policies' blocks hold them. */
export class AlikePods {
  private readonly classes: readonly (readonly PlacedWorkload[])[];
  private readonly blocks: ReadonlyMap<string, RulePeer>;
  private readonly some: ReadonlySet<PlacedWorkload>;

  constructor(private readonly world: World) {
    const { policies, workloads } = world.cluster;
    this.blocks = blocksOf(policies.flatMap(({ rules }) => rules));
    const own = [...this.blocks.values()];
    const keyOf = (workload: PlacedWorkload) =>
      `${classKey({ ...workload, addresses: [] })}\0${this.answers(own, workload)}`;
    this.classes = [...groupedBy(workloads, keyOf).values()];
    this.some = new Set(this.classes.flatMap(firstTwo));
  }

  /** Two of those that are alike, so that one meets another, or the only one; with a change and without. */
  someFor({ by }: Mutant): ReadonlySet<PlacedWorkload> {
    const fresh = [...blocksOf(by?.rules ?? [])].flatMap(([text, block]) => (this.blocks.has(text) ? [] : [block]));
    if (fresh.length === 0) return this.some;
    return new Set(
      this.classes.flatMap((alike) =>
        [...groupedBy(alike, (workload) => this.answers(fresh, workload)).values()].flatMap(firstTwo),
      ),
    );
  }

  private answers(blocks: readonly RulePeer[], workload: PlacedWorkload): string {
    return blocks.map((block) => this.world.known.ruleFits({ peers: [block] }, workload)).join();
  }
}

function firstTwo(alike: readonly PlacedWorkload[]): readonly PlacedWorkload[] {
  return alike.slice(0, 2);
}

function blocksOf(rules: readonly Rule[]): ReadonlyMap<string, RulePeer> {
  const peers = rules.flatMap((rule) => rule.peers);
  return new Map(
    peers.flatMap((peer) => (peer.kind === 'addresses' ? [[blockToString(peer.block), peer] as const] : [])),
  );
}
