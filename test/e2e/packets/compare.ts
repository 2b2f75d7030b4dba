import type { Dataplane } from '../support/dataplane';
import type { Probe, Transport } from '../support/pods';

/** An end of a connection: a pod, or an address outside. */
export interface Target {
  /** How its network namespace is called. */
  readonly name: string;
  readonly address: string;
}

export interface Expected {
  readonly from: Target;
  readonly to: Target;
  readonly port: number;
  readonly protocol: Transport;
  readonly expected: 'allowed' | 'denied';
}

/** What packets do otherwise than expected, also when they are given more time; empty if nothing. */
export async function differences(dataplane: Dataplane, all: readonly Expected[]): Promise<string[]> {
  let left: readonly { readonly one: Expected; readonly got: string }[] = all.map((one) => ({ one, got: '' }));
  for (const timeoutMs of [700, 3000, 3000]) {
    const list = left.map(({ one }) => one);
    const found = await outcomes(dataplane, list, timeoutMs);
    left = list.map((one, i) => ({ one, got: found[i]! })).filter(({ one, got }) => got !== wanted(one));
    if (left.length === 0) break;
  }
  return left.map(({ one, got }) => {
    const answer = got === '' ? 'no answer' : `an answer by ${got}`;
    return `${connectionToString(one)}: ${answer}, but ${one.expected}`;
  });
}

/** As in `shop/web to shop/db 5432/TCP`. */
export function connectionToString({ from, to, port, protocol }: Omit<Expected, 'expected'>): string {
  return `${from.name} to ${to.name} ${port}/${protocol}`;
}

function outcomes({ pods }: Dataplane, list: readonly Expected[], timeoutMs: number): Promise<string[]> {
  const probes = list.map(
    ({ from, to, port, protocol }): Probe => ({ from: from.name, to: to.address, port, protocol }),
  );
  return pods.do('probe', { probes, timeoutMs });
}

/** Whoever is asked answers with the own name, so that no other answer is taken for it. */
function wanted({ to, expected }: Expected): string {
  return expected === 'allowed' ? to.name : '';
}
