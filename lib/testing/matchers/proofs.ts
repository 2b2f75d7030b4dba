import { Never } from '../../constructs/never';
import { anything, options as known } from '../../constructs/options';
import { issueLines } from '../../model/issue';
import type { Assertion } from '../assertion';
import { checkOptions } from '../check-options';
import { guaranteeTexts } from '../guarantee';
import type { Network } from '../network';
import { bad, type Party, type PortText, partyTexts, portTexts } from '../party';
import { recordAssertion } from '../recording/record';
import type { RunnerState } from '../snapshot/snapshot-file';
import { type MatcherOutcome, networkOf, outcomeOf } from './outcome';

/** Nothing of `from` ever reaches `to`. */
export interface StatedGuarantee {
  readonly from: Party | readonly Party[];
  readonly to: Party | readonly Party[];
  /** @default every port */
  readonly ports?: PortText | readonly PortText[];
}

const guaranteeOptions = known<StatedGuarantee>('toHold', { from: anything, to: anything, ports: anything });

export function toBeProved(this: RunnerState, received: unknown): MatcherOutcome {
  const network = networkOf(received);
  const issues = proofOf(network)();
  if (issues.length === 0) recordAssertion(network, { kind: 'proved' }, this);
  return {
    pass: issues.length === 0,
    message: () =>
      issues.length === 0
        ? 'expected the policies not to mean what the code declares'
        : `expected the policies to mean what the code declares, over every pod that could exist\n${issueLines(issues)
            .map((line) => `  ${line}`)
            .join('\n')}`,
  };
}

export function toHold(this: RunnerState, received: unknown, guarantee: Never | StatedGuarantee): MatcherOutcome {
  const network = networkOf(received);
  if (guarantee instanceof Never) return declared(this, network, guarantee);
  if (typeof guarantee === 'object' && guarantee !== null) checkOptions(guarantee, guaranteeOptions);
  if (typeof guarantee !== 'object' || guarantee === null || !('from' in guarantee) || !('to' in guarantee))
    throw bad('this is no guarantee', 'give a `Never`, or `{ from, to, ports }`');
  const ports = portTexts(guarantee.ports);
  const to = partyTexts(guarantee.to);
  const assertion: Assertion = {
    kind: 'hold',
    from: partyTexts(guarantee.from),
    to: [{ peer: to, ...(ports ? { ports } : {}) }],
  };
  const where = ports ? ` on ${ports.join(', ')}` : '';
  const outcome = outcomeOf(
    network,
    assertion,
    `nothing of ${assertion.from.join(', ')} to reach ${to.join(', ')}${where}`,
  );
  if (outcome.pass && !this.isNot) recordAssertion(network, assertion, this);
  return outcome;
}

/** By the proof that synthesis makes too, which knows that no pod is of two services at once. */
function declared(state: RunnerState, network: Network, guarantee: Never): MatcherOutcome {
  const { path } = guarantee.node;
  const issues = proofOf(network)().filter(({ place }) => place.construct === path);
  if (issues.length === 0 && !state.isNot) recordAssertion(network, guaranteeTexts(guarantee, network), state);
  return {
    pass: issues.length === 0,
    message: () =>
      issues.length === 0
        ? `expected \`${path}\` not to hold`
        : `expected \`${path}\` to hold\n${issueLines(issues)
            .map((line) => `  ${line}`)
            .join('\n')}`,
  };
}

function proofOf({ source: { prove } }: Network): NonNullable<Network['source']['prove']> {
  if (!prove)
    throw bad(
      'nothing declares what these policies are to mean',
      'make the network by networkOfApp(app) or networkOfProject()',
    );
  return prove;
}
