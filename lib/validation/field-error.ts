import type { FieldPath } from './field-path';
import { goQuote } from './go-quote';

/**
 * The API server's names for kinds of field errors, as they appear in `Status.details.causes[].reason`.
 *
 * `UnknownField` is ours: the strict decoder reports unknown fields before validation, without such a name.
 */
export type FieldErrorType =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTypeInvalid'
  | 'UnknownField';

/** One reason for which the API server would refuse an object. */
export interface FieldError {
  /** Field path as in `spec.ingress[0].ports[0].port`; empty for the object itself. */
  readonly field: string;
  readonly type: FieldErrorType;
  /** What was given; absent where the API server does not show it. */
  readonly badValue?: unknown;
  /** In the API server's words; may be empty. */
  readonly detail: string;
}

/** Receives each error as it is found. */
export type Report = (error: FieldError) => void;

const titles: Readonly<Record<FieldErrorType, string>> = {
  FieldValueRequired: 'Required value',
  FieldValueInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueTooLong: 'Too long',
  FieldValueTypeInvalid: 'Invalid value',
  UnknownField: 'strict decoding error',
};

export function required(path: FieldPath, detail = ''): FieldError {
  return { field: path.toString(), type: 'FieldValueRequired', detail };
}

export function invalid(path: FieldPath, badValue: unknown, detail: string): FieldError {
  return { field: path.toString(), type: 'FieldValueInvalid', badValue, detail };
}

export function notSupported(path: FieldPath, badValue: unknown, supported: readonly string[]): FieldError {
  return {
    field: path.toString(),
    type: 'FieldValueNotSupported',
    badValue,
    detail: `supported values: ${supported.map(goQuote).join(', ')}`,
  };
}

export function forbidden(path: FieldPath, detail: string): FieldError {
  return { field: path.toString(), type: 'FieldValueForbidden', detail };
}

export function tooLong(path: FieldPath, bytes: number): FieldError {
  return { field: path.toString(), type: 'FieldValueTooLong', detail: `may not be more than ${bytes} bytes` };
}

/** @param detail what the field must be, as in `must be a list` */
export function typeInvalid(path: FieldPath, badValue: unknown, detail: string): FieldError {
  if (typeof badValue === 'object' && badValue !== null) {
    return {
      field: path.toString(),
      type: 'FieldValueTypeInvalid',
      detail: `${detail}, not ${Array.isArray(badValue) ? 'a list' : 'an object'}`,
    };
  }
  return { field: path.toString(), type: 'FieldValueTypeInvalid', badValue, detail };
}

/** In the words of the strict decoder, which `kubectl` asks for by default. */
export function unknownField(path: FieldPath): FieldError {
  const field = path.toString();
  return { field, type: 'UnknownField', detail: `unknown field ${goQuote(field)}` };
}

/**
 * The line that the API server answers, as in
 * `spec.ingress[0].ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive`.
 *
 * An unknown field reads as from the strict decoder: `strict decoding error: unknown field "spec.foo"`.
 */
export function fieldErrorToString({ field, type, badValue, detail }: FieldError): string {
  const place = type === 'UnknownField' ? '' : field;
  const value = badValue === undefined ? '' : valueText(badValue, type);
  return [place, titles[type], value, detail].filter((part) => part !== '').join(': ');
}

function valueText(value: unknown, type: FieldErrorType): string {
  // Go writes lists, and the named string types of enumerations, as JSON; all other text quoted.
  if (Array.isArray(value) || type === 'FieldValueNotSupported') {
    return (JSON.stringify(value) ?? '').replace(/[<>&\u2028\u2029]/g, jsonEscape);
  }
  return typeof value === 'string' ? goQuote(value) : String(value);
}

function jsonEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
