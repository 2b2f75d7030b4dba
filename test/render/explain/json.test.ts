import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain } from '../../../lib/analysis/explain';
import type { AskedEnd } from '../../../lib/analysis/explain/asked';
import { explanationToJson } from '../../../lib/render/explain/json';
import { explanationSchema } from '../../../lib/render/schema/explanation-schema';
import { addressesOf } from '../../../lib/sets/address-set';
import { cluster, profile } from '../../support/arbitrary-cluster';
import { schemaErrors } from '../../support/json-schema';
import { explained } from './explanations';

const parsed = (...args: Parameters<typeof explained>) =>
  JSON.parse(explanationToJson(explained(...args))) as Record<string, unknown>;

describe('an explanation as JSON', () => {
  it('is as its schema describes it', () => {
    for (const value of [
      parsed('shop/frontend', 'shop/cart'),
      parsed('shop{app=checkout}', 'shop/cart', 'web'),
      parsed('shop/frontend', 'shop/cart', '9000'),
      parsed('203.0.113.7', 'shop/frontend', '8000-9000'),
    ]) {
      expect(schemaErrors(explanationSchema, value)).toEqual([]);
    }
    fc.assert(
      fc.property(cluster, profile, fc.boolean(), (world, cni, isOutside) => {
        const [first] = world.workloads;
        const outside: AskedEnd = {
          kind: 'addresses',
          text: '8.8.8.8',
          addresses: addressesOf({ cidr: '8.8.8.8/32', except: [] }),
        };
        const last: AskedEnd = { kind: 'workload', workload: world.workloads.at(-1)! };
        const from = { text: 'from', ends: [isOutside ? outside : last] };
        const to = { text: 'to', ends: [{ kind: 'workload' as const, workload: first! }] };
        const text = explanationToJson(explain(world, { from, to }, { profile: cni }));
        expect(schemaErrors(explanationSchema, JSON.parse(text))).toEqual([]);
      }),
    );
  });

  it('has no field that the schema does not describe, and lacks none', () => {
    const value = parsed('shop/frontend', 'shop/cart');
    expect(schemaErrors(explanationSchema, { ...value, more: 1 })).toEqual(['$.more: is not described']);
    const { cases: _, ...less } = value;
    expect(schemaErrors(explanationSchema, less)).toEqual(['$.cases: is missing']);
    const wrong = schemaErrors(explanationSchema, { ...value, decision: 'maybe' });
    expect(wrong).toEqual(['$.decision: is none of allowed,denied,unknown']);
  });
});
