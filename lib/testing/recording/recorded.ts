import type { Assertion } from '../assertion';

/** Names the folder into which matchers write what they state. */
export const recordVariable = 'TIERWALL_RECORD';

/** A statement that held in a test, as it is recorded. */
export interface RecordedAssertion {
  /** Of the file that holds the network. */
  readonly network: string;
  readonly assertion: Assertion;
  /** As the test runner calls the test. */
  readonly test: string;
  readonly file: string | undefined;
}
