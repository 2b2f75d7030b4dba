import type { Assertion } from './assertion';
import type { Network } from './network';
import type { RunnerState } from './snapshot/snapshot-file';

export function recordAssertion(_network: Network, _assertion: Assertion, _state: RunnerState): void {}
