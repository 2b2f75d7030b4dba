import { readAsOf, today } from '../../read/as-of';
import type { Io } from '../io';
import { dayOf } from './as-of';

/** As given, else of SOURCE_DATE_EPOCH, else by the clock: what was accepted until a day is to be looked at on the next one. */
export function judgingDay({ env, cwd }: Io, given: string | undefined): string {
  return dayOf(given) ?? (env['SOURCE_DATE_EPOCH'] ? readAsOf(undefined, env, cwd)?.day : undefined) ?? today();
}
