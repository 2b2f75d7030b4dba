import type { Origin } from '../origin/origin';
import { mistakesOf } from './mistake';

/** Where a problem was found: a construct and the line that declared it, or a place in a file. */
export interface Place {
  /** Construct path, as in `production/shop/cart`. */
  readonly construct?: string;
  /** The user's own TypeScript line. */
  readonly origin?: Origin;
  readonly file?: string;
  /** 1-based. */
  readonly line?: number | undefined;
  /** Field path inside the document, as in `spec.ingress[0].ports[0].port`. */
  readonly field?: string;
}

/** One problem in the input. `message` is lower case, without a final period, with user input in backticks. */
export interface Issue {
  /** Stable kebab-case name of the kind of problem. */
  readonly code: string;
  readonly message: string;
  readonly place: Place;
  /** What to do about it. */
  readonly hint?: string;
}

/** `file:line` or `construct (file:line)`, whatever of it is known. */
export function placeToString(place: Place): string {
  const position = positionToString(place);
  return place.field ? `${position}${position ? ' ' : ''}${place.field}` : position;
}

/** One line for a person: place, problem, what to do. */
export function issueToString(issue: Issue): string {
  return lineOf(issue, []);
}

/** A line for each problem; one alone for a mistake that one line of code makes in several scopes. */
export function issueLines(issues: readonly Issue[]): string[] {
  return mistakesOf(issues, ({ code }) => code).map(({ first, scopes }) => lineOf(first, scopes));
}

function lineOf({ place, message, hint }: Issue, scopes: readonly string[]): string {
  const isNamed = message.includes(`\`${place.field}\``);
  const shown = isNamed ? positionToString(place) : placeToString(place);
  const within = scopes.length > 0 ? `in ${scopes.join(', ')}: ` : '';
  return `${shown ? `${shown}: ` : ''}${within}${message}${hint ? `; ${hint}` : ''}`;
}

function positionToString(place: Place): string {
  const line = place.origin?.toString() ?? (place.file && place.file + (place.line ? `:${place.line}` : ''));
  return place.construct ? (line ? `${place.construct} (${line})` : place.construct) : (line ?? '');
}

/** All problems of one input at once. */
export class InputError extends Error {
  override readonly name = 'InputError';

  declare readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    super(issueLines(issues).join('\n'));
    // What Node prints of an error that nobody catches: the problems, and neither our frames nor their fields.
    Object.defineProperty(this, 'issues', { value: issues, enumerable: false });
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** The error of a command that was asked for what it cannot do: it is about what was typed, and has no place. */
export function badUsage(message: string, hint: string): InputError {
  return new InputError([{ code: 'bad-usage', message, place: {}, hint }]);
}
