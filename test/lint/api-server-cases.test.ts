import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { casesAt } from '../support/cases';
import { linted } from './linted';

interface Case {
  readonly id: string;
  readonly name: string;
  readonly object: object;
  readonly old?: unknown;
  readonly strictIPCIDRValidation: boolean;
  readonly errors: readonly { readonly field: string }[];
}

const file = casesAt('k8s-validation', 'cases.json');
const cases = (file ? (JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] }).cases : []).filter(
  ({ old }) => old === undefined,
);

/** Of a server that refuses old forms of addresses, too: here those are warnings. */
const strict = /^no-(rejected-field|unknown-field|host-bits|leading-zeros)$/;
const usual = /^no-(rejected|unknown)-field$/;

describe.skipIf(!file)("the API server's own validation cases (skipped where ../shared/cases is absent)", () => {
  test('are many', () => expect(cases.length).toBeGreaterThan(30));

  test.for(cases.map((c) => [c.id, c.name, c] as const))('%s %s: found where the server refuses it', ([, , given]) => {
    const found = linted(JSON.stringify(given.object)).filter(({ rule }) =>
      (given.strictIPCIDRValidation ? strict : usual).test(rule),
    );
    const fields = [...new Set(found.map(({ place }) => place.field ?? ''))].sort();
    // These cases are of a server that tolerates selectors with values that are no label values.
    const tolerated = fields.filter((field) => /\.values\[\d+\]$/.test(field));
    expect(fields.filter((field) => !tolerated.includes(field))).toEqual(
      [...new Set(given.errors.map(({ field }) => field))].sort(),
    );
  });
});
