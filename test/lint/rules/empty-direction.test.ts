import { describe, expect, test } from 'vitest';
import { policy } from '../../../lib/lint/examples';
import { linted, ruleNamed } from '../linted';

const found = (spec: string) => linted(policy('web', spec), [ruleNamed('no-ignored-rules')]);

describe('an empty list of rules', () => {
  test.for([
    [
      'podSelector: {}\npolicyTypes: [Ingress]\negress: []',
      'egress',
      'policy `shop/web` has an empty list of egress rules, and `policyTypes` without `Egress`: it denies no egress',
      'if all egress is to be denied, add `Egress` to `policyTypes`; else leave the list out',
    ],
    [
      'podSelector: {}\npolicyTypes: [Egress]\negress: [{ ports: [{ port: 443 }] }]\ningress: []',
      'ingress',
      'policy `shop/web` has an empty list of ingress rules, and `policyTypes` without `Ingress`: it denies no ingress',
      'if all ingress is to be denied, add `Ingress` to `policyTypes`; else leave the list out',
    ],
    [
      'podSelector: {}\negress: []',
      'egress',
      'policy `shop/web` has an empty list of egress rules, and no `policyTypes`: it denies no egress',
      'if all egress is to be denied, write `policyTypes: [Ingress, Egress]`; else leave the list out',
    ],
  ] as const)(
    'that policyTypes leave out denies nothing, and cannot be mended without a change of meaning: %j',
    ([spec, direction, message, hint]) => {
      expect(found(spec)).toEqual([
        expect.objectContaining({
          severity: 'warning',
          message,
          hint,
          place: expect.objectContaining({ field: `spec.${direction}` }),
        }),
      ]);
      expect(found(spec)[0]).not.toHaveProperty('fix');
    },
  );

  test.for([
    'podSelector: {}\npolicyTypes: [Ingress, Egress]\ningress: []\negress: []',
    'podSelector: {}\ningress: []',
    'podSelector: {}\npolicyTypes: [Ingress]\negress: null',
    'podSelector: {}\npolicyTypes: [Ingress]',
  ])('that counts, or is not written, is fine: %j', (spec) => {
    expect(found(spec)).toEqual([]);
  });
});
