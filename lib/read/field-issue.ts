import type { Issue } from '../model/issue';
import type { DocumentPlace } from '../model/policy';
import type { FieldError, FieldErrorType } from '../validation/field-error';

/** What the value of that type of error is. */
const findings: Readonly<Record<FieldErrorType, (value: string) => string>> = {
  FieldValueRequired: () => 'a value is missing',
  FieldValueInvalid: (value) => `${value} is not valid`,
  FieldValueNotSupported: (value) => `${value} is not supported`,
  FieldValueForbidden: () => 'this is not allowed',
  FieldValueTooLong: () => 'this is too long',
  FieldValueTypeInvalid: (value) => `${value} is of the wrong type`,
  UnknownField: () => 'there is no such field',
};

const longestValue = 100;

/** The problem of a field for a person, with its line. @param object as in `NetworkPolicy shop/cart` */
export function fieldIssue(error: FieldError, object: string, place: DocumentPlace): Issue {
  const value = error.badValue === undefined ? 'the value' : `\`${shortened(JSON.stringify(error.badValue) ?? '')}\``;
  const detail = error.type === 'UnknownField' || error.detail === '' ? '' : `: ${error.detail}`;
  return {
    code: 'invalid-object',
    message: `${object}: ${findings[error.type](value)}${detail}`,
    place: error.field === '' ? place : place.at(error.field),
    hint: isUnquoted(error)
      ? 'the API server refuses it; put it in quotes, since YAML reads it as something else'
      : 'the API server refuses it; correct the manifest',
  };
}

/** As in `version: 1.10` and `enabled: yes`, where a text was meant. */
function isUnquoted({ type, badValue, detail }: FieldError): boolean {
  const isScalar = typeof badValue === 'number' || typeof badValue === 'boolean';
  return type === 'FieldValueTypeInvalid' && isScalar && detail === 'must be a string';
}

/** `namespace/name`, or the name alone of what is in no namespace. */
export function objectToString(kind: string, namespace: string | undefined, name: string): string {
  return `${kind} \`${namespace === undefined ? '' : `${namespace}/`}${name}\``;
}

function shortened(text: string): string {
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}
