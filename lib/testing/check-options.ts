import { type Options, readOptions } from '../constructs/options';
import { InputError } from '../model/issue';

/** @throws InputError for each option that does not exist, or has no such value */
export function checkOptions<Props>(given: Props, all: Options<Props>): void {
  const { problems } = readOptions(given, all);
  if (problems.length > 0) throw new InputError(problems.map((problem) => ({ ...problem, place: {} })));
}
