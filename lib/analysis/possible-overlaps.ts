import { mayShare, type NamespaceModel, type Program, type ServiceModel } from '../model/program';
import type { LabelBox } from '../sets/label-box';
import { Overlaps } from './overlaps';

/** Two services of which some possible pod could be both, as one of several pairs in a namespace. */
export interface PossibleOverlap {
  readonly namespace: NamespaceModel;
  readonly first: ServiceModel;
  readonly second: ServiceModel;
  /** The pods that would be. */
  readonly pods: LabelBox;
  /** Further pairs; at most {@link mostPairs} are counted. */
  readonly others: number;
}

const mostPairs = 1000;

/** For each namespace with such services, the first two, by path, that do not share pods on purpose. */
export function possibleOverlaps(program: Program): PossibleOverlap[] {
  return program.namespaces.flatMap((namespace) => {
    const pairs = pairsOf(namespace);
    if (pairs.length === 0) return [];
    const [[first, second]] = pairs.sort(([a, b], [c, d]) =>
      `${a.path} ${b.path}` < `${c.path} ${d.path}` ? -1 : 1,
    ) as [Pair];
    return [{ namespace, first, second, pods: first.pods.intersect(second.pods), others: pairs.length - 1 }];
  });
}

type Pair = readonly [ServiceModel, ServiceModel];

function pairsOf({ services }: NamespaceModel): Pair[] {
  const overlaps = new Overlaps(services);
  const pairs: Pair[] = [];
  for (const a of services) {
    for (const b of overlaps.of(a)) {
      if (a.path < b.path && !mayShare(a, b)) pairs.push([a, b]);
    }
    if (pairs.length >= mostPairs) break;
  }
  return pairs;
}
