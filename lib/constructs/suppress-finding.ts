import type { IConstruct } from 'constructs';
import { problemOf, suppressionForm } from '../model/suppression';
import { Origin } from '../origin/origin';
import { placeOf } from './mistakes';
import { Registry } from './registry';

export interface SuppressFindingProps {
  /** Why the finding is accepted. */
  readonly because: string;
  /** Last day on which it is, `2027-03-31`. @default no end */
  readonly until?: string;
}

/**
 * Accepts what `tierwall lint` finds by these rules at a construct, or at those below it. One that accepts nothing, or has come to its
 * end, is a finding itself.
 *
 * @example suppressFinding(frontend, 'no-any-address', { because: 'shoppers come from anywhere', until: '2027-03-31' });
 */
export function suppressFinding(
  construct: IConstruct,
  rule: string | readonly string[],
  props: SuppressFindingProps,
): void {
  const { because, until } = props ?? {};
  const origin = Origin.capture();
  const declared = { path: construct.node.path, origin };
  const rules = typeof rule === 'string' ? [rule] : [...(rule ?? [])];
  const suppression = { ...declared, rules, because: `${because ?? ''}`, until };
  const problem = problemOf(
    suppression.until === undefined
      ? { rules, because: suppression.because }
      : { ...suppression, until: suppression.until },
  );
  const registry = Registry.of(construct);
  if (problem === undefined) registry.addSuppression(suppression);
  else {
    const hint = `as a comment it would be \`${suppressionForm}\``;
    const message = `the suppression of ${rules.map((id) => `\`${id}\``).join(', ') || 'nothing'} has no effect: ${problem}`;
    registry.addMistake({ code: 'bad-suppression', message, place: placeOf(declared), hint });
  }
}
