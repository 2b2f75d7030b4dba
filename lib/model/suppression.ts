import type { Place } from './issue';

/** A finding that somebody has accepted: of which rules, why, and until when. */
export interface Suppression {
  readonly by: 'comment' | 'annotation' | 'construct';
  readonly rules: readonly string[];
  readonly because: string;
  /** Last day on which it holds, `2027-03-31`. @default no end */
  readonly until?: string;
  /** Where it is written. */
  readonly place: Place;
  /** Why it cannot be read; it then suppresses nothing. */
  readonly problem?: string;
}

const form = /^([a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)(?:\s+until\s+(\S+?))?\s*(?::\s*(.*))?$/s;

/** How a suppression is written, as messages show it. */
export const suppressionForm = 'no-any-address until 2027-03-31: the provider has no fixed addresses';

/** Reads `no-any-address, no-wide-cidr until 2027-03-31: the reason`; the day may be left out. */
export function readSuppression(text: string, by: Suppression['by'], place: Place): Suppression {
  const [, rules = '', until, because = ''] = form.exec(text.trim()) ?? [];
  const read = { by, rules: rules.split(',').flatMap((id) => id.trim() || []), because: because.trim(), place };
  const given = until === undefined ? read : { ...read, until };
  const problem = problemOf(given);
  return problem === undefined ? given : { ...given, problem };
}

/** Why a suppression says too little to hold. */
export function problemOf({
  rules,
  because,
  until,
}: Pick<Suppression, 'rules' | 'because' | 'until'>): string | undefined {
  if (rules.length === 0) return 'it names no rule';
  if (because.trim() === '') return 'it gives no reason';
  return until === undefined || isDay(until) ? undefined : `\`${until}\` is no day`;
}

function isDay(text: string): boolean {
  const time = Date.parse(text);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
