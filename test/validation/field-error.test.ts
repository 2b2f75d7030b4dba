import { describe, expect, test } from 'vitest';
import { type FieldError, fieldErrorToString } from '../../lib/validation/field-error';
import { goQuote } from '../../lib/validation/go-quote';

describe('an error is written as the API server writes it', () => {
  const examples: readonly { readonly error: FieldError; readonly line: string }[] = [
    {
      error: { field: 'spec.a', type: 'FieldValueInvalid', badValue: 7, detail: 'too few' },
      line: 'spec.a: Invalid value: 7: too few',
    },
    {
      error: { field: 'spec.a', type: 'FieldValueInvalid', badValue: 'x "y"', detail: 'no quotes' },
      line: 'spec.a: Invalid value: "x \\"y\\"": no quotes',
    },
    {
      error: { field: 'spec.a', type: 'FieldValueInvalid', badValue: ['a<b', 'c'], detail: '' },
      line: 'spec.a: Invalid value: ["a\\u003cb","c"]',
    },
    {
      error: { field: 'spec.a', type: 'FieldValueNotSupported', badValue: 'a&b', detail: 'supported values: "c"' },
      line: 'spec.a: Unsupported value: "a\\u0026b": supported values: "c"',
    },
    { error: { field: 'spec.a', type: 'FieldValueRequired', detail: '' }, line: 'spec.a: Required value' },
    {
      error: { field: 'spec.a', type: 'FieldValueForbidden', detail: 'not both' },
      line: 'spec.a: Forbidden: not both',
    },
    { error: { field: 'spec.a', type: 'FieldValueTooLong', detail: 'by far' }, line: 'spec.a: Too long: by far' },
    {
      error: { field: '', type: 'FieldValueTypeInvalid', badValue: true, detail: 'must be an object' },
      line: 'Invalid value: true: must be an object',
    },
    {
      error: { field: 'spec.foo', type: 'UnknownField', detail: 'unknown field "spec.foo"' },
      line: 'strict decoding error: unknown field "spec.foo"',
    },
  ];

  test.for(examples)('$line', ({ error, line }) => {
    expect(fieldErrorToString(error)).toBe(line);
  });
});

describe('text is quoted as by Go', () => {
  test.for([
    { text: 'plain text', quoted: '"plain text"' },
    { text: 'a\\b"c', quoted: '"a\\\\b\\"c"' },
    { text: '\u0007\b\f\n\r\t\v', quoted: '"\\a\\b\\f\\n\\r\\t\\v"' },
    { text: '\u0000\u001b\u007f', quoted: '"\\x00\\x1b\\x7f"' },
    { text: 'é日😀', quoted: '"é日😀"' },
    { text: '\u00a0\u200b\u2028', quoted: '"\\u00a0\\u200b\\u2028"' },
    { text: '\u{e0001}', quoted: '"\\U000e0001"' },
    { text: '\ud800', quoted: '"\ufffd"' },
  ])('$quoted', ({ text, quoted }) => {
    expect(goQuote(text)).toBe(quoted);
  });
});
