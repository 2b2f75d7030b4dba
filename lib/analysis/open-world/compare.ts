import type { Statement } from './statement';
import { StatementIndex } from './statement-index';
import { type Remainder, uncovered } from './uncovered';

/** Each of `these` that `those` do not hold altogether, with the first part that they do not hold. None: all is held. */
export function* notHeld<T extends Statement>(
  these: readonly T[],
  those: readonly Statement[],
): Generator<[T, Remainder]> {
  const index = new StatementIndex(those);
  for (const statement of these) {
    const { value, done } = uncovered(statement, index.near(statement)).next();
    if (!done) yield [statement, value];
  }
}
