/**
 * Reading untrusted JSON the way Go's decoder fills a struct: null, absent and (so that nothing ever throws) wrongly typed
 * values are the zero value. Wrong types are reported separately, by `checkShape`.
 */

type JsonObject = Readonly<Record<string, unknown>>;

const noFields: JsonObject = {};
const noItems: readonly unknown[] = [];

/** Whether the value is a JSON object, and no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a Go pointer to this value would be set. */
export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

export function fieldsOf(value: unknown): JsonObject {
  return isObject(value) ? value : noFields;
}

export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : noItems;
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
