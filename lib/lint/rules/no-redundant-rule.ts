import { sameRule } from '../../analysis/same-meaning';
import { ruleToString } from '../../model/policy';
import { coveringPlaces, namesOf, removalOf } from '../covered-rules';
import { documents, policy } from '../examples';
import { isImpliedRule } from '../implied';
import type { LintRule } from '../rule';

const ingress = (rules: string) => policy('api', `podSelector: {}\npolicyTypes: [Ingress]\ningress:\n${rules}`);
const all = '- from: [{ podSelector: {} }]\n  ports: [{ port: 8080 }]';
const web = '- from: [{ podSelector: { matchLabels: { app: web } } }]\n  ports: [{ port: 8080 }]';
const metrics = '- from: [{ podSelector: { matchLabels: { app: web } } }]\n  ports: [{ port: 9090 }]';

export const noRedundantRule: LintRule = {
  id: 'no-redundant-rule',
  group: 'minimality',
  severity: 'warning',
  wrong: 'a rule allows nothing that other rules do not allow too',
  why: 'It reads as if it decided something: who narrows it, or takes it away, changes nothing.',
  todo: 'leave it out, or narrow what covers it',
  todoInCode: 'leave out the intent that asks for it, or narrow what covers it',
  references: [{ name: 'tierwall, redundancy over every pod that could exist' }],
  good: [{ yaml: ingress(`${all}\n${metrics}`) }],
  bad: [
    { yaml: ingress(`${web}\n${all}`), at: ['spec.ingress[0]'], fixed: ingress(all) },
    {
      yaml: documents(
        policy('everybody', `podSelector: {}\npolicyTypes: [Ingress]\ningress:\n${all}\n${metrics}`),
        policy(
          'web',
          `podSelector: { matchLabels: { app: api } }\npolicyTypes: [Ingress]\ningress:\n${web}\n- ports: [{ port: 1 }]`,
        ),
      ),
      at: ['spec.ingress[0]'],
    },
  ],
  *check(context) {
    for (const redundant of context.redundancy.rules) {
      const { rule, coveredBy } = redundant;
      if (isImpliedRule(rule, context.app)) continue;
      const [first, ...others] = coveredBy;
      // Such a rule can match nothing: its selector is a finding of its own.
      if (!first || (others.length === 0 && sameRule(rule, first, context.universe))) continue;
      const fix = removalOf(redundant, context);
      yield {
        message: `rule \`${ruleToString(rule)}\` allows nothing that ${namesOf(coveredBy)} ${others.length > 0 ? 'do' : 'does'} not allow too`,
        place: rule.place,
        related: coveringPlaces(redundant),
        ...(fix ? { fix } : {}),
      };
    }
  },
};
