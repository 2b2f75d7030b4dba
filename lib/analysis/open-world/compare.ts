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

/** Without nodes where the same source is told of pods or addresses, which come first: what is for everyone is for nodes as well. */
export function* toldOnce<T extends Statement, R>(
  found: Iterable<[T, R]>,
  sourceOf: (statement: T) => unknown,
): Generator<[T, R]> {
  const told = { ingress: new Set<unknown>(), egress: new Set<unknown>() };
  for (const [statement, rest] of found) {
    const sources = told[statement.direction];
    const source = sourceOf(statement);
    if (statement.peers === 'unpicked' && sources.has(source)) continue;
    sources.add(source);
    yield [statement, rest];
  }
}
