import { PortSet } from '../../sets/port-set';
import { type Reach, unknownPorts } from '../connectivity/connectivity';
import { portTexts } from '../connectivity/listing-ports';

/** What was let through, and what is. */
export interface ReachChange {
  readonly before: Reach;
  readonly after: Reach;
}

export const noReach: Reach = { certain: PortSet.empty, possible: PortSet.empty };

export function isSameReach({ before, after }: ReachChange): boolean {
  return before.certain.equals(after.certain) && before.possible.equals(after.possible);
}

/** Ports of which more is let through: they were denied and are not, or were unknown and are allowed. */
export function gainedPorts({ before, after }: ReachChange): PortSet {
  return after.certain.subtract(before.certain).union(after.possible.subtract(before.possible));
}

export function lostPorts({ before, after }: ReachChange): PortSet {
  return gainedPorts({ before: after, after: before });
}

/** The same text for the same change. */
export function reachChangeKey({ before, after }: ReachChange): string {
  return `${before.certain} ${before.possible} > ${after.certain} ${after.possible}`;
}

export function listedReachChange({ before, after }: ReachChange) {
  const gained = after.possible.subtract(before.possible).subtract(after.certain);
  const lost = before.certain.subtract(after.certain).intersect(after.possible);
  return {
    change: before.possible.isEmpty ? 'added' : after.possible.isEmpty ? 'removed' : 'changed',
    before: portsAtOnce(before),
    after: portsAtOnce(after),
    gained: { allowed: portTexts(after.certain.subtract(before.certain)), unknown: portTexts(gained) },
    lost: { denied: portTexts(before.possible.subtract(after.possible)), unknown: portTexts(lost) },
  } as const;
}

function portsAtOnce(reach: Reach) {
  return { allowed: portTexts(reach.certain), unknown: portTexts(unknownPorts(reach)) };
}
