import type { Issue } from '../../model/issue';
import type { Declared } from '../../model/program';

/** An issue at what a construct declared. */
export function problem(code: string, declared: Declared, message: string, hint: string): Issue {
  const { path, origin } = declared;
  return { code, message, place: { construct: path, ...(origin ? { origin } : {}) }, hint };
}
