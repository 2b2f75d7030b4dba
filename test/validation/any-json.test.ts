import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fieldErrorToString } from '../../lib/validation/field-error';
import { validateNamespace } from '../../lib/validation/namespace';
import { validateNetworkPolicy } from '../../lib/validation/network-policy';

/** Names of fields that mean something, so that arbitrary JSON gets past the first level. */
const field = fc.constantFrom(
  ...['metadata', 'name', 'namespace', 'labels', 'annotations', 'finalizers', 'ownerReferences', 'generateName'],
  ...['spec', 'podSelector', 'namespaceSelector', 'ingress', 'egress', 'from', 'to', 'ports', 'policyTypes', 'ipBlock'],
  ...['cidr', 'except', 'port', 'endPort', 'protocol', 'matchLabels', 'matchExpressions', 'key', 'operator', 'values'],
  ...['__proto__', 'constructor', ''],
);

const { value: anything } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constantFrom<unknown>(
      null,
      undefined,
      true,
      0,
      -1,
      80,
      1.5,
      1e300,
      Number.NaN,
      10n,
      '',
      'a',
      'In',
      '::/0',
      '\ud800',
    ),
    fc.string(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(field, fc.string()), tie('value'), { maxKeys: 5 }),
  ),
}));

/** The right frame, so that every rule is met with values that it does not expect. */
const nearlyPolicy = fc.record({
  apiVersion: fc.constant('networking.k8s.io/v1'),
  kind: fc.constant('NetworkPolicy'),
  metadata: fc.oneof(fc.dictionary(field, anything, { maxKeys: 4 }), anything),
  spec: fc.oneof(fc.dictionary(field, anything, { maxKeys: 4 }), anything),
});

const options = fc.record(
  {
    old: fc.oneof(nearlyPolicy, anything),
    ipFormat: fc.constantFrom('strict', 'legacy'),
    selectorValues: fc.constantFrom('checked', 'tolerated'),
  },
  { requiredKeys: [] },
);

describe('whatever is given', () => {
  test('a NetworkPolicy is answered with errors that have text, never with an exception', () => {
    fc.assert(
      fc.property(fc.oneof(nearlyPolicy, anything), options, (object, chosen) => {
        for (const error of validateNetworkPolicy(object, chosen)) {
          expect(fieldErrorToString(error)).toContain(error.detail);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('a Namespace is answered with errors that have text, never with an exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          nearlyPolicy.map((object) => ({ ...object, apiVersion: 'v1', kind: 'Namespace' })),
          anything,
        ),
        (object) => {
          for (const error of validateNamespace(object)) {
            expect(fieldErrorToString(error)).toContain(error.detail);
          }
        },
      ),
    );
  });

  test('what is no NetworkPolicy is never valid', () => {
    fc.assert(
      fc.property(anything, (object) => {
        expect(validateNetworkPolicy(object)).not.toEqual([]);
      }),
    );
  });

  test('what a strict server accepts, a lenient one accepts', () => {
    fc.assert(
      fc.property(nearlyPolicy, (object) => {
        const strict = validateNetworkPolicy(object, { ipFormat: 'strict' });
        expect(strict).toEqual(expect.arrayContaining(validateNetworkPolicy(object)));
      }),
    );
  });

  test('an object that refers to itself is answered', () => {
    const object: Record<string, unknown> = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };
    object.metadata = object;
    object.spec = object;
    expect(validateNetworkPolicy(object).map(({ type }) => type)).toContain('UnknownField');
  });

  test('texts of a million characters and lists of a hundred thousand items are answered in time', () => {
    const long = '-'.repeat(1_000_000);
    const many = Array.from({ length: 100_000 }, () => ({ ipBlock: { cidr: '10.0.0.0/33' } }));
    const object = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: long, namespace: long, labels: { [long]: long }, finalizers: [long] },
      spec: {
        ingress: [{ from: many }],
        egress: [{ to: [{ ipBlock: { cidr: `${'0'.repeat(1_000_000)}.0.0.0/0` } }], ports: [{ port: long }] }],
      },
    };
    expect(validateNetworkPolicy(object).length).toBeGreaterThan(100_000);
  });
});
