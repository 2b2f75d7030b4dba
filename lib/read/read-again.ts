import type { Place } from '../model/issue';
import { digestOf } from './content-digest';
import { documentsAgain, type ObjectReader, openObject } from './documents';
import type { ChunkPlace, ObjectPlace } from './object-place';

/**
 * Compares objects with what was read before. Objects are not kept when they are read: the chunk of the first is read again, and each
 * chunk once only, however many of its objects are given twice.
 */
export class ReadAgain {
  private readonly digests = new Map<ChunkPlace, ReadonlyMap<string, string>>();

  /** Whether there is the same object at the place; false where the text is gone, or is not what it was. */
  holds(place: ObjectPlace, object: unknown): boolean {
    const { chunk, document, item } = place.source;
    let known = this.digests.get(chunk);
    if (!known) {
      known = digestsOf(chunk);
      this.digests.set(chunk, known);
    }
    return known.get(keyOf(document, item)) === digestOf(object);
  }
}

/** By document and item, the digests of all objects of a chunk. */
function digestsOf(chunk: ChunkPlace): Map<string, string> {
  const digests = new Map<string, string>();
  const reader: ObjectReader<Place & { readonly field: string }> = {
    object: (object, { field }) => void digests.set(field, digestOf(object)),
    stray: () => undefined,
    issue: () => undefined,
  };
  try {
    for (const [i, document] of documentsAgain(chunk).entries()) {
      openObject(document, (item) => ({ field: keyOf(i, item) }), reader);
    }
  } catch {
    digests.clear();
  }
  return digests;
}

function keyOf(document: number, item: string): string {
  return `${document} ${item}`;
}
