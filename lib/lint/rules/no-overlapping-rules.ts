import type { PolicyStatement } from '../../analysis/open-world/relation';
import { StatementIndex } from '../../analysis/open-world/statement-index';
import { type Rule, ruleToString } from '../../model/policy';
import { policy } from '../examples';
import type { LintRule } from '../rule';

const ingress = (rules: string) => policy('api', `podSelector: {}\npolicyTypes: [Ingress]\ningress:\n${rules}`);
const web = '- from: [{ podSelector: { matchLabels: { app: web } } }]\n  ports: [{ port: 8080 }]';

export const noOverlappingRules: LintRule = {
  id: 'no-overlapping-rules',
  group: 'minimality',
  severity: 'info',
  wrong: 'two rules of a policy allow some of the same',
  why: 'Who narrows one of them, to end what both allow, ends nothing.',
  todo: 'state each peer and port in one rule',
  todoInCode: 'state each peer and port in one intent',
  references: [{ name: 'tierwall, redundancy over every pod that could exist' }],
  good: [{ yaml: ingress(`${web}\n${web.replace('8080', '9090')}`) }],
  bad: [
    {
      yaml: ingress(
        `${web.replace('8080 }', '8080 }, { port: 9090 }')}\n- from: [{ podSelector: { matchLabels: { tier: front } } }]\n  ports: [{ port: 8080 }]`,
      ),
      at: ['spec.ingress[1]'],
    },
  ],
  *check(context) {
    const { cluster, redundancy } = context;
    const redundant = new Set(redundancy.rules.map(({ rule }) => rule));
    const policies = new Set(redundancy.policies.map(({ policy }) => policy));
    for (const policy of cluster.policies) {
      // What is covered altogether is told of as that.
      if (policy.rules.length < 2 || policies.has(policy)) continue;
      const statements = context.statementsOf(policy).filter(({ rule }) => rule && !redundant.has(rule));
      const index = new StatementIndex(statements);
      const told = new Set<Rule>();
      for (const statement of statements) {
        const rule = statement.rule!;
        if (told.has(rule)) continue;
        const earlier = index.near(statement).find((other) => {
          const isEarlier = other.direction === rule.direction && other.rule!.index < rule.index;
          return isEarlier && other.labels.meets(statement.labels) && haveInCommon(other, statement);
        });
        if (!earlier) continue;
        told.add(rule);
        const first = earlier.rule!;
        yield {
          message: `rules \`${ruleToString(first)}\` and \`${ruleToString(rule)}\` allow some of the same`,
          place: rule.place,
          related: [{ text: `rule \`${ruleToString(first)}\``, place: first.place }],
        };
      }
    }
  },
};

type Extent = Pick<PolicyStatement, 'addresses' | 'ports'>;

function haveInCommon(a: Extent, b: Extent): boolean {
  if (a.ports.intersect(b.ports).isEmpty) return false;
  return !a.addresses || !b.addresses || !a.addresses.intersect(b.addresses).isEmpty;
}
