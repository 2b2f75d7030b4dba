import { describe, expect, it } from 'vitest';
import { type GateRules, judgeDiff } from '../../../lib/analysis/diff/gate';
import type { Approval } from '../../../lib/model/diff-listing';
import { after, before, diffOf, policy, workload } from '../../render/diff/changes';

const listing = diffOf(before, after);
const approval = (risk: Approval['risk'], more: Partial<Approval> = {}): Approval => ({
  risk,
  because: 'so',
  place: {},
  ...more,
});
const judge = (rules: Partial<GateRules>, approvals: readonly Approval[] = []) =>
  judgeDiff(listing, { failOn: [], budgets: {}, ...rules }, approvals, '2026-06-01');

describe('whether a change may pass', () => {
  it.for([
    ['nothing is asked', {}, 'passed', []],
    ['the meaning must be the same', { failOn: ['any'] }, 'failed', ['any']],
    ['a risk that is there', { failOn: ['internet', 'isolation-lost'] }, 'failed', ['internet']],
    ['a risk that is not there', { failOn: ['isolation-lost', 'cross-team'] }, 'passed', []],
    ['a budget that is enough', { budgets: { internet: 1 } }, 'passed', []],
    ['a budget that is not', { budgets: { internet: 0 } }, 'failed', ['internet']],
  ] as const)('%s', ([, rules, verdict, risks]) => {
    const gate = judge(rules);
    expect([gate.verdict, gate.failures.map(({ risk }) => risk)]).toEqual([verdict, risks]);
  });

  it.for([
    ['the whole change', approval('internet'), 'passed'],
    ['the workloads that are concerned', approval('internet', { at: 'shop/search' }), 'passed'],
    ['all of a namespace', approval('internet', { at: 'shop/*' }), 'passed'],
    ['other workloads', approval('internet', { at: 'shop/redis' }), 'failed'],
    ['another risk', approval('narrowed'), 'failed'],
    ['it until yesterday', approval('internet', { until: '2026-05-31' }), 'failed'],
    ['it until today', approval('internet', { until: '2026-06-01' }), 'passed'],
  ] as const)('an approval of %s', ([, given, verdict]) => {
    expect(judge({ failOn: ['internet'] }, [given]).verdict).toBe(verdict);
  });

  it('tells which approvals are of no effect, and why', () => {
    const [ended, unused] = [approval('internet', { until: '2020-01-01' }), approval('isolation-lost')];
    expect(judge({}, [ended, unused]).idle).toEqual([
      { approval: ended, why: 'ended' },
      { approval: unused, why: 'unused' },
    ]);
  });

  it('lets an approval of some workloads cover these in a row with others, and no more', () => {
    const joined = diffOf(
      {
        'workloads.yaml': ['web', 'api', 'db'].map((name) => workload(name)).join('---\n'),
        'deny.yaml': before['deny.yaml']!,
      },
      {
        'workloads.yaml': ['web', 'api', 'db'].map((name) => workload(name)).join('---\n'),
        'deny.yaml': before['deny.yaml']!,
        'db.yaml': policy(
          'db',
          '  ingress:\n    - from: [{podSelector: {matchExpressions: [{key: app, operator: In, values: [web, api]}]}}]\n',
        ),
      },
    );
    const judged = (...at: string[]) => {
      const given = at.map((where) => approval('widened', { at: where }));
      const { failures, approved, open } = judgeDiff(joined, { failOn: ['widened'], budgets: {} }, given, '2026-06-01');
      return {
        left: failures.map(({ count }) => count),
        covered: approved.map(({ count }) => count),
        rest: open.flatMap(({ rows }) => rows.map(({ sources }) => sources?.map(({ id }) => id))),
      };
    };
    expect(judged('shop/web')).toEqual({ left: [1], covered: [1], rest: [['shop/api']] });
    expect(judged('shop/web', 'shop/api')).toEqual({ left: [], covered: [1, 1], rest: [] });
    expect(judged('shop/db')).toEqual({ left: [], covered: [2], rest: [] });
    expect(judged('shop/other')).toEqual({ left: [2], covered: [], rest: [undefined] });
  });

  it('counts of a row those pairs that are of two teams, and nothing of the others once these are approved', () => {
    const teams = { web: 'front', api: 'back', db: 'back', mail: 'post' };
    const workloads = Object.entries(teams)
      .map(([name, team]) => workload(name, `, tierwall.dev/team: ${team}`))
      .join('---\n');
    const files = { 'workloads.yaml': workloads, 'deny.yaml': before['deny.yaml']! };
    const either = '{matchExpressions: [{key: app, operator: In, values: [web, api, mail]}]}';
    const all = '{matchExpressions: [{key: app, operator: In, values: [db, mail]}]}';
    const opened = policy('deny-none', `  ingress: [{from: [{podSelector: ${either}}]}]\n`).replace(
      'podSelector: {}',
      `podSelector: ${all}`,
    );
    const joined = diffOf(files, { ...files, 'open.yaml': opened });
    const judged = (...at: string[]) => {
      const given = at.map((where) => approval('cross-team', { at: where }));
      const gate = judgeDiff(joined, { failOn: ['cross-team'], budgets: {} }, given, '2026-06-01');
      return [gate.failures.map(({ count }) => count), gate.approved.map(({ count }) => count)];
    };
    // Not api → db, nor the pods of mail among each other.
    expect(joined.connections.map(({ pairs }) => pairs)).toEqual([6]);
    expect(joined.risks.find(({ id }) => id === 'cross-team')?.count).toBe(4);
    expect(judged()).toEqual([[4], []]);
    expect(judged('shop/web')).toEqual([[2], [2]]);
    expect(judged('shop/web', 'shop/mail')).toEqual([[], [2, 2]]);
  });
});

describe('pods that could exist, under approvals', () => {
  const workloads = workload('web');
  const deny = policy('deny', '  policyTypes: [Ingress, Egress]\n');
  const widened = (spec: string, at: string, ...names: string[]) => {
    const own = [workloads, ...names.map((name) => workload(name))].join('---\n');
    const listing = diffOf(
      { 'workloads.yaml': own, 'deny.yaml': deny },
      { 'workloads.yaml': own, 'deny.yaml': deny, 'new.yaml': spec },
    );
    const rules = { failOn: ['widened', 'internet'], budgets: {} } as const;
    return judgeDiff(listing, rules, [approval('widened', { at }), approval('internet', { at })], '2026-06-01').verdict;
  };
  const toInternet = '  policyTypes: [Egress]\n  egress: [{to: [{ipBlock: {cidr: 8.8.8.0/24}}]}]\n';
  const picked = (selector: string) => policy('x', toInternet).replace('matchLabels: {app: x}', selector);
  const either = 'matchExpressions: [{key: app, operator: In, values: [web, api]}]';

  it.for([
    ['of the workload that a rule is for', policy('web', toInternet), 'shop/web', [], 'passed'],
    ['of another one', policy('web', toInternet), 'shop/api', ['api'], 'failed'],
    ['of the workload, where the rule is for all of the namespace', picked(''), 'shop/web', [], 'failed'],
    ['of the namespace, where the rule is for all of it', picked(''), 'shop/*', [], 'passed'],
    ['of namespaces that are called alike', picked(''), 'sh*/*', [], 'passed'],
    ['of one of the two workloads that a rule is for', picked(either), 'shop/web', ['api'], 'failed'],
    [
      'of the only workload, where the rule is for another one too that is not there',
      picked(either),
      'shop/web',
      [],
      'failed',
    ],
    [
      'of the workload, where its rule is for pods of others',
      policy('web', '  policyTypes: [Ingress]\n  ingress: [{from: [{podSelector: {matchLabels: {app: stranger}}}]}]\n'),
      'shop/web',
      [],
      'passed',
    ],
  ] as const)('an approval %s', ([, spec, at, names, verdict]) => {
    expect(widened(spec, at, ...names)).toBe(verdict);
  });
});
