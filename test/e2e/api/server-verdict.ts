import type { FieldError } from '../../../lib/validation/field-error';
import type { Answer } from '../support/api-client';

/** Whether an object is accepted, and the fields and kinds of errors for which it is not, in one notation for the server and for us. */
export interface Verdict {
  readonly outcome: 'accepted' | 'invalid' | 'undecodable';
  /** `field reason`, sorted; of what cannot be decoded the fields without their indices, as far as the server names them. */
  readonly errors: readonly string[];
}

/** Of an answer to a request with `fieldValidation=Strict`. */
export function serverVerdict({ status, body }: Answer): Verdict {
  if (status < 300) return { outcome: 'accepted', errors: [] };
  if (status === 422) {
    const causes: { field?: string; reason: string }[] = body.details.causes;
    return { outcome: 'invalid', errors: sorted(causes.map(({ field = '', reason }) => `${field} ${reason}`)) };
  }
  if (status !== 400) throw new Error(`the server answers ${status}: ${body.message}`);
  const unknown = [...body.message.matchAll(/unknown field "((?:[^"\\]|\\.)*)"/g)].map(
    ([, field]) => `${field} UnknownField`,
  );
  return { outcome: 'undecodable', errors: sorted(unknown) };
}

/** Of our own table. The server decodes before it validates, so that an unknown field is reported for itself. */
export function ourVerdict(errors: readonly FieldError[]): Verdict {
  if (errors.length === 0) return { outcome: 'accepted', errors: [] };
  const mistyped = errors.some(({ type }) => type === 'FieldValueTypeInvalid');
  const unknown = errors.filter(({ type }) => type === 'UnknownField');
  if (mistyped) return { outcome: 'undecodable', errors: [] };
  if (unknown.length > 0) return { outcome: 'undecodable', errors: sorted(unknown.map(pairOf)) };
  return { outcome: 'invalid', errors: sorted(errors.map(pairOf)) };
}

function pairOf({ field, type }: FieldError): string {
  return `${field} ${type}`;
}

function sorted(list: readonly string[]): readonly string[] {
  return [...list].sort();
}
