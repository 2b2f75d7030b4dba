import type { PlacedWorkload } from '../../model/cluster';
import type { AllowedConnection } from '../possible-pods';

/** What a change does to some connections. */
export interface Effect {
  readonly effect: 'opened' | 'closed';
  readonly connection: AllowedConnection;
  /** Only these workloads, where pods that could exist with the same labels are told from them; undefined for pods that could exist. */
  readonly between?: readonly [source: PlacedWorkload | undefined, destination: PlacedWorkload | undefined];
}

/** How connections may change, under which reading: first what is most likely that a test can state. */
export const ways = [
  ['opened', 'most'],
  ['closed', 'least'],
  ['opened', 'least'],
  ['closed', 'most'],
] as const;
