import { peerStatements } from '../analysis/open-world/relation';
import type { Statement } from '../analysis/open-world/statement';
import { StatementIndex } from '../analysis/open-world/statement-index';
import { covers } from '../analysis/open-world/uncovered';
import type { Universe } from '../analysis/open-world/universe';
import type { Rule } from '../model/policy';
import type { GivenPorts } from '../read/network-policy';
import { portItem } from '../read/network-policy';
import { LabelBox } from '../sets/label-box';
import { PortSet } from '../sets/port-set';

/** The positions of peers that the others of the same rule hold together; all of them can go. Later ones go first. */
export function coveredPeers({ policy, direction, peers }: Rule, universe: Universe): number[] {
  if (peers.length < 2) return [];
  const side = { namespace: policy.namespace, direction };
  const all = peers.map((peer) => peerStatements(side, LabelBox.everything, peer, PortSet.all, universe));
  const owner = new Map<Statement, number>(all.flatMap((list, i) => list.map((statement) => [statement, i] as const)));
  const index = new StatementIndex<Statement>(owner.keys());
  const gone = new Set<number>();
  for (const [i, own] of [...all.entries()].reverse()) {
    const isHeld = own.every((statement) => {
      const others = index.near(statement).filter((other) => owner.get(other) !== i && !gone.has(owner.get(other)!));
      return covers(others, statement);
    });
    // A selector that can match nothing is a finding of its own.
    if (isHeld && own.length > 0) gone.add(i);
  }
  return [...gone].sort((a, b) => a - b);
}

/** The same for entries of `ports`. */
export function coveredPorts(ports: GivenPorts): number[] {
  if (!ports || ports.length < 2) return [];
  const sets = ports.map((entry) => PortSet.of([portItem(entry)]));
  const gone = new Set<number>();
  for (let i = sets.length - 1; i >= 0; i--) {
    const others = sets.filter((_, other) => other !== i && !gone.has(other));
    if (sets[i]!.isSubsetOf(others.reduce((sum, set) => sum.union(set), PortSet.empty))) gone.add(i);
  }
  return [...gone].sort((a, b) => a - b);
}
