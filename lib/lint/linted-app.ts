import { type DeclaredAt, type HandedIntent, type HandedSource, ruleKey } from '../constructs/handed-over';
import type { PlacedWorkload } from '../model/cluster';
import type { Rule } from '../model/policy';
import type { Suppression } from '../model/suppression';

/** What an app says besides the policies that it writes. */
export interface LintedApp {
  /** The line that declares a construct. */
  lineOf(path: string): DeclaredAt | undefined;
  /** All that are emitted. */
  readonly intents: readonly HandedIntent[];
  /** The intents that a rule opens for; none for the DNS that comes with egress. */
  intentsOf(rule: Rule): readonly HandedIntent[];
  /** The pods that its services pick. */
  readonly services: readonly Pick<PlacedWorkload, 'namespace' | 'selector'>[];
  /** Findings that the app's own constructs accept; the place of each names the construct. */
  readonly suppressions: readonly Suppression[];
}

/** As an app was handed over. Where a namespace is in two clusters, it is not known which of them a rule is in, and nothing is said. */
export function appOfSource(source: HandedSource): LintedApp {
  const { environments, lines, intents, rules, suppressions, pods } = source;
  return {
    intents,
    services: pods.filter(({ path }) => path !== undefined),
    lineOf: (path) => lines[path],
    intentsOf: (rule) => {
      const found = environments.flatMap(({ name }) => rules[ruleKey(name, rule)] ?? []);
      const places = environments.filter(({ name }) => rules[ruleKey(name, rule)] !== undefined);
      return places.length === 1 ? found.map((i) => intents[i]!) : [];
    },
    suppressions: suppressions.map(({ path, at, until, ...rest }): Suppression => {
      return { ...rest, by: 'construct', ...(until ? { until } : {}), place: { construct: path, ...at } };
    }),
  };
}
