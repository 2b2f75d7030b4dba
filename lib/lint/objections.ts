import type { ReadObject } from '../read/cluster-reading';
import { networkPolicyErrors } from '../read/network-policy';
import type { FieldError } from '../validation/field-error';

/** Why the API server would refuse an object, each reason once. A namespace may be missing: whoever applies it gives one. */
export function objectionsTo({ kind, object, errors, validation }: ReadObject): readonly FieldError[] {
  if (kind !== 'NetworkPolicy' || object['apiVersion'] !== 'networking.k8s.io/v1') return once(errors);
  const all = validation ?? networkPolicyErrors(object);
  return once(all.filter(({ field, type }) => !(field === 'metadata.namespace' && type === 'FieldValueRequired')));
}

function once(errors: readonly FieldError[]): readonly FieldError[] {
  const isFirst = (error: FieldError, i: number) =>
    errors.findIndex(
      ({ field, type, detail }) => error.field === field && error.type === type && error.detail === detail,
    ) === i;
  return errors.length < 2 ? errors : errors.filter(isFirst);
}
