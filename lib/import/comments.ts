import type { Place } from '../model/issue';
import type { Policy, Rule } from '../model/policy';
import { ignoreWord } from '../read/ignore-comments';
import { ObjectPlace } from '../read/object-place';

/** Longer reasons are cut: they are annotations of a line, and not documentation. */
const longest = 160;

/** What people wrote beside policies, as comments. */
export class Comments {
  private readonly texts = new WeakMap<object, readonly string[]>();

  /** Above the policy. */
  ofPolicy(policy: Policy): string | undefined {
    return this.above(policy.place);
  }

  /** Beside the peer, beside the rule, or above all rules of the direction. */
  ofRule({ policy, direction, index }: Rule, peerIndex: number): string | undefined {
    const rule = `spec.${direction}[${index}]`;
    const peers = direction === 'ingress' ? 'from' : 'to';
    const places = [`${rule}.${peers}[${peerIndex}]`, rule, `spec.${direction}`].map((field) => policy.place.at(field));
    const lines = places.map(({ line }) => line);
    // A field that is not written has the line of the one above it.
    const own = places.filter((_, i) => !lines.slice(i + 1).includes(lines[i]) || i === places.length - 1);
    for (const place of own) {
      const found = this.above(place) ?? this.beside(place);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private above(place: Place): string | undefined {
    const { lines, at } = this.linesAt(place);
    const found: string[] = [];
    for (let i = at - 1; i >= 0 && /^\s*#/.test(lines[i]!); i--) found.unshift(lines[i]!.replace(/^\s*#+ ?/, ''));
    return reasonOf(found);
  }

  private beside(place: Place): string | undefined {
    const { lines, at } = this.linesAt(place);
    const [, comment] = / #+ (.*)$/.exec(lines[at] ?? '') ?? [];
    return comment === undefined ? undefined : reasonOf([comment]);
  }

  private linesAt(place: Place): { readonly lines: readonly string[]; readonly at: number } {
    if (!(place instanceof ObjectPlace)) return { lines: [], at: -1 };
    const { chunk } = place.source;
    let lines = this.texts.get(chunk);
    if (!lines) {
      const text = chunk.read();
      // Most manifests have no comments, and then no line needs to be looked for.
      lines = text.includes('#') ? text.split(/\r?\n/) : [];
      this.texts.set(chunk, lines);
    }
    return { lines, at: lines.length === 0 ? -1 : (place.line ?? 0) - chunk.firstLine };
  }
}

/** The first paragraph that says something, in one line. Undefined for licences, and for YAML that was commented out. */
function reasonOf(lines: readonly string[]): string | undefined {
  if (lines.some((line) => /copyright|licen[cs]e|spdx/i.test(line))) return undefined;
  const paragraphs: string[][] = [[]];
  for (const line of lines) {
    // What accepts a finding of lint is no reason of the policy.
    if (/^[-=#*\s]*$/.test(line) || line.trimStart().startsWith(ignoreWord)) paragraphs.push([]);
    else if (!/^\s*https?:\S+\s*$/.test(line)) paragraphs.at(-1)!.push(line.trim());
  }
  const written = paragraphs.filter((paragraph) => paragraph.length > 0 && !paragraph.some(isYaml));
  const purpose = written.find(([first]) => /^purpose:/i.test(first!)) ?? written[0];
  const list = purpose?.findIndex((line) => /^[-*] /.test(line)) ?? -1;
  const sentence = list > 0 ? purpose!.slice(0, list) : purpose;
  return sentence && asReason(sentence.join(' ').replace(/^purpose:\s*/i, ''));
}

function isYaml(line: string): boolean {
  return /^(- )?[a-z][\w./-]*:(\s|$)/.test(line) && !/^https?:/.test(line);
}

/** A text as the reason of an intent: one line that annotations can hold, and be told apart in. */
export function asReason(text: string): string | undefined {
  const line = text
    .replace(/\p{Surrogate}/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/;/g, ',')
    .replace(/\((from|to) /g, '($1: ')
    .trim()
    .replace(/[.:,]$/, '');
  if (line === '') return undefined;
  if (line.length <= longest) return line;
  const short = line.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '');
  return `${short.slice(0, Math.max(short.lastIndexOf(' '), longest / 2)).trimEnd()}…`;
}
