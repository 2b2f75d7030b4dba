import { sameRule } from '../../analysis/same-meaning';
import { ruleToString } from '../../model/policy';
import { coveringPlaces, removalOf } from '../covered-rules';
import { policy } from '../examples';
import type { LintRule } from '../rule';

const ingress = (rules: string) => policy('api', `podSelector: {}\npolicyTypes: [Ingress]\ningress:\n${rules}`);
const web = '- from: [{ podSelector: { matchLabels: { app: web } } }]\n  ports: [{ port: 8080 }]';
const same =
  '- from: [{ podSelector: { matchExpressions: [{ key: app, operator: In, values: [web] }] } }]\n  ports: [{ protocol: TCP, port: 8080 }]';
const other = '- from: [{ podSelector: { matchLabels: { app: jobs } } }]\n  ports: [{ port: 8080 }]';

export const noDuplicateRule: LintRule = {
  id: 'no-duplicate-rule',
  group: 'minimality',
  severity: 'warning',
  wrong: 'a rule allows exactly what another one allows',
  why: 'Who takes one of them away to end the access takes nothing away.',
  todo: 'leave one of them out',
  todoInCode: 'leave one of the intents out',
  references: [{ name: 'tierwall, redundancy over every pod that could exist' }],
  good: [{ yaml: ingress(`${web}\n${other}`) }],
  bad: [{ yaml: ingress(`${web}\n${same}\n${other}`), at: ['spec.ingress[1]'], fixed: ingress(`${web}\n${other}`) }],
  *check(context) {
    for (const redundant of context.redundancy.rules) {
      const [first, ...others] = redundant.coveredBy;
      if (!first || others.length > 0 || !sameRule(redundant.rule, first, context.universe)) continue;
      const fix = removalOf(redundant, context);
      yield {
        message: `rule \`${ruleToString(redundant.rule)}\` allows exactly what rule \`${ruleToString(first)}\` allows`,
        place: redundant.rule.place,
        related: coveringPlaces(redundant),
        ...(fix ? { fix } : {}),
      };
    }
  },
};
