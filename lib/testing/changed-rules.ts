import { directions } from '../analysis/open-world/relation';
import type { Policy, Rule } from '../model/policy';

/** The rules that only one of two lists holds. */
export function changedRules(
  old: readonly Rule[],
  by: readonly Rule[],
): { readonly gone: readonly Rule[]; readonly added: readonly Rule[] } {
  const [before, after] = [new Set(old), new Set(by)];
  return { gone: old.filter((rule) => !after.has(rule)), added: by.filter((rule) => !before.has(rule)) };
}

/** Whether both isolate the same pods in the same directions. */
export function isolateAlike(old: Policy, by: Policy | undefined): by is Policy {
  return (
    by?.pods.equals(old.pods) === true &&
    directions.every((direction) => by.isolates.includes(direction) === old.isolates.includes(direction))
  );
}
