import { COLLECTION_STYLE, EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE } from 'js-yaml';
import { withFlowIndented } from './flow-indentation';

/** How deep collections may nest; the deepest manifests, schemas of custom resources, stay below 100. */
export const deepestNesting = 200;

/** How a field is written: offsets in the source, the ends exclusive. */
export interface WrittenNode {
  /** `nothing`: a key or dash that no value follows. */
  readonly kind: 'mapping' | 'sequence' | 'scalar' | 'nothing';
  readonly style: 'block' | 'flow';
  /** Of its key, or of the item. */
  readonly start: number;
  /** Of its value, with quotes, and no tag or anchor. */
  readonly valueStart: number;
  readonly end: number;
}

const step = /\[([^\]]*)\]|([^.[\]]+)/g;

/** The lines of the values in one or more YAML documents. Parsed anew from the text, since few objects are ever asked for a line. */
export class DocumentLines {
  /** Where each document begins, once it is asked for. */
  private roots: readonly number[] | undefined;
  private ends: Int32Array | undefined;
  private aliased: ReadonlySet<number> | undefined;
  /** Where the items of a sequence begin: a list may hold thousands of objects, each of which is asked for. */
  private readonly items = new Map<number, readonly number[]>();

  private constructor(
    readonly source: string,
    /** `indented`: lines between brackets or quotes were moved to the right, so that offsets are not those of the file. */
    readonly layout: 'as-written' | 'indented',
    private readonly events: readonly Event[],
    private readonly breaks: readonly number[],
  ) {}

  static of(source: string): DocumentLines {
    return withFlowIndented(source, (text) => {
      const breaks: number[] = [];
      for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) breaks.push(i);
      const layout = text === source ? 'as-written' : 'indented';
      return new DocumentLines(text, layout, parseEvents(text, { maxDepth: deepestNesting }), breaks);
    });
  }

  /**
   * The line, 0-based, of a field such as `spec.ingress[0]` of the document with that index, or of the nearest field above it
   * that is written there.
   */
  lineOf(document: number, field: string): number {
    const { node, offset } = this.find(document, field);
    return node < 0 ? 0 : this.lineAt(offset);
  }

  /** Where a field is written; undefined where it is not. */
  nodeOf(document: number, field: string): WrittenNode | undefined {
    const { node, offset, written } = this.find(document, field);
    const event = this.events[node];
    if (!event || written === 'above') return undefined;
    const { type } = event;
    const valueStart = isQuoted(event) ? this.offsetOf(node) - 1 : this.offsetOf(node);
    const end = this.endOf(node);
    const collection = type === EVENT_ID.MAPPING ? 'mapping' : type === EVENT_ID.SEQUENCE ? 'sequence' : undefined;
    const kind = collection ?? (end === 0 ? 'nothing' : 'scalar');
    const style = isBlock(event) ? 'block' : 'flow';
    const start = offset === this.offsetOf(node) ? valueStart : offset;
    return {
      kind,
      style,
      start,
      valueStart: end === 0 ? start : valueStart,
      end: Math.max(end, this.keyEnd(node, start)),
    };
  }

  /** Line and column, 0-based, of an offset. */
  positionOf(offset: number): { readonly line: number; readonly column: number } {
    const line = this.lineAt(offset);
    return { line, column: offset - (line === 0 ? 0 : this.breaks[line - 1]! + 1) };
  }

  /** Whether some value of the document stands for another one, so that changing one changes both. */
  hasAliases(document: number): boolean {
    this.aliased ??= this.findAliased();
    return this.aliased.has(document);
  }

  /** As the text ends its lines. */
  get lineBreak(): string {
    return this.source[(this.breaks[0] ?? 0) - 1] === '\r' ? '\r\n' : '\n';
  }

  /** Number of lines. */
  get count(): number {
    return this.breaks.length + 1;
  }

  /** Whether an offset is inside a value or key, where `#` begins no comment. */
  isInScalar(offset: number): boolean {
    return this.events.some((event) => {
      return event.type === EVENT_ID.SCALAR && event.valueStart <= offset && offset < event.valueEnd;
    });
  }

  startOfLine(offset: number): number {
    const { line } = this.positionOf(offset);
    return line === 0 ? 0 : this.breaks[line - 1]! + 1;
  }

  /** Where the line's text ends, before its break. */
  endOfLine(offset: number): number {
    const { line } = this.positionOf(offset);
    return this.startOfLine(offset) + this.textOf(line).length;
  }

  /** The text of a line, 0-based, without its break. */
  textOf(line: number): string {
    if (line < 0) return '';
    const start = line === 0 ? 0 : this.breaks[line - 1]! + 1;
    return this.source.slice(start, this.breaks[line] ?? this.source.length).replace(/\r$/, '');
  }

  private find(document: number, field: string): { node: number; offset: number; written: 'here' | 'above' } {
    let node = this.root(document);
    if (node < 0) return { node, offset: 0, written: 'above' };
    let offset = this.offsetOf(node);
    for (const [, index, name] of field.matchAll(step)) {
      const found = this.child(node, index ?? name ?? '');
      if (found === undefined) return { node, offset, written: 'above' };
      node = found.value;
      offset = found.offset;
    }
    return { node, offset, written: 'here' };
  }

  /** The end of a scalar, of the last one in a collection, or of the bracket that closes it; 0 for what is empty. */
  private endOf(node: number): number {
    const event = this.events[node]!;
    if (event.type === EVENT_ID.SCALAR) return event.valueEnd < 0 ? 0 : event.valueEnd + (isQuoted(event) ? 1 : 0);
    if (event.type === EVENT_ID.ALIAS) return event.anchorEnd;
    let end = this.offsetOf(node);
    for (let at = node + 1; this.isNode(at); at = this.after(at)) end = Math.max(end, this.endOf(at));
    if (!isFlow(event)) return end;
    return this.closing(Math.max(end, this.offsetOf(node) + 1), event.type === EVENT_ID.MAPPING ? '}' : ']') + 1;
  }

  /** The offset of a bracket that follows blanks, commas and comments. */
  private closing(from: number, bracket: string): number {
    for (let at = from; at < this.source.length; at++) {
      if (this.source[at] === bracket) return at;
      if (this.source[at] === '#') at = Math.max(at, this.source.indexOf('\n', at));
    }
    return this.source.length - 1;
  }

  /** The end of the key whose value the node is, where it is written at `start`. */
  private keyEnd(node: number, start: number): number {
    const key = this.events[node - 1];
    if (key?.type !== EVENT_ID.SCALAR) return start;
    const quote = isQuoted(key) ? 1 : 0;
    return key.valueStart - quote === start ? key.valueEnd + quote : start;
  }

  private root(document: number): number {
    this.roots ??= this.findRoots();
    return this.roots[document] ?? -1;
  }

  private findRoots(): number[] {
    const roots: number[] = [];
    for (const [i, { type }] of this.events.entries()) if (type === EVENT_ID.DOCUMENT) roots.push(i + 1);
    return roots;
  }

  /** The documents with aliases. */
  private findAliased(): Set<number> {
    const found = new Set<number>();
    let document = -1;
    for (const { type } of this.events) {
      if (type === EVENT_ID.DOCUMENT) document++;
      else if (type === EVENT_ID.ALIAS) found.add(document);
    }
    return found;
  }

  /** Where the value of that key or index begins, its offset in the text being that of the key. */
  private child(node: number, name: string): { value: number; offset: number } | undefined {
    const { type } = this.events[node]!;
    if (type === EVENT_ID.SEQUENCE) {
      const item = this.itemsOf(node)[Number(name)];
      return item === undefined ? undefined : { value: item, offset: this.offsetOf(item) };
    }
    if (type !== EVENT_ID.MAPPING) return undefined;
    for (let key = node + 1; this.isNode(key); ) {
      const value = this.after(key);
      const event = this.events[key]!;
      if (event.type === EVENT_ID.SCALAR && getScalarValue(this.source, event) === name) {
        return { value, offset: this.offsetOf(key) - (isQuoted(event) ? 1 : 0) };
      }
      key = this.after(value);
    }
    return undefined;
  }

  private itemsOf(sequence: number): readonly number[] {
    let found = this.items.get(sequence);
    if (!found) {
      const starts: number[] = [];
      for (let at = sequence + 1; this.isNode(at); at = this.after(at)) starts.push(at);
      found = starts;
      this.items.set(sequence, found);
    }
    return found;
  }

  private isNode(i: number): boolean {
    return this.events[i] !== undefined && this.events[i]?.type !== EVENT_ID.POP;
  }

  /** The position after the node that begins at `i`. */
  private after(i: number): number {
    this.ends ??= this.findEnds();
    return this.ends[i]!;
  }

  private findEnds(): Int32Array {
    const ends = new Int32Array(this.events.length).fill(this.events.length);
    const open: number[] = [];
    for (const [at, { type }] of this.events.entries()) {
      if (type === EVENT_ID.DOCUMENT || type === EVENT_ID.SEQUENCE || type === EVENT_ID.MAPPING) open.push(at);
      else if (type === EVENT_ID.POP) ends[open.pop()!] = at + 1;
      else ends[at] = at + 1;
    }
    return ends;
  }

  private offsetOf(i: number): number {
    const event = this.events[i]!;
    if (event.type === EVENT_ID.SCALAR) return Math.max(0, event.valueStart);
    if (event.type === EVENT_ID.ALIAS) return event.anchorStart;
    return 'start' in event ? event.start : 0;
  }

  private lineAt(offset: number): number {
    let [low, high] = [0, this.breaks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.breaks[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isQuoted(event: Event): boolean {
  if (event.type !== EVENT_ID.SCALAR) return false;
  return event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
}

/** Laid out by indentation: such a collection, or a scalar of lines after `|` or `>`. */
function isBlock(event: Event): boolean {
  if (event.type === EVENT_ID.SCALAR) {
    return event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK;
  }
  return !isFlow(event);
}

function isFlow(event: Event): boolean {
  const isCollection = event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE;
  return isCollection && event.style === COLLECTION_STYLE.FLOW;
}
