import type { ListedPlace } from './connectivity-listing';

/** One statement of a table: an exception, or what holds for all other pairs. */
export interface TestCase {
  /** As in `shop/frontend → shop/cart on grpc is allowed`. */
  readonly name: string;
  readonly result: 'passed' | 'failed';
  /** How many connections it is about: pairs, with the ports that are stated of them. */
  readonly connections: number;
  /** Those that are otherwise than stated, as in `shop/web → shop/db on 5432/TCP: expected to be denied, is allowed`. */
  readonly failures: readonly string[];
  /** Of the first failure: why, and what would change it. */
  readonly explanation: string;
  readonly place: ListedPlace;
}

/** One table. */
export interface TestSuite {
  readonly name: string;
  readonly place: ListedPlace;
  readonly cases: readonly TestCase[];
}

/** What running tables came to: plain data. */
export interface TestRun {
  readonly suites: readonly TestSuite[];
  readonly passed: number;
  readonly failed: number;
}

export function testRunOf(suites: readonly TestSuite[]): TestRun {
  const cases = suites.flatMap((suite) => suite.cases);
  const failed = cases.filter(({ result }) => result === 'failed').length;
  return { suites, passed: cases.length - failed, failed };
}
