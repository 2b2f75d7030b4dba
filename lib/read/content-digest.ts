import { createHash } from 'node:crypto';

/** The same for objects that differ in the order of their fields only. */
export function digestOf(object: unknown): string {
  const sorted = (_key: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return createHash('sha256').update(JSON.stringify(object, sorted)).digest('base64');
}
