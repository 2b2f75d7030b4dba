import { type Rule, ruleToString } from '../model/policy';
import type { ListedRule } from '../model/reach-listing';
import { listedPlace } from './connectivity/listing-place';

/** Names rules, and works out each one's line once. */
export class RuleNames {
  private readonly known = new Map<Rule, ListedRule>();

  of(rule: Rule): ListedRule {
    let listed = this.known.get(rule);
    if (!listed) {
      listed = { name: ruleToString(rule), place: listedPlace(rule.place) };
      this.known.set(rule, listed);
    }
    return listed;
  }
}
