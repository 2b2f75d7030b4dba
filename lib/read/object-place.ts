import type { Place } from '../model/issue';
import type { DocumentPlace } from '../model/policy';
import type { DocumentLines } from './document-lines';
import { RecentLines } from './recent-lines';
import type { SourceText } from './source-text';

const recent = new RecentLines<ChunkPlace>();

/** Where a chunk of a text is, from which its lines are worked out when one is asked for. */
export class ChunkPlace {
  constructor(
    readonly text: SourceText,
    private readonly start: number,
    private readonly end: number,
  ) {}

  /** Its text, read again. @throws what the system says if the file cannot be read any more */
  read(): string {
    return this.text.bytes(this.start, this.end).toString('utf8');
  }

  /** 1-based: that of its first character. */
  get firstLine(): number {
    return this.text.lineAt(this.start);
  }

  /** 1-based; undefined where the text cannot be read again, or is not what it was. */
  lineOf(document: number, field: string): number | undefined {
    return this.tryTo((lines) => this.text.lineAt(this.start) + lines.lineOf(document, field));
  }

  /** The same chunk, told from others of the same text. */
  get id(): string {
    return `${this.text.file} ${this.start}`;
  }

  /** What `ask` finds in the lines; undefined as in `lineOf`. */
  tryTo<T>(ask: (lines: DocumentLines) => T): T | undefined {
    try {
      return ask(recent.of(this));
    } catch {
      return undefined;
    }
  }
}

/** The place of an object of a text, or of one of its fields. The line is worked out when it is asked for. */
export class ObjectPlace implements DocumentPlace {
  readonly file: string;
  declare readonly field?: string;
  readonly #chunk: ChunkPlace;
  readonly #document: number;
  /** Where the object is inside its document, as in `items[2]` of a List. */
  readonly #item: string;

  /** @param document which of the chunk's documents */
  constructor(chunk: ChunkPlace, document: number, item: string, field: string) {
    this.file = chunk.text.file;
    if (item || field) this.field = joined(item, field);
    this.#chunk = chunk;
    this.#document = document;
    this.#item = item;
  }

  /** 1-based; that of the nearest field above where the field is not written; undefined where the text is gone. */
  get line(): number | undefined {
    return this.#chunk.lineOf(this.#document, this.field ?? '');
  }

  at(field: string): Place {
    return new ObjectPlace(this.#chunk, this.#document, this.#item, field);
  }

  /** The text that holds the object, where in it, and as what. */
  get source(): { readonly chunk: ChunkPlace; readonly document: number; readonly item: string } {
    return { chunk: this.#chunk, document: this.#document, item: this.#item };
  }

  /** The same for all places of one object, and for no other object. */
  get objectId(): string {
    return `${this.#chunk.id} ${this.#document} ${this.#item}`;
  }

  toJSON(): Place {
    const { file, line, field } = this;
    return { file, ...(line === undefined ? {} : { line }), ...(field === undefined ? {} : { field }) };
  }
}

/** The chunk that a place is in; undefined where it is in none. */
export function chunkOf(place: Place): ChunkPlace | undefined {
  return place instanceof ObjectPlace ? place.source.chunk : undefined;
}

/** Sorted so that what is at places of one chunk follows one another; else in the order in which it is given. */
export function chunkByChunk<T extends { readonly place: Place }>(placed: Iterable<T>): T[] {
  const chunks = new Map<ChunkPlace | undefined, T[]>();
  for (const one of placed) {
    const chunk = chunkOf(one.place);
    const list = chunks.get(chunk);
    if (list) list.push(one);
    else chunks.set(chunk, [one]);
  }
  return [...chunks.values()].flat();
}

/** The place of an object that has no text of its own: fields are added to what is known of it. */
export function placeInMemory(place: Place): DocumentPlace {
  return { ...place, at: (field) => ({ ...place, field: joined(place.field ?? '', field) }) };
}

function joined(item: string, field: string): string {
  return item && field && !field.startsWith('[') ? `${item}.${field}` : item + field;
}
