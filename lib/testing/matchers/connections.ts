import { directions } from '../../analysis/open-world/relation';
import type { Assertion } from '../assertion';
import { listedToString } from '../assertion';
import { NetworkPods } from '../network';
import type { ListedParty, Party, PortText } from '../party';
import { bad, listedTexts, partyTexts, portTexts } from '../party';
import { recordAssertion } from '../recording/record';
import type { RunnerState } from '../snapshot/snapshot-file';
import { type MatcherOutcome, networkOf, outcomeOf, subjectOf } from './outcome';

type Parties = Party | readonly Party[];
type Ports = PortText | readonly PortText[];

/** @this what the test runner knows */
export function toAllow(
  this: RunnerState,
  received: unknown,
  from: Parties,
  to: Parties,
  ports?: Ports,
): MatcherOutcome {
  return connection(this, received, this.isNot ? 'deny' : 'allow', from, to, ports);
}

export function toDeny(
  this: RunnerState,
  received: unknown,
  from: Parties,
  to: Parties,
  ports?: Ports,
): MatcherOutcome {
  return connection(this, received, this.isNot ? 'allow' : 'deny', from, to, ports);
}

/** Not to allow means to deny, for certain: what is unknown is neither. */
function connection(
  state: RunnerState,
  received: unknown,
  kind: 'allow' | 'deny',
  from: Parties,
  to: Parties,
  ports: Ports | undefined,
): MatcherOutcome {
  const network = wholeNetwork(received, kind);
  const named = portTexts(ports);
  const assertion = { kind, from: partyTexts(from), to: partyTexts(to), ...(named ? { ports: named } : {}) } as const;
  const where = named ? ` on ${named.join(', ')}` : kind === 'deny' ? ' on any port' : '';
  const expected = `${assertion.from.join(', ')} → ${assertion.to.join(', ')}${where} to be ${kind === 'allow' ? 'allowed' : 'denied'}`;
  const { pass, message } = recorded(network, assertion, expected, state);
  return { pass: state.isNot ? !pass : pass, message };
}

/** A subject would be taken for neither end, and a denial of something else hold in its place. @throws InputError for pods of a network */
function wholeNetwork(received: unknown, kind: 'allow' | 'deny'): ReturnType<typeof networkOf> {
  if (!(received instanceof NetworkPods)) return networkOf(received);
  const matcher = kind === 'allow' ? 'toAllow' : 'toDeny';
  throw bad(`\`${matcher}\` names both ends, and pods are given too`, `write \`expect(network).${matcher}(from, to)\``);
}

function recorded(
  network: ReturnType<typeof networkOf>,
  assertion: Assertion,
  expected: string,
  state: RunnerState,
): MatcherOutcome {
  const outcome = outcomeOf(network, assertion, expected);
  if (outcome.pass) recordAssertion(network, assertion, state);
  return outcome;
}

/** The opposite of a statement about several things says little: it is no evidence of what is allowed or denied. */
function recordedUnlessNot(...args: Parameters<typeof recorded>): MatcherOutcome {
  const [network, assertion, expected, state] = args;
  return state.isNot ? outcomeOf(network, assertion, expected) : recorded(...args);
}

export function toBeIsolated(this: RunnerState, received: unknown, ...args: readonly unknown[]): MatcherOutcome {
  const { network, who, rest } = subjectOf<[('ingress' | 'egress')?]>(received, args as never);
  const [direction] = rest;
  if (direction !== undefined && !directions.includes(direction))
    throw bad(`\`${String(direction)}\` is no direction`, 'give `ingress` or `egress`, or leave it out for both');
  const asked = direction === undefined ? directions : [direction];
  const texts = partyTexts(who);
  const expected = `${texts.join(', ')} to be isolated for ${asked.join(' and ')}`;
  return recordedUnlessNot(network, { kind: 'isolated', who: texts, directions: asked }, expected, this);
}

export function toReachOnly(this: RunnerState, received: unknown, ...args: readonly unknown[]): MatcherOutcome {
  return only(this, received, 'reach-only', args);
}

export function toBeReachableOnlyFrom(
  this: RunnerState,
  received: unknown,
  ...args: readonly unknown[]
): MatcherOutcome {
  return only(this, received, 'reachable-only-from', args);
}

function only(
  state: RunnerState,
  received: unknown,
  kind: 'reach-only' | 'reachable-only-from',
  args: readonly unknown[],
): MatcherOutcome {
  const { network, who, rest } = subjectOf<[readonly ListedParty[]]>(received, args as never);
  const assertion = { kind, who: partyTexts(who), listed: listedTexts(rest[0]) } as const;
  const list = assertion.listed.map(listedToString).join('; ') || 'nobody';
  const does = kind === 'reach-only' ? 'to reach these and nobody else' : 'to be reachable from these and nobody else';
  return recordedUnlessNot(network, assertion, `${assertion.who.join(', ')} ${does}: ${list}`, state);
}
