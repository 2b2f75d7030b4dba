import type { FieldError, Report } from './field-error';
import { FieldPath } from './field-path';
import { fieldsOf, itemsOf, textOf } from './json-value';
import { checkText } from './label-selector';
import { checkMetadata, checkStandardFinalizer } from './metadata';
import { decode, namespaceKind } from './object-kind';
import { dnsLabel, qualifiedName } from './text-format';

const finalizersPath = FieldPath.root.child('spec').child('finalizers');

/**
 * Every reason for which the API server (1.34) would refuse to create the Namespace; empty if none.
 *
 * As with `validateNetworkPolicy`, any content is accepted, and an object that cannot be decoded is reported for that alone.
 */
export function validateNamespace(object: unknown): FieldError[] {
  const { errors, outcome } = decode(object, namespaceKind);
  if (outcome === 'unreadable') {
    return errors;
  }
  const report: Report = (error) => errors.push(error);
  const { metadata, spec } = fieldsOf(object);
  checkMetadata(metadata, { name: dnsLabel, scope: 'cluster' }, report);
  for (const finalizer of itemsOf(fieldsOf(spec).finalizers).map(textOf)) {
    checkText(finalizer, qualifiedName, finalizersPath, report);
    checkStandardFinalizer(finalizer, finalizersPath, report);
  }
  return errors;
}
