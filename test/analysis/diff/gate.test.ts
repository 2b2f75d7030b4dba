import { describe, expect, it } from 'vitest';
import { type GateRules, judgeDiff } from '../../../lib/analysis/diff/gate';
import type { Approval } from '../../../lib/model/diff-listing';
import { after, before, diffOf } from '../../render/diff/changes';

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

  it('does not let an approval of some workloads cover a row with others', () => {
    const { failures } = judge({ failOn: ['widened'] }, [approval('widened', { at: 'shop/search' })]);
    expect(failures).toMatchObject([{ risk: 'widened', budget: 0 }]);
  });
});
