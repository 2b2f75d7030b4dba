import type { Issue } from '../../model/issue';
import type { Declared } from '../../model/program';

/** An issue at what a construct declared. */
export function problem(code: string, declared: Declared, message: string, hint: string): Issue {
  const { path, origin } = declared;
  return { code, message, place: { construct: path, ...(origin ? { origin } : {}) }, hint };
}

export function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
