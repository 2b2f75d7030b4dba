import type { Construct } from 'constructs';
import { AnyPort } from '../model/port';
import type { Group, Intent, Party, PortRef } from '../model/program';
import type { Origin } from '../origin/origin';
import { checkOptions, placeOf } from './mistakes';
import { anything, nested, type Options, oneOf, options, portList, text } from './options';
import { type PeerLike, partyOf } from './peer';
import { Registry } from './registry';

export interface IntentProps {
  /**
   * Names that the callee declares (`'http'`), numbers (`8080`, `'8080'`, `'53/UDP'`, `'8000-8999/TCP'`), `Port`s or `anyPort()`.
   * @default all ports that the callee declares, and never any port
   */
  readonly ports?: AnyPort | readonly (PortRef | number)[];
  /** Why the access is needed; written to the policy as an annotation. @default no reason */
  readonly because?: string;
  /** The last day, in UTC, on which the access is emitted, as `2026-12-31`. @default no end */
  readonly until?: string;
  /**
   * The sides that are opened: ingress at the callee, egress at the caller. One of them alone is for where another owner opens the other
   * one, or nobody should.
   * @default both
   */
  readonly enforcedAt?: 'both' | 'callee' | 'caller';
  /** Why the access may cross environments; an error without it. @default it may not */
  readonly crossEnvironment?: { readonly because: string };
}

const reason = text('give a reason, or leave it out');
const crossing = options('an intent', { because: text('say why it may') }, ['because']);

export const intentChecks: Options<IntentProps>['checks'] = {
  ports: portList,
  because: reason,
  until: anything,
  enforcedAt: oneOf('both', 'callee', 'caller'),
  crossEnvironment: nested(crossing),
};
const intentOptions = options<IntentProps>('an intent', intentChecks);

/** Records one intent for each peer. What is wrong with it is found at synth, with all other mistakes. */
export function declareIntents(
  scope: Construct,
  group: Group,
  side: 'caller' | 'callee',
  peers: PeerLike | readonly PeerLike[],
  given: IntentProps,
  path: string,
  origin: Origin | undefined,
  known: Options<IntentProps> = intentOptions,
): void {
  const registry = Registry.of(scope);
  const list = Array.isArray(peers) ? (peers as readonly PeerLike[]) : [peers as PeerLike];
  const place = placeOf({ path, origin });
  const props = checkOptions(scope, { path, origin }, given, known);
  if (list.length === 0) {
    const hint = 'name a peer, or remove the statement: no peers would mean nobody, never everybody';
    registry.addMistake({ code: 'no-peers', message: `the list of peers of \`${path}\` is empty`, place, hint });
  }
  for (const peer of list) {
    const party = partyOf(peer, registry, (problem) => registry.addMistake({ ...problem, place }));
    if (party) registry.addIntent(intentOf(group, side, party, props, path, origin));
  }
}

export function portRefs(ports: IntentProps['ports']): readonly PortRef[] | undefined {
  if (ports === undefined || ports instanceof AnyPort) return ports && [ports];
  return ports.map((port) => (typeof port === 'number' ? `${port}` : port));
}

function intentOf(
  group: Group,
  side: 'caller' | 'callee',
  party: Party,
  props: IntentProps,
  path: string,
  origin: Origin | undefined,
): Intent {
  return {
    path,
    origin,
    caller: side === 'caller' ? group : party,
    callee: side === 'caller' ? party : group,
    declaredBy: side,
    enforcedAt: props.enforcedAt ?? 'both',
    ports: portRefs(props.ports),
    because: props.because,
    until: props.until,
    crossEnvironment: props.crossEnvironment?.because,
  };
}
