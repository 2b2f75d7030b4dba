import { type Issue, placeToString } from '../../model/issue';
import type { Declared, Intent, Program } from '../../model/program';
import type { KnownWorkload } from '../known-workload';
import { checkAddresses } from './addresses';
import { checkBoundaries } from './boundaries';
import { checkGuaranteeScope } from './guarantee-scope';
import { checkGuarantees } from './guarantees';
import { checkIntents } from './intents';
import { checkIsolation } from './isolation';
import { checkLabelScheme } from './label-scheme';
import { checkLabelTiers } from './label-tiers';
import { checkNames } from './names';
import { checkPolicyNames, type TreePolicy } from './policy-names';
import { checkSharedPods } from './shared-pods';
import { checkTeams } from './teams';

/** What is known beside a program. */
export interface Surroundings {
  readonly workloads: readonly KnownWorkload[];
  readonly policies: readonly TreePolicy[];
}

/**
 * All mistakes of a program at once, sorted by where they are. Guarantees are asked of the intents in which nothing else is wrong:
 * what is made of a mistake would break them, or keep them, by chance.
 * @param active the intents that are emitted
 * @param more asks what needs addresses and selectors that can be written, if these can be
 */
export function check(
  program: Program,
  active: readonly Intent[],
  { workloads, policies }: Surroundings,
  more: () => readonly Issue[],
): Issue[] {
  const issues = [
    ...program.mistakes,
    ...checkNames(program),
    ...checkPolicyNames(program, policies),
    ...checkAddresses(program),
    ...checkIntents(program),
    ...checkIsolation(program),
    ...checkBoundaries(program),
    ...checkTeams(active),
    ...checkLabelScheme(program, workloads),
    ...checkLabelTiers(program),
    ...checkSharedPods(program, workloads),
    ...checkGuaranteeScope(program),
  ];
  if (!issues.some(({ code }) => unwritable.has(code))) {
    const isSound = soundness(issues);
    const guarantees = program.guarantees.filter(isSound);
    issues.push(...checkGuarantees({ ...program, guarantees }, active.filter(isSound)));
    const places = new Set(issues.map(({ place }) => place.construct));
    issues.push(...more().filter(({ place }) => !places.has(place.construct)));
  }
  const texts = new Map(issues.map((issue) => [`${placeToString(issue.place)} ${issue.message}`, issue] as const));
  return [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, issue]) => issue);
}

/** Codes of mistakes that leave an address or a selector which stands for nothing. */
const unwritable: ReadonlySet<string> = new Set([
  'bad-cidr',
  'host-bits',
  'except-outside',
  'bad-selector',
  'empty-selector',
]);

/** Whether nothing is wrong with a statement, which its line tells from others of its construct. */
function soundness(issues: readonly Issue[]): (declared: Declared) => boolean {
  if (issues.length === 0) return () => true;
  const lines = new Set(issues.map(({ place }) => place.origin));
  return ({ origin }) => origin === undefined || !lines.has(origin);
}
