import type { Cluster } from '../../model/cluster';
import type { CniProfile } from '../../model/cni-profile';
import { unenforcedFeature } from '../../model/enforcement';
import type { Direction, Policy } from '../../model/policy';
import type { ClassIndex } from './class-index';
import type { Opening, Openings } from './openings';
import type { PodClass } from './pod-classes';

/** What the policies of one end's own namespace let through in one direction. Shared by all classes with the same policies. */
export interface Side {
  readonly index: number;
  /**
   * `none`: everything is let through. `perhaps`: the policies may be without effect, as on pods of the host network. `unread`:
   * a policy of a kind that is not read decides.
   */
  readonly isolation: 'none' | 'certain' | 'perhaps' | 'unread';
  readonly policies: readonly Policy[];
  /** Those of them all of which the plugin enforces: what they allow is allowed for certain. */
  readonly enforced: readonly Policy[];
  /** Openings for few classes, which can be listed. */
  readonly narrow: readonly Opening[];
  /** Openings for many classes or for all, which are handled as groups. */
  readonly wide: readonly Opening[];
}

/** The side of every class, by its number. */
export function sidesOf(
  direction: Direction,
  { policies, unread }: Cluster,
  classes: readonly PodClass[],
  index: ClassIndex,
  openings: Openings,
  profile: CniProfile,
  wide: number,
): readonly Side[] {
  const selecting: Policy[][] = classes.map(() => []);
  for (const policy of policies) {
    if (!policy.isolates.includes(direction)) continue;
    for (const member of index.inNamespace(policy.namespace, policy.pods)) selecting[member]!.push(policy);
  }
  const numbers = new Map(policies.map((policy, number) => [policy, number] as const));
  const unreadIn = new Set(unread.map(({ namespace }) => namespace));
  const sides = new Map<string, PolicySide>();
  return classes.map(({ end, index: number }) => {
    const own = selecting[number]!;
    const isUnread = unreadIn.has(undefined) || unreadIn.has(end.namespace);
    const key = `${isUnread} ${end.network} ${own.map((p) => numbers.get(p)).join()}`;
    let side = sides.get(key);
    if (!side) {
      const effect = own.length === 0 ? 'none' : effectOf(direction, own, end.network, profile);
      side = new PolicySide(sides.size, isUnread ? 'unread' : effect, own, direction, openings, profile, wide);
      sides.set(key, side);
    }
    return side;
  });
}

/** Whom its rules are about is worked out when it is asked for. */
class PolicySide implements Side {
  private found: Pick<Side, 'narrow' | 'wide'> | undefined;
  private effective: readonly Policy[] | undefined;

  constructor(
    readonly index: number,
    readonly isolation: Side['isolation'],
    readonly policies: readonly Policy[],
    private readonly direction: Direction,
    private readonly openings: Openings,
    private readonly profile: CniProfile,
    private readonly limit: number,
  ) {}

  get enforced(): readonly Policy[] {
    this.effective ??= this.policies.filter((policy) => !unenforcedFeature(policy, this.profile));
    return this.effective;
  }

  get narrow(): readonly Opening[] {
    return this.parts.narrow;
  }

  get wide(): readonly Opening[] {
    return this.parts.wide;
  }

  private get parts(): Pick<Side, 'narrow' | 'wide'> {
    if (!this.found) {
      const all =
        this.isolation === 'none' ? [] : this.policies.flatMap((policy) => this.openings.of(policy, this.direction));
      const isWide = ({ peers }: Opening) => peers === 'all' || peers.size > this.limit;
      this.found = { narrow: all.filter((opening) => !isWide(opening)), wide: all.filter(isWide) };
    }
    return this.found;
  }
}

/** Whether policies that select a pod take effect on it. */
export function effectOf(
  direction: Direction,
  policies: readonly Policy[],
  network: 'pod' | 'host',
  profile: CniProfile,
): Side['isolation'] {
  const { facts } = profile;
  const asked = [
    ...(direction === 'egress' ? [facts.enforcesEgress.value] : []),
    ...(network === 'host' ? [facts.selectsHostNetworkPods.value] : []),
  ];
  if (asked.includes('no')) return 'none';
  const doubted = policies.some((policy) => unenforcedFeature(policy, profile));
  return doubted || asked.includes('unknown') ? 'perhaps' : 'certain';
}
