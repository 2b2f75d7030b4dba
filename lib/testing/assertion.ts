import { quoted } from '../analysis/explain/code-words';
import type { Direction } from '../model/policy';
import type { ListedText } from './party';
import type { ConnectivityTable } from './table/table';

/** What a test states, as plain data by which it can be judged again on other policies. */
export type Assertion =
  | {
      readonly kind: 'allow' | 'deny';
      readonly from: readonly string[];
      readonly to: readonly string[];
      /** @default of `allow` all that the destination declares, of `deny` every port */
      readonly ports?: readonly string[];
    }
  | { readonly kind: 'isolated'; readonly who: readonly string[]; readonly directions: readonly Direction[] }
  | {
      readonly kind: 'reach-only' | 'reachable-only-from';
      readonly who: readonly string[];
      readonly listed: readonly ListedText[];
    }
  | {
      readonly kind: 'hold';
      /** Of a guarantee of the app. */
      readonly name?: string;
      readonly from: readonly string[];
      readonly to: readonly ListedText[];
    }
  /** A connection for a connection what a snapshot lists. */
  | { readonly kind: 'connectivity'; readonly focus?: readonly string[] }
  | { readonly kind: 'table'; readonly table: ConnectivityTable }
  /** Whatever changes in the policies' text. */
  | { readonly kind: 'policies' }
  /** That the policies mean what the code declares: it says nothing of whether the code declares the right thing. */
  | { readonly kind: 'proved' };

/** As a test would write it, in a line. */
export function assertionToString(assertion: Assertion): string {
  switch (assertion.kind) {
    case 'allow':
    case 'deny': {
      const { kind, from, to, ports } = assertion;
      const args = [from, to, ...(ports ? [ports] : [])].map(argument);
      return `${kind === 'allow' ? 'toAllow' : 'toDeny'}(${args.join(', ')})`;
    }
    case 'isolated':
      return `toBeIsolated(${argument(assertion.who)}${assertion.directions.length === 1 ? `, '${assertion.directions[0]}'` : ''})`;
    case 'reach-only':
    case 'reachable-only-from': {
      const { kind, who, listed } = assertion;
      const name = kind === 'reach-only' ? 'toReachOnly' : 'toBeReachableOnlyFrom';
      return `${name}(${argument(who)}, [${listed.map((entry) => quoted(listedToString(entry))).join(', ')}])`;
    }
    case 'hold':
      return `toHold(${quoted(assertion.name ?? `nothing of ${assertion.from.join(', ')} reaches ${assertion.to.map(listedToString).join(', ')}`)})`;
    case 'connectivity':
      return 'toMatchConnectivity()';
    case 'table':
      return `table ${quoted(assertion.table.name)}`;
    case 'policies':
      return 'toMatchPolicies()';
    case 'proved':
      return 'toBeProved()';
  }
}

export function listedToString({ peer, ports }: ListedText): string {
  return `${peer.join(', ')}${ports ? ` on ${ports.join(', ')}` : ''}`;
}

function argument(texts: readonly string[]): string {
  return texts.length === 1 ? quoted(texts[0]!) : `[${texts.map(quoted).join(', ')}]`;
}
