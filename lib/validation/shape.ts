import { type Report, typeInvalid, unknownField } from './field-error';
import type { FieldPath } from './field-path';
import { isObject } from './json-value';

/** The type of a field of an API object, as the API server decodes it. */
export type Shape =
  | { readonly kind: 'scalar'; readonly accepts: (value: unknown) => boolean; readonly detail: string }
  | { readonly kind: 'list'; readonly items: Shape }
  | { readonly kind: 'map'; readonly values: Shape }
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, Shape> };

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

export const text = scalar(isString, 'must be a string');
export const truth = scalar((value) => typeof value === 'boolean', 'must be true or false');
export const int32 = scalar(isInt32, 'must be a 32-bit integer');
export const int64 = scalar(Number.isSafeInteger, 'must be an integer');
export const int32OrText = scalar((value) => isInt32(value) || isString(value), 'must be a 32-bit integer or a string');
export const time = scalar((value) => isString(value) && rfc3339.test(value), 'must be a time in RFC 3339 format');
export const anything = scalar(() => true, '');

export function listOf(items: Shape): Shape {
  return { kind: 'list', items };
}

export function mapOf(values: Shape): Shape {
  return { kind: 'map', values };
}

export function objectOf(fields: Readonly<Record<string, Shape>>): Shape {
  return { kind: 'object', fields: new Map(Object.entries(fields)) };
}

/**
 * Reports values of the wrong JSON type and unknown fields, as strict decoding does.
 *
 * Null is accepted everywhere, names of fields are case-sensitive, and nothing below an unknown field is looked at, so the
 * depth of the walk is that of the shape.
 */
export function checkShape(value: unknown, shape: Shape, path: FieldPath, report: Report): void {
  if (value === null || value === undefined) {
    return;
  }
  switch (shape.kind) {
    case 'scalar':
      if (!shape.accepts(value)) {
        report(typeInvalid(path, value, shape.detail));
      }
      break;
    case 'list':
      checkItems(value, shape.items, path, report);
      break;
    case 'map':
      checkValues(value, shape.values, path, report);
      break;
    case 'object':
      checkFields(value, shape.fields, path, report);
      break;
  }
}

/** Most values are: no path is made for those. */
function isRightScalar(value: unknown, shape: Shape): boolean {
  return shape.kind === 'scalar' && shape.accepts(value);
}

function checkItems(list: unknown, items: Shape, path: FieldPath, report: Report): void {
  if (!Array.isArray(list)) {
    report(typeInvalid(path, list, 'must be a list'));
    return;
  }
  for (let i = 0; i < list.length; i++) {
    if (!isRightScalar(list[i], items)) {
      checkShape(list[i], items, path.index(i), report);
    }
  }
}

function checkValues(map: unknown, values: Shape, path: FieldPath, report: Report): void {
  if (!isObject(map)) {
    report(typeInvalid(path, map, 'must be an object'));
    return;
  }
  for (const key of Object.keys(map)) {
    if (!isRightScalar(map[key], values)) {
      checkShape(map[key], values, path.index(key), report);
    }
  }
}

function checkFields(object: unknown, fields: ReadonlyMap<string, Shape>, path: FieldPath, report: Report): void {
  if (!isObject(object)) {
    report(typeInvalid(path, object, 'must be an object'));
    return;
  }
  for (const key of Object.keys(object)) {
    const shape = fields.get(key);
    if (shape) {
      if (!isRightScalar(object[key], shape)) {
        checkShape(object[key], shape, path.child(key), report);
      }
    } else if (object[key] !== undefined) {
      // What is undefined is not written to JSON.
      report(unknownField(path.child(key)));
    }
  }
}

function scalar(accepts: (value: unknown) => boolean, detail: string): Shape {
  return { kind: 'scalar', accepts, detail };
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isInt32(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= -0x8000_0000 && value <= 0x7fff_ffff;
}
