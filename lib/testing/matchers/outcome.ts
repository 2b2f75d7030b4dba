import type { Assertion } from '../assertion';
import { breachesText } from '../breach-text';
import type { Breach, Claim } from '../claim';
import { claimsOf } from '../claims-of';
import { Network, NetworkPods } from '../network';
import { bad, type Party } from '../party';

/** What a matcher of Vitest and of Jest returns. */
export interface MatcherOutcome {
  readonly pass: boolean;
  readonly message: () => string;
}

/** The claims of an assertion that do not hold. */
export function breachesOf(claims: readonly Claim[], { world }: Network): Breach[] {
  return claims.flatMap((claim) => world.check(claim) ?? []);
}

/** What a matcher says of an assertion. @param expected as in `shop/web to be isolated` */
export function outcomeOf(network: Network, assertion: Assertion, expected: string): MatcherOutcome {
  const breaches = breachesOf(claimsOf(assertion, network), network);
  return {
    pass: breaches.length === 0,
    message: () =>
      breaches.length === 0 ? `expected not: ${expected}` : `expected ${expected}\n${breachesText(breaches, network)}`,
  };
}

/** The network that a test states something of. @throws InputError for anything else */
export function networkOf(received: unknown): Network {
  if (received instanceof Network) return received;
  if (received instanceof NetworkPods) return received.network;
  const given = typeof received === 'object' && received !== null ? received.constructor?.name : String(received);
  throw bad(
    `\`${given}\` is no network`,
    'make one by networkOfApp(app), networkOfProject(), readNetwork(path) or networkOfText(text), and await it in `beforeAll` where it is a promise',
  );
}

/** The subject, which is given to `network.pods(…)` or as the first argument. */
export function subjectOf<Rest extends readonly unknown[]>(
  received: unknown,
  args: readonly [...Rest] | readonly [Party | readonly Party[], ...Rest],
): { readonly network: Network; readonly who: Party | readonly Party[]; readonly rest: Rest } {
  const network = networkOf(received);
  if (received instanceof NetworkPods) return { network, who: received.who, rest: args as unknown as Rest };
  const [who, ...rest] = args as readonly [Party | readonly Party[], ...Rest];
  if (who === undefined) throw bad('nobody is named', "say of whom, as in `expect(network.pods('shop/cart'))`");
  return { network, who, rest: rest as unknown as Rest };
}
