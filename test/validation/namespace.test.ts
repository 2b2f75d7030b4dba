import { describe, expect, test } from 'vitest';
import { fieldErrorToString } from '../../lib/validation/field-error';
import { validateNamespace } from '../../lib/validation/namespace';

function namespace(metadata: unknown, rest: object = {}): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata, ...rest };
}

describe('a Namespace', () => {
  test('with labels and annotations is valid', () => {
    const labels = { 'kubernetes.io/metadata.name': 'shop', 'pod-security.kubernetes.io/enforce': 'restricted' };
    expect(
      validateNamespace(namespace({ name: 'shop', labels, annotations: { 'tierwall.dev/source': 'a b' } })),
    ).toEqual([]);
  });

  test('as a cluster writes it is valid', () => {
    const metadata = {
      name: 'shop',
      uid: '1',
      resourceVersion: '2',
      creationTimestamp: '2025-01-31T12:00:00Z',
      managedFields: [
        { manager: 'kubectl', operation: 'Update', time: '2025-01-31T12:00:00Z', fieldsV1: { 'f:metadata': {} } },
      ],
    };
    const rest = { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } };
    expect(validateNamespace(namespace(metadata, rest))).toEqual([]);
  });

  test.for([
    {
      name: 'has no dots in its name',
      object: namespace({ name: 'shop.example' }),
      says: ['metadata.name: Invalid value: "shop.example": must not contain dots'],
    },
    {
      name: 'has a name of 63 bytes at most',
      object: namespace({ name: 'a'.repeat(64) }),
      says: [`metadata.name: Invalid value: "${'a'.repeat(64)}": must be no more than 63 characters`],
    },
    {
      name: 'is in no namespace',
      object: namespace({ name: 'shop', namespace: 'shop' }),
      says: ['metadata.namespace: Forbidden: not allowed on this type'],
    },
    {
      name: 'has a name',
      object: namespace(undefined),
      says: ['metadata.name: Required value: name or generateName is required'],
    },
    {
      name: 'has standard finalizers, or those of a domain',
      object: namespace({ name: 'shop' }, { spec: { finalizers: ['kubernetes', 'mine'] } }),
      says: [
        'spec.finalizers: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
      ],
    },
    {
      name: 'has no other fields',
      object: namespace({ name: 'shop', label: {} }, { spec: { podSelector: {} } }),
      says: [
        'strict decoding error: unknown field "metadata.label"',
        'strict decoding error: unknown field "spec.podSelector"',
      ],
    },
    {
      name: 'is no NetworkPolicy',
      object: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
      says: [
        'apiVersion: Unsupported value: "networking.k8s.io/v1": supported values: "v1"',
        'kind: Unsupported value: "NetworkPolicy": supported values: "Namespace"',
      ],
    },
  ])('$name', ({ object, says }) => {
    expect(validateNamespace(object).map(fieldErrorToString)).toEqual(says);
  });
});
