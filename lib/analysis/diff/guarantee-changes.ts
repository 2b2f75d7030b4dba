import type { GuaranteeChange } from '../../model/diff-listing';
import type { Place } from '../../model/issue';
import { listedPlace } from '../connectivity/listing-place';
import { byKey } from '../grouping';

/** A guarantee of an app, in words. */
export interface StatedGuarantee {
  /** Construct path, by which those of two states are the same one. */
  readonly path: string;
  /** As in `from production/batch to the internet`. */
  readonly text: string;
  readonly place: Place;
}

/** Guarantees that are new, gone, or say something else. */
export function guaranteeChanges(
  before: readonly StatedGuarantee[],
  after: readonly StatedGuarantee[],
): GuaranteeChange[] {
  const [old, fresh] = [before, after].map((list) => new Map(list.map((own) => [own.path, own] as const)));
  return [...new Set([...old!.keys(), ...fresh!.keys()])]
    .flatMap((path): GuaranteeChange[] => {
      const [was, is] = [old!.get(path), fresh!.get(path)];
      if (was?.text === is?.text) return [];
      return [
        {
          change: !was ? 'added' : !is ? 'removed' : 'changed',
          path,
          ...(was ? { before: was.text } : {}),
          ...(is ? { after: is.text } : {}),
          place: listedPlace((is ?? was)!.place),
        },
      ];
    })
    .sort(byKey(({ path }) => path));
}
