import { directions } from '../../analysis/open-world/relation';
import type { PlacedWorkload } from '../../model/cluster';
import { isItself, type World } from '../world';
import { AlikePods } from './alike-pods';
import { besideEffects, hasBlock } from './beside-effects';
import type { Effect } from './effect';
import type { Mutant } from './mutant';

/** What changes do to known pods that labels alone do not tell: of the host network, or known by their addresses, which rules may be about. */
export class PlacedEffects {
  private readonly placed: ReadonlySet<PlacedWorkload>;
  private alikeFound: AlikePods | undefined;

  constructor(private readonly world: World) {
    this.placed = placedIn(world);
  }

  *of(mutant: Mutant): Generator<Effect> {
    if (this.placed.size === 0) return;
    const some = this.alike.someFor(mutant);
    const placed = [...some].filter((workload) => this.placed.has(workload));
    yield* this.between(mutant, some, placed);
    yield* besideEffects(mutant, placed, this.world);
  }

  private get alike(): AlikePods {
    this.alikeFound ??= new AlikePods(this.world);
    return this.alikeFound;
  }

  private *between(
    { policy, by }: Mutant,
    some: ReadonlySet<PlacedWorkload>,
    placed: readonly PlacedWorkload[],
  ): Generator<Effect> {
    const { known, possible } = this.world;
    const changed = known.replacing(policy, by);
    for (const subject of new Set([policy, ...(by ? [by] : [])].flatMap((own) => known.selectedBy(own)))) {
      if (!some.has(subject)) continue;
      for (const direction of directions) {
        const rules = changed.rulesApart(direction, subject);
        if (rules?.length === 0) continue;
        for (const peer of this.placed.has(subject) ? some : placed) {
          if (isItself(subject, peer)) continue;
          if (rules && !rules.some((rule) => known.ruleFits(rule, peer) !== 'no')) continue;
          const ends = direction === 'egress' ? ([subject, peer] as const) : ([peer, subject] as const);
          const [was, is] = [known, changed].map((own) => own.between(...ends));
          const [source, destination] = ends.map((workload) => possible.exactly(workload));
          for (const certainty of ['certain', 'possible'] as const) {
            const opened = is![certainty].subtract(was![certainty]);
            const closed = was![certainty].subtract(is![certainty]);
            for (const [effect, ports] of [
              ['opened', opened],
              ['closed', closed],
            ] as const) {
              const connection = { source: source!, destination: destination!, ports, certainty };
              if (!ports.isEmpty) yield { effect, connection, between: ends };
            }
          }
        }
      }
    }
  }
}

function placedIn({ cluster, profile }: World): ReadonlySet<PlacedWorkload> {
  const byAddresses =
    profile.facts.ipBlockMatchesPods.value !== 'no' && cluster.policies.some(({ rules }) => rules.some(hasBlock));
  const isPlaced = ({ network, addresses }: PlacedWorkload) =>
    network === 'host' || (byAddresses && addresses.length > 0);
  return new Set(cluster.workloads.filter(isPlaced));
}
