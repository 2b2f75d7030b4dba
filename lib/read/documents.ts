import { isUtf8 } from 'node:buffer';
import { constructFromEvents, parseEvents, YAMLException } from 'js-yaml';
import type { Issue, Place } from '../model/issue';
import { fieldsOf, isObject, itemsOf, textOf } from '../validation/json-value';
import { checkAmbiguity } from './ambiguous-yaml';
import { deepestNesting } from './document-lines';
import { type Batch, batchesOf, type Chunk, inBatches, longestDocument } from './document-split';
import { withFlowIndented } from './flow-indentation';
import { jsonObjectsIn } from './json-stream';
import { ChunkPlace, ObjectPlace } from './object-place';
import type { SourceText } from './source-text';
import { kubernetesSchema } from './yaml-schema';

/** Any API object: what has a kind. Everything else may be missing or of any type. */
export interface AnyObject {
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** Receives what is read, as it is read. */
export interface ObjectReader<P extends Place> {
  object(object: AnyObject, place: P): void;
  /** What is no object and need not be one: a Chart.yaml, values of a chart, a pipeline's settings, a list, a text. */
  stray(place: P): void;
  issue(issue: Issue): void;
  /** Every part of a text, for those who look for more in it than objects. */
  chunk?(chunk: ChunkPlace, bytes: Buffer): void;
}

export type DocumentReader = ObjectReader<ObjectPlace>;

const mostAliases = 1000;
const mostValues = 4_000_000;
/** Smaller documents cannot hold enough values to matter. */
const largeDocument = 1024 * 1024;
const mostProblems = 1000;

/**
 * Reads the objects of a YAML or JSON text: many documents, `List`s opened, empty documents left out. One that cannot be read is
 * reported, and the others are read. Time and memory are bounded for any content.
 */
export function readDocuments(text: SourceText, reader: DocumentReader): void {
  let problems = 0;
  const counting: DocumentReader = {
    object: (object, place) => reader.object(object, place),
    stray: (place) => reader.stray(place),
    chunk: (chunk, bytes) => reader.chunk?.(chunk, bytes),
    issue: (issue) => {
      if (++problems <= mostProblems) reader.issue(issue);
    },
  };
  const documents = new DocumentParser(text, counting, () => problems > mostProblems);
  const batches = batchesOf(text);
  for (let next = batches.next(); ; next = batches.next()) {
    if (next.done) {
      if (next.value !== undefined) counting.issue(tooLong(text, next.value));
      return;
    }
    documents.readBatch(next.value);
    if (problems > mostProblems) {
      reader.issue(refused(`there are more than ${mostProblems} problems; the rest is not read`, { file: text.file }));
      return;
    }
  }
}

/** The documents of a chunk, read again. @throws as reading does */
export function documentsAgain(chunk: ChunkPlace): unknown[] {
  return parse(chunk.read());
}

/** The object at a place, read again. @throws as reading does */
export function readAgain(place: ObjectPlace): unknown {
  const { chunk, document, item } = place.source;
  let value = documentsAgain(chunk)[document];
  for (const [, index] of item.matchAll(/\[(\d+)\]/g)) value = (fieldsOf(value)['items'] as unknown[])[Number(index)];
  return value;
}

/** Hands on the object, or the objects of a `List`. @param placeOf gives the place of an item such as `items[2]`, or of the object itself for `` */
export function openObject<P extends Place>(
  value: unknown,
  placeOf: (item: string) => P,
  reader: ObjectReader<P>,
  item = '',
): void {
  if (value === null || value === undefined) return;
  const { apiVersion, kind, items } = fieldsOf(value);
  if (typeof kind === 'string' && kind.endsWith('List') && (Array.isArray(items) || kind === 'List')) {
    for (const [i, entry] of itemsOf(items).entries()) {
      openObject(withListKind(entry, apiVersion, kind), placeOf, reader, `${item}${item && '.'}items[${i}]`);
    }
  } else if (textOf(kind) !== '') {
    reader.object(value as AnyObject, placeOf(item));
  } else if (kind === undefined && (apiVersion === undefined || isHelmChart(fieldsOf(value)))) {
    reader.stray(placeOf(item));
  } else {
    reader.issue({ ...noObject(placeOf(item)), message: '`kind` is missing' });
  }
}

/** What Chart.yaml says of a chart: it has an apiVersion, of Helm's own, and no kind. */
function isHelmChart({ apiVersion, metadata, spec, name, version }: Readonly<Record<string, unknown>>): boolean {
  const own = apiVersion === 'v1' || apiVersion === 'v2';
  return own && metadata === undefined && spec === undefined && textOf(name) !== '' && version !== undefined;
}

/** The problem of what was to be an object. */
export function noObject(place: Place): Issue {
  const hint = 'an object has apiVersion, kind and metadata';
  return { code: 'bad-object', message: 'this is no Kubernetes object', place, hint };
}

class DocumentParser {
  constructor(
    private readonly text: SourceText,
    private readonly reader: DocumentReader,
    /** Whether there are so many problems that no more is to be read. */
    private readonly isFull: () => boolean,
  ) {}

  /** All at once, or each for itself where something is wrong, so that only that is left out. */
  readBatch(batch: Batch): void {
    const [{ start }] = batch;
    const bytes = Buffer.concat(batch.map((chunk) => chunk.bytes));
    const documents = batch.length > 1 && isText(bytes) ? this.tryToParse(bytes.toString('utf8')) : undefined;
    if (documents) this.open(documents, { start, bytes });
    else for (const chunk of batch) this.read(chunk);
  }

  private read({ start, bytes }: Chunk): void {
    if (!isText(bytes)) {
      const hint = 'leave it out, or save it as UTF-8';
      this.reader.issue({ ...refused('this is no UTF-8 text', this.place(start)), hint });
    } else if (bytes.length > largeDocument && mayHoldTooMuch(bytes)) {
      this.reader.issue(refused(`the document has more than ${mostValues} values`, this.place(start)));
    } else {
      this.parse({ start, bytes });
    }
  }

  private open(documents: readonly unknown[], { start, bytes }: Chunk): void {
    const chunk = new ChunkPlace(this.text, start, start + bytes.length);
    this.reader.chunk?.(chunk, bytes);
    for (const [i, document] of documents.entries()) {
      openObject(document, (item) => new ObjectPlace(chunk, i, item, ''), this.reader);
    }
  }

  private tryToParse(source: string): unknown[] | undefined {
    try {
      return parse(source);
    } catch {
      return undefined;
    }
  }

  private parse(chunk: Chunk): void {
    const source = chunk.bytes.toString('utf8');
    let documents: unknown[] = [];
    try {
      documents = parse(source);
    } catch (error) {
      const objects = jsonObjectsIn(chunk);
      if (objects) this.parseStream(objects);
      else this.reader.issue(this.badYaml(error as Error, source, chunk.start));
    }
    this.open(documents, chunk);
  }

  private parseStream(objects: Iterable<Chunk, undefined>): void {
    for (const batch of inBatches(objects)) {
      if (this.isFull()) return;
      const documents = this.tryToParse(batch.map(({ bytes }) => bytes.toString('utf8')).join('\n---\n'));
      if (documents) for (const [i, object] of batch.entries()) this.open([documents[i]], object);
      else for (const object of batch) this.parse(object);
    }
  }

  private badYaml(error: Error, source: string, start: number): Issue {
    // The parser also throws other errors, for characters that do not exist.
    const [reason, mark] = error instanceof YAMLException ? [error.reason, error.mark] : [error.message, undefined];
    const template = source.indexOf('{{');
    // It does not say where a key is that is itself a map, which is what most templates come to.
    const line = mark?.position || template < 0 ? (mark?.line ?? 0) : source.slice(0, template).split('\n').length - 1;
    return {
      code: template < 0 ? 'bad-yaml' : 'unrendered-template',
      message: template < 0 ? reason : `this is a template, not YAML: ${reason}`,
      place: { file: this.text.file, line: this.text.lineAt(start) + line },
      hint: template < 0 ? 'correct the YAML' : 'render it first, as with `helm template`',
    };
  }

  private place(start: number): Place {
    return { file: this.text.file, line: this.text.lineAt(start) };
  }
}

function parse(source: string): unknown[] {
  const documents = withFlowIndented(source, (text) => {
    const events = parseEvents(text, { maxDepth: deepestNesting });
    const documents = constructFromEvents(events, { source: text, schema: kubernetesSchema, maxAliases: mostAliases });
    checkAmbiguity(events, text);
    return documents;
  });
  // Without an anchor there is no alias.
  if (source.includes('&') && source.includes('*')) checkExpansion(documents, 1000 + 20 * source.length);
  return documents;
}

/** Items of a list of one kind, as in `NetworkPolicyList`, may leave out what they are. */
function withListKind(item: unknown, apiVersion: unknown, listKind: string): unknown {
  if (listKind === 'List' || !isObject(item) || item['kind'] !== undefined) return item;
  return { apiVersion, kind: listKind.slice(0, -'List'.length), ...item };
}

function refused(message: string, place: Place): Issue {
  return { code: 'refused', message, place, hint: 'no Kubernetes object needs that; split it, or leave it out' };
}

function tooLong(text: SourceText, start: number): Issue {
  const place = { file: text.file, line: text.lineAt(start) };
  const message = `the document is longer than ${longestDocument / 1024 / 1024} MB`;
  return { code: 'refused', message, place, hint: 'split it at lines of `---`; nothing after it was read' };
}

function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}

/** A bound from above, at the speed of a loop: every value has a line break, a comma or an indicator of its own. */
function mayHoldTooMuch(bytes: Buffer): boolean {
  let values = 0;
  for (let i = 0; i < bytes.length; i++) {
    const c = bytes[i];
    if (c === 0x0a || c === 0x2c || c === 0x5b || c === 0x7b) values++;
    else if ((c === 0x2d || c === 0x3a || c === 0x3f) && (bytes[i + 1] ?? 0x20) <= 0x20) values++;
  }
  return values > mostValues;
}

/** Refuses aliases that stand for themselves, and documents that grow out of proportion once their aliases are written out. */
function checkExpansion(documents: readonly unknown[], most: number): void {
  const sizes = new Map<object, number>();
  const sizeOf = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 1;
    const known = sizes.get(value);
    if (known === 0) throw new YAMLException('an alias stands for a value that it is part of');
    if (known !== undefined) return known;
    sizes.set(value, 0);
    let size = 1;
    for (const part of Object.values(value)) size += sizeOf(part);
    if (size > most) throw new YAMLException('the aliases stand for far more than what is written');
    sizes.set(value, size);
    return size;
  };
  for (const document of documents) sizeOf(document);
}
