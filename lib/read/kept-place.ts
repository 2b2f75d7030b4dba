import type { Place } from '../model/issue';
import type { DocumentPlace } from '../model/policy';
import { placeInMemory } from './object-place';

/** The place of an object that comes from no text, and is kept with it: one of a live cluster. */
export class KeptPlace implements DocumentPlace {
  /** Where it comes from, as in `cluster kind-dev`. */
  readonly file: string;
  readonly #object: unknown;

  constructor(file: string, object: unknown) {
    this.file = file;
    this.#object = object;
  }

  /** As it was received. */
  get object(): unknown {
    return this.#object;
  }

  at(field: string): Place {
    const place = placeInMemory({ file: this.file }).at(field);
    owners.set(place, this);
    return place;
  }

  /** Of a place, or of one of its fields. */
  static ownerOf(place: Place): KeptPlace | undefined {
    return place instanceof KeptPlace ? place : owners.get(place);
  }
}

const owners = new WeakMap<Place, KeptPlace>();
