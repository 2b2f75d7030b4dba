import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fieldErrorToString } from '../../lib/validation/field-error';
import { validateNetworkPolicy } from '../../lib/validation/network-policy';
import { casesAt } from '../support/cases';

interface Case {
  readonly id: string;
  readonly name: string;
  readonly object: unknown;
  readonly old?: unknown;
  readonly strictIPCIDRValidation: boolean;
  readonly options: { readonly AllowInvalidLabelValueInSelector?: boolean };
  readonly valid: boolean;
  readonly errors: readonly { readonly field: string; readonly type: string; readonly full: string }[];
}

const file = casesAt('k8s-validation', 'cases.json');
const cases = file ? (JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] }).cases : [];

describe.skipIf(!file)("the API server's own validation cases (skipped where ../shared/cases is absent)", () => {
  test('are 55', () => expect(cases).toHaveLength(55));

  test.for(cases.map((c) => [c.id, c.name, c] as const))('%s %s: same fields, types and texts', ([, , given]) => {
    const errors = validateNetworkPolicy(given.object, {
      ...(given.old === undefined ? {} : { old: given.old }),
      ipFormat: given.strictIPCIDRValidation ? 'strict' : 'legacy',
      selectorValues: given.options.AllowInvalidLabelValueInSelector ? 'tolerated' : 'checked',
    });
    const pairs = (list: readonly { field: string; type: string }[]) =>
      list.map(({ field, type }) => `${field} ${type}`).sort();
    expect(errors.length === 0).toBe(given.valid);
    expect(pairs(errors)).toEqual(pairs(given.errors));
    expect(errors.map(fieldErrorToString).sort()).toEqual(given.errors.map(({ full }) => full).sort());
  });
});
