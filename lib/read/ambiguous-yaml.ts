import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, YAMLException } from 'js-yaml';

/**
 * Refuses what kubectl reads otherwise than other tools do, without a word: what one of them applies is not what is read of the other.
 *
 * @throws YAMLException at the place
 */
export function checkAmbiguity(events: readonly Event[], source: string): void {
  const separator = source.search(/\r---(?=\s|$)/);
  if (separator >= 0) YAMLException.throwAt(source, separator, notRead('a line that ends with CR alone'));
  if (/[\n\r]\.\.\./.test(source)) checkDocuments(events, source);
  if (source.includes('<<')) new MergeKeys(events, source).check();
}

function notRead(after: string): string {
  return `kubectl reads no document after ${after}, though other tools do: begin it with a line of \`---\``;
}

function checkDocuments(events: readonly Event[], source: string): void {
  for (const [i, event] of events.entries()) {
    if (i === 0 || event.type !== EVENT_ID.DOCUMENT || event.explicitStart) continue;
    YAMLException.throwAt(source, startOf(events[i + 1]), notRead('`...`'));
  }
}

function startOf(event: Event | undefined): number {
  if (!event) return 0;
  if ('start' in event) return event.start;
  return 'valueStart' in event ? event.valueStart : 0;
}

/** The keys that a node gives where it is merged. */
type Keys = ReadonlySet<string>;
const none: Keys = new Set();

/** Merge keys below keys that they give too: to kubectl the lower one counts, to YAML what is no merge key. */
class MergeKeys {
  private next = 0;
  private readonly anchors = new Map<string, Keys>();

  constructor(
    private readonly events: readonly Event[],
    private readonly source: string,
  ) {}

  check(): void {
    while (this.next < this.events.length) this.node();
  }

  private node(): Keys {
    const event = this.events[this.next++]!;
    const anchor = 'anchorStart' in event ? this.source.slice(event.anchorStart, event.anchorEnd) : '';
    if (event.type === EVENT_ID.ALIAS) return this.anchors.get(anchor) ?? none;
    if (event.type === EVENT_ID.SCALAR) return none;
    const keys = event.type === EVENT_ID.MAPPING ? this.keysOfMapping() : this.keysOfAll();
    this.next++;
    if (anchor) this.anchors.set(anchor, keys);
    return keys;
  }

  private *parts(): Generator<Event> {
    for (let part = this.events[this.next]; part && part.type !== EVENT_ID.POP; part = this.events[this.next])
      yield part;
  }

  private keysOfAll(): Keys {
    const keys = new Set<string>();
    for (const _ of this.parts()) for (const key of this.node()) keys.add(key);
    return keys;
  }

  private keysOfMapping(): Keys {
    const keys = new Set<string>();
    for (const event of this.parts()) {
      this.node();
      const given = this.node();
      if (event.type !== EVENT_ID.SCALAR) continue;
      const key = getScalarValue(this.source, event);
      if (key === '<<' && event.style === SCALAR_STYLE.PLAIN) this.merge(given, keys, event.valueStart);
      else keys.add(key);
    }
    return keys;
  }

  private merge(given: Keys, keys: Set<string>, position: number): void {
    for (const key of given) {
      if (keys.has(key)) YAMLException.throwAt(this.source, position, givenAgain(key));
      keys.add(key);
    }
  }
}

function givenAgain(key: string): string {
  return `kubectl takes \`${key}\` from this \`<<\`, other tools from above it: write \`<<\` first, and once`;
}
