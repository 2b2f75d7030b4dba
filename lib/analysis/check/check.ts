import { type Issue, placeToString } from '../../model/issue';
import type { Intent, Program } from '../../model/program';
import type { KnownWorkload } from '../known-workload';
import { checkAddresses } from './addresses';
import { checkBoundaries } from './boundaries';
import { checkGuaranteeScope } from './guarantee-scope';
import { checkGuarantees } from './guarantees';
import { checkIntents } from './intents';
import { checkLabelScheme } from './label-scheme';
import { checkNames } from './names';
import { checkPolicyNames } from './policy-names';
import { checkSharedPods } from './shared-pods';

/** All mistakes of a program at once, sorted by where they are. Guarantees are asked only of a program that can be written. */
export function check(program: Program, active: readonly Intent[], workloads: readonly KnownWorkload[]): Issue[] {
  const issues = [
    ...program.mistakes,
    ...checkNames(program),
    ...checkPolicyNames(program),
    ...checkAddresses(program),
    ...checkIntents(program),
    ...checkBoundaries(program),
    ...checkLabelScheme(program, workloads),
    ...checkSharedPods(program, workloads),
    ...checkGuaranteeScope(program),
  ];
  if (issues.length === 0) issues.push(...checkGuarantees(program, active));
  const texts = new Map(issues.map((issue) => [`${placeToString(issue.place)} ${issue.message}`, issue] as const));
  return [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, issue]) => issue);
}
