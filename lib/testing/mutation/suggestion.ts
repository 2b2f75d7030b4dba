import { InputError } from '../../model/issue';
import type { Survivor } from '../../model/mutation-report';
import { type Assertion, assertionToString } from '../assertion';
import { claimsOf } from '../claims-of';
import type { Network } from '../network';
import { type Effect, Judge } from './judge';
import type { Mutant } from './mutant';
import { endText, witnessPorts } from './witness-text';

/** So many connections are tried. */
const mostTried = 30;

type Suggestion = Pick<Survivor, 'connection' | 'effect' | 'test'>;

/** A connection that a change opens or closes, and the test that would notice, tried out: it holds now, and would not with the change. */
export function suggestion(mutant: Mutant, judge: Judge, network: Network): Suggestion {
  let tried = 0;
  let first: Suggestion | undefined;
  for (const effect of judge.effectsOf(mutant)) {
    for (const assertion of assertionsFor(effect, network)) {
      const told = suggestionOf(effect, assertion);
      first ??= told;
      if (isGood(assertion, mutant, network)) return told;
    }
    if (++tried === mostTried) break;
  }
  return { connection: '', effect: 'opened', ...first, test: '' };
}

function suggestionOf({ effect }: Effect, assertion: ConnectionAssertion): Suggestion {
  const { from, to, ports } = assertion;
  const connection = `${from.join()} → ${to.join()} on ${ports?.join(', ') ?? 'every port'}`;
  return { connection, effect, test: `expect(network).${assertionToString(assertion)}` };
}

type ConnectionAssertion = Extract<Assertion, { kind: 'allow' | 'deny' }>;

/** By the names of workloads first, and by pods that could exist. */
function* assertionsFor({ effect, connection }: Effect, network: Network): Generator<ConnectionAssertion> {
  const { source, destination, ports } = connection;
  for (const named of ['known', 'possible'] as const) {
    const [from, to] = [endText(source, network, named), endText(destination, network, named)];
    for (const port of witnessPorts(ports)) {
      yield {
        kind: effect === 'opened' ? 'deny' : 'allow',
        from: [from],
        to: [to],
        ...(port ? { ports: [port] } : {}),
      };
    }
  }
}

function isGood(assertion: Assertion, mutant: Mutant, network: Network): boolean {
  try {
    const claims = claimsOf(assertion, network);
    return (
      !claims.some((claim) => network.world.check(claim)) && new Judge(network, claims).judge(mutant) === 'noticed'
    );
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}
