import type { Cluster } from '../../model/cluster';
import type { Place } from '../../model/issue';
import type { Policy, Rule } from '../../model/policy';

/** What the cluster is meant to be: an app, or the output that was committed of it. */
export interface Intended {
  /** Its policies, and the namespaces that they are in. */
  readonly cluster: Cluster;
  /** The line that declares the construct which a policy is written for; undefined where nothing is known of it. */
  declaredAt(policy: Policy): Place | undefined;
  /** Lines of the intents that a rule opens for, each with what it says. */
  intentsOf(rule: Rule): readonly { readonly text: string; readonly place: Place }[];
}
