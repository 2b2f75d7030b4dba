import { InputError } from '../../model/issue';
import { isDay } from '../../read/as-of';

/** The day that `--as-of` names; undefined if it is not given. @throws InputError for what is no day */
export function dayOf(asOf: string | undefined): string | undefined {
  if (asOf === undefined || isDay(asOf)) return asOf;
  const message = `\`--as-of\` is \`${asOf}\`, which is no day`;
  throw new InputError([{ code: 'bad-date', message, place: {}, hint: 'write it as `2026-12-31`' }]);
}
