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

/** What packets do otherwise than expected, after another, longer look; empty if nothing. */
export async function differences(dataplane: Dataplane, all: readonly Expected[]): Promise<string[]> {
  let left = all;
  for (const timeoutMs of [700, 3000]) {
    const found = await outcomes(dataplane, left, timeoutMs);
    left = left.filter((one, i) => found[i] !== wanted(one));
    if (left.length === 0) return [];
  }
  const found = await outcomes(dataplane, left, 3000);
  return left
    .map((one, i) => ({ one, got: found[i]! }))
    .filter(({ one, got }) => got !== wanted(one))
    .map(({ one, got }) => {
      const answer = got === '' ? 'no answer' : `an answer by ${got}`;
      return `${one.from.name} to ${one.to.name} ${one.port}/${one.protocol}: ${answer}, but ${one.expected}`;
    });
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
