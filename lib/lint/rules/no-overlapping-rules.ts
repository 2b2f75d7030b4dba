import type { ClusterRelation } from '../../analysis/open-world/cluster-relation';
import type { PolicyStatement } from '../../analysis/open-world/relation';
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
    const { cluster, redundancy, relation } = context;
    const redundant = new Set(redundancy.rules.map(({ rule }) => rule));
    const policies = new Set(redundancy.policies.map(({ policy }) => policy));
    for (const policy of cluster.policies) {
      // What is covered altogether is told of as that.
      if (policy.rules.length < 2 || policies.has(policy)) continue;
      for (const rule of policy.rules) {
        if (redundant.has(rule)) continue;
        const first = earlierOf(rule, relation, redundant);
        if (!first) continue;
        yield {
          message: `rules \`${ruleToString(first)}\` and \`${ruleToString(rule)}\` allow some of the same`,
          place: rule.place,
          related: [{ text: `rule \`${ruleToString(first)}\``, place: first.place }],
        };
      }
    }
  },
};

/** The first rule before it in the same list that allows some of what it allows. */
function earlierOf(rule: Rule, relation: ClusterRelation, without: ReadonlySet<Rule>): Rule | undefined {
  for (const statement of relation.of(rule)) {
    const earlier = relation.index.near(statement).find((other) => {
      if (other.rule?.policy !== rule.policy || other.rule.index >= rule.index || without.has(other.rule)) return false;
      return other.labels.meets(statement.labels) && haveInCommon(other, statement);
    });
    if (earlier?.rule) return earlier.rule;
  }
  return undefined;
}

type Extent = Pick<PolicyStatement, 'addresses' | 'ports'>;

function haveInCommon(a: Extent, b: Extent): boolean {
  if (a.ports.intersect(b.ports).isEmpty) return false;
  return !a.addresses || !b.addresses || !a.addresses.intersect(b.addresses).isEmpty;
}
