import type { Accepted, RuleDescriptor, Severity } from './finding';

/** What is written at a place, lines and columns 1-based, the end exclusive. */
export interface TextRange {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A place as plain data. */
export interface FoundPlace {
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  readonly range?: TextRange;
  /** Field path inside the document. */
  readonly field?: string;
  readonly construct?: string;
}

/** A line of an excerpt; columns 1-based, the end exclusive, of what is meant in it. */
export interface FoundLine {
  readonly line: number;
  readonly text: string;
  readonly marked?: { readonly column: number; readonly endColumn: number };
}

/** Replaces what is in a range of a file. */
export interface TextEdit {
  readonly file: string;
  readonly range: TextRange;
  readonly text: string;
}

/** A finding as it is shown: plain data, as in JSON. */
export interface FoundItem {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly hint: string;
  /** As in `NetworkPolicy shop/web`; absent where it is about no object. */
  readonly object?: string;
  /** The TypeScript line where an app declares it, else the place in YAML. */
  readonly place: FoundPlace;
  readonly excerpt: readonly FoundLine[];
  /** The place in YAML, where `place` is the line of an app. */
  readonly written?: FoundPlace;
  readonly related: readonly { readonly text: string; readonly place: FoundPlace }[];
  /** Empty where there is no one right answer. */
  readonly edits: readonly TextEdit[];
  /** Why `--fix` leaves it, where it has one right answer that cannot be written without touching anything else. */
  readonly notFixed?: string;
  /** Stays the same as long as the finding is about the same object and field, however files are called. */
  readonly fingerprint: string;
  /** Why it is not counted, where it is suppressed. */
  readonly suppressed?: Accepted;
}

/** The result of a command that finds things. */
export interface FindingReport {
  /** The command, as in `lint`. */
  readonly command: string;
  /** Of every rule that was asked, sorted by id. */
  readonly rules: readonly RuleDescriptor[];
  /** By place; suppressed ones as well. */
  readonly items: readonly FoundItem[];
  /** What was looked at, as in `3 policies, 4 workloads`. */
  readonly subject: string;
}

/** Those that count. */
export function unsuppressed({ items }: Pick<FindingReport, 'items'>): readonly FoundItem[] {
  return items.filter(({ suppressed }) => !suppressed);
}
