import { EVENT_ID, type Event, getScalarValue, parseEvents } from 'js-yaml';

/** How deep collections may nest; the deepest manifests, schemas of custom resources, stay below 100. */
export const deepestNesting = 200;

const step = /\[([^\]]*)\]|([^.[\]]+)/g;

/** The lines of the values in one or more YAML documents. Parsed anew from the text, since few objects are ever asked for a line. */
export class DocumentLines {
  private constructor(
    private readonly source: string,
    private readonly events: readonly Event[],
    private readonly breaks: readonly number[],
  ) {}

  static of(source: string): DocumentLines {
    const breaks: number[] = [];
    for (let i = source.indexOf('\n'); i >= 0; i = source.indexOf('\n', i + 1)) breaks.push(i);
    return new DocumentLines(source, parseEvents(source, { maxDepth: deepestNesting }), breaks);
  }

  /**
   * The line, 0-based, of a field such as `spec.ingress[0]` of the document with that index, or of the nearest field above it
   * that is written there.
   */
  lineOf(document: number, field: string): number {
    let node = this.root(document);
    if (node < 0) return 0;
    let offset = this.offsetOf(node);
    for (const [, index, name] of field.matchAll(step)) {
      const found = this.child(node, index ?? name ?? '');
      if (found === undefined) break;
      node = found.value;
      offset = found.offset;
    }
    return this.lineAt(offset);
  }

  private root(document: number): number {
    let seen = -1;
    const at = this.events.findIndex((event) => event.type === EVENT_ID.DOCUMENT && ++seen === document);
    return at < 0 ? -1 : at + 1;
  }

  /** Where the value of that key or index begins, its offset in the text being that of the key. */
  private child(node: number, name: string): { value: number; offset: number } | undefined {
    const { type } = this.events[node]!;
    if (type === EVENT_ID.SEQUENCE) {
      let item = node + 1;
      for (let i = Number(name); i > 0 && this.isNode(item); i--) item = this.after(item);
      return this.isNode(item) ? { value: item, offset: this.offsetOf(item) } : undefined;
    }
    if (type !== EVENT_ID.MAPPING) return undefined;
    for (let key = node + 1; this.isNode(key); ) {
      const value = this.after(key);
      const event = this.events[key]!;
      if (event.type === EVENT_ID.SCALAR && getScalarValue(this.source, event) === name) {
        return { value, offset: this.offsetOf(key) };
      }
      key = this.after(value);
    }
    return undefined;
  }

  private isNode(i: number): boolean {
    return this.events[i] !== undefined && this.events[i]?.type !== EVENT_ID.POP;
  }

  /** The position after the node that begins at `i`. */
  private after(i: number): number {
    let depth = 0;
    for (let at = i; at < this.events.length; at++) {
      const { type } = this.events[at]!;
      if (type === EVENT_ID.SEQUENCE || type === EVENT_ID.MAPPING) depth++;
      else if (type === EVENT_ID.POP) depth--;
      if (depth === 0) return at + 1;
    }
    return this.events.length;
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
