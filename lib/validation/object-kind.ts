import { type FieldError, notSupported, required, typeInvalid } from './field-error';
import { FieldPath } from './field-path';
import { isObject } from './json-value';
import {
  anything,
  checkShape,
  int32,
  int32OrText,
  int64,
  listOf,
  mapOf,
  objectOf,
  type Shape,
  text,
  time,
  truth,
} from './shape';

/** A kind of API object, with every field that its version has. */
export interface ObjectKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly shape: Shape;
}

const texts = listOf(text);
const textMap = mapOf(text);

const ownerReference = objectOf({
  apiVersion: text,
  kind: text,
  name: text,
  uid: text,
  controller: truth,
  blockOwnerDeletion: truth,
});

const managedFields = objectOf({
  manager: text,
  operation: text,
  apiVersion: text,
  time: time,
  fieldsType: text,
  fieldsV1: anything,
  subresource: text,
});

const metadata = objectOf({
  name: text,
  generateName: text,
  namespace: text,
  selfLink: text,
  uid: text,
  resourceVersion: text,
  generation: int64,
  creationTimestamp: time,
  deletionTimestamp: time,
  deletionGracePeriodSeconds: int64,
  labels: textMap,
  annotations: textMap,
  ownerReferences: listOf(ownerReference),
  finalizers: texts,
  managedFields: listOf(managedFields),
});

const labelSelector = objectOf({
  matchLabels: textMap,
  matchExpressions: listOf(objectOf({ key: text, operator: text, values: texts })),
});

const peers = listOf(
  objectOf({
    podSelector: labelSelector,
    namespaceSelector: labelSelector,
    ipBlock: objectOf({ cidr: text, except: texts }),
  }),
);

const ports = listOf(objectOf({ protocol: text, port: int32OrText, endPort: int32 }));

/** networking.k8s.io/v1 as of Kubernetes 1.34, which has no status. */
export const networkPolicyKind: ObjectKind = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  shape: objectOf({
    apiVersion: text,
    kind: text,
    metadata,
    spec: objectOf({
      podSelector: labelSelector,
      ingress: listOf(objectOf({ from: peers, ports })),
      egress: listOf(objectOf({ to: peers, ports })),
      policyTypes: texts,
    }),
  }),
};

const condition = objectOf({
  type: text,
  status: text,
  lastTransitionTime: time,
  reason: text,
  message: text,
});

export const namespaceKind: ObjectKind = {
  apiVersion: 'v1',
  kind: 'Namespace',
  shape: objectOf({
    apiVersion: text,
    kind: text,
    metadata,
    spec: objectOf({ finalizers: texts }),
    status: objectOf({ phase: text, conditions: listOf(condition) }),
  }),
};

/**
 * What decoding the object reports: its apiVersion and kind, values of the wrong type, unknown fields.
 *
 * `unreadable` means that the rules of the kind cannot be applied, as the API server applies none to what it cannot decode:
 * it is another kind of object, or some value has the wrong type. Unknown fields alone leave it `readable`.
 */
export function decode(
  object: unknown,
  expected: ObjectKind,
): { readonly errors: FieldError[]; readonly outcome: 'readable' | 'unreadable' } {
  if (!isObject(object)) {
    return { errors: [typeInvalid(FieldPath.root, object ?? null, 'must be an object')], outcome: 'unreadable' };
  }
  const errors = (['apiVersion', 'kind'] as const).flatMap((field) =>
    kindErrors(object[field], expected[field], FieldPath.root.child(field)),
  );
  if (errors.some((error) => error.type === 'FieldValueNotSupported')) {
    return { errors, outcome: 'unreadable' };
  }
  checkShape(object, expected.shape, FieldPath.root, (error) => errors.push(error));
  const outcome = errors.some((error) => error.type === 'FieldValueTypeInvalid') ? 'unreadable' : 'readable';
  return { errors, outcome };
}

function kindErrors(given: unknown, expected: string, path: FieldPath): readonly FieldError[] {
  if (given === undefined || given === null || given === '') {
    return [required(path)];
  }
  return typeof given === 'string' && given !== expected ? [notSupported(path, given, [expected])] : [];
}
