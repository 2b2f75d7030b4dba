import type { Place } from '../model/issue';
import { KeptPlace } from './kept-place';
import { ObjectPlace } from './object-place';

/** What all places of one object have in common, to be compared; undefined for a place that is of none. */
export function placeOwner(place: Place): unknown {
  return place instanceof ObjectPlace ? place.objectId : KeptPlace.ownerOf(place);
}
