import type { ReadObject } from '../read/cluster-reading';
import type { FieldError } from '../validation/field-error';
import { validateNetworkPolicy } from '../validation/network-policy';

/** Why the API server would refuse an object, each reason once. A namespace may be missing: whoever applies it gives one. */
export function objectionsTo(read: ReadObject): readonly FieldError[] {
  const found = known.get(read) ?? find(read);
  known.set(read, found);
  return found;
}

/** Two rules ask for them. */
const known = new WeakMap<ReadObject, readonly FieldError[]>();

function find({ kind, object, errors }: ReadObject): readonly FieldError[] {
  if (kind !== 'NetworkPolicy' || object['apiVersion'] !== 'networking.k8s.io/v1') return once(errors);
  const all = validateNetworkPolicy(object, { ipFormat: 'legacy' });
  return once(all.filter(({ field, type }) => !(field === 'metadata.namespace' && type === 'FieldValueRequired')));
}

function once(errors: readonly FieldError[]): readonly FieldError[] {
  const isFirst = (error: FieldError, i: number) =>
    errors.findIndex(
      ({ field, type, detail }) => error.field === field && error.type === type && error.detail === detail,
    ) === i;
  return errors.length < 2 ? errors : errors.filter(isFirst);
}
