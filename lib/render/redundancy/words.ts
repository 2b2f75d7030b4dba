import type { ListedRule } from '../../model/reach-listing';
import type { ListedOverlap, ListedRedundant, RedundancyListing } from '../../model/redundancy-listing';
import { shownPorts } from '../connectivity/shown-ports';
import { placeText } from '../connectivity/statements';
import { counted } from '../connectivity/visible-text';

/** What can go, under one heading. */
export interface RedundancySection {
  readonly heading: string;
  readonly state: 'certain' | 'open';
  readonly items: readonly ListedRedundant[];
}

export function redundancySections({ policies, rules }: RedundancyListing): RedundancySection[] {
  const all = [
    { what: 'Policies', items: policies },
    { what: 'Rules', items: rules },
  ];
  const sections = (['certain', 'unknown'] as const).flatMap((decision) =>
    all.map(({ what, items }): RedundancySection => {
      const can = `${what} that can be deleted`;
      return {
        heading:
          decision === 'certain' ? can : `Unknown: ${can.toLowerCase()}, as far as the policies go that are read`,
        state: decision === 'certain' ? 'certain' : 'open',
        items: items.filter((item) => item.decision === decision),
      };
    }),
  );
  return sections.filter(({ items }) => items.length > 0);
}

/** As in `12 policies with 30 rules in 3 namespaces: 2 policies and 1 rule can be deleted`. */
export function redundancyHeadline({ totals, policies, rules, decision }: RedundancyListing): string {
  const { namespaces, policies: all, rules: allRules } = totals;
  const head = `${counted(all, 'policy', 'policies')} with ${counted(allRules, 'rule')} in ${counted(namespaces, 'namespace')}`;
  const found = [
    ...(policies.length > 0 ? [counted(policies.length, 'policy', 'policies')] : []),
    ...(rules.length > 0 ? [counted(rules.length, 'rule')] : []),
  ];
  const limit = decision === 'unknown' ? ', as far as the policies go that are read' : '';
  if (found.length === 0) return `${head}: none can be deleted without changing what is allowed${limit}`;
  return `${head}: ${found.join(' and ')} can be deleted without changing what is allowed`;
}

/** Where it stands, as in `shop/cart ingress[0] (policies.yaml:12)`. */
export function namedText({ name, place }: ListedRule): string {
  const where = placeText(place);
  return where ? `${name} (${where})` : name;
}

/** Why it can go, where nothing covers it. */
export function whyText({ why }: ListedRedundant): string {
  switch (why) {
    case 'covered':
      return 'covered by';
    case 'matches-nothing':
      return 'its selectors can match nothing';
    case 'open-anyway':
      return 'without it nothing isolates its pods, and everything is allowed either way';
  }
}

export function overlapText({ first, second, ports }: ListedOverlap): string {
  return `${namedText(first)} and ${namedText(second)}, on ${shownPorts(ports).join(' ')}`;
}

export function overlapsHeading({ overlaps = [], overlapsCut }: RedundancyListing): string {
  if (overlaps.length === 0) return 'No two other rules allow any of the same connections';
  const more = overlapsCut ? 'more than ' : '';
  return `${more}${counted(overlaps.length, 'pair')} of other rules allow${overlaps.length === 1 ? 's' : ''} some of the same connections`;
}
