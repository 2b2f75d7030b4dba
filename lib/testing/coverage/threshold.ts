import { type CoverageReport, percentOf, percentText } from '../../model/coverage-report';
import type { Issue } from '../../model/issue';
import { refuse } from '../network';

const kinds = ['allowed', 'denied'] as const;

/** The least percentage of each that tests have to state. */
export type Thresholds = Readonly<Partial<Record<(typeof kinds)[number], number>>>;

/** @param texts as in `90` for both, `allowed=90` or `denied=80` @throws InputError for what is none of these */
export function readThresholds(texts: readonly string[]): Thresholds {
  const issues: Issue[] = [];
  const found: { allowed?: number; denied?: number } = {};
  for (const text of texts) {
    const [, kind, number] = /^(?:(allowed|denied)=)?(\d+(?:\.\d+)?)%?$/.exec(text) ?? [];
    const percent = Number(number);
    if (number === undefined || percent > 100) {
      const message = `\`--threshold ${text}\` is no percentage`;
      issues.push({ code: 'bad-threshold', message, place: {}, hint: 'write it as `90`, `allowed=90` or `denied=80`' });
    } else for (const one of kind ? [kind as 'allowed'] : kinds) found[one] = percent;
  }
  refuse(issues);
  return found;
}

/** What is below its threshold, as sentences. */
export function belowThreshold(report: CoverageReport, thresholds: Thresholds): string[] {
  const asked = kinds.some((kind) => thresholds[kind] !== undefined);
  const untested = asked ? report.untested.map((cluster) => `no test is about cluster ${cluster}`) : [];
  const below = kinds.flatMap((kind) => {
    const least = thresholds[kind];
    const covered = report[kind];
    if (least === undefined || percentOf(covered) >= least) return [];
    return [`${percentText(covered)} of what is ${kind} is stated, less than ${least}%`];
  });
  return [...below, ...untested];
}
