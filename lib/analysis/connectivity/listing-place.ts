import type { ListedPlace } from '../../model/connectivity-listing';
import type { Place } from '../../model/issue';

/** The place as plain data. Its line is worked out, which reads the file again. */
export function listedPlace(place: Place): ListedPlace {
  const { file, line, field } = place.origin ? { ...place, ...place.origin.resolve() } : place;
  return {
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(field === undefined ? {} : { field }),
  };
}
