import type { Place } from './issue';
import type { DocumentPlace } from './policy';

export const severities = ['error', 'warning', 'info'] as const;

/** `error`: rejected, without effect, or open against what is written. `warning`: to be mended before merge. `info`: to be known. */
export type Severity = (typeof severities)[number];

/** What a kind of finding is about: the source of help, documentation and SARIF descriptors. */
export interface RuleDescriptor {
  /** `no-<thing>` forbids, `require-<thing>` demands. */
  readonly id: string;
  /** As in `validity`. */
  readonly group: string;
  /** Of its findings, unless the configuration says otherwise. */
  readonly severity: Severity;
  /** What is wrong, as one sentence. */
  readonly wrong: string;
  /** Why it matters. */
  readonly why: string;
  /** What to do about it. */
  readonly todo: string;
  readonly references: readonly Reference[];
  /** What it checks of hardening standards. @default of none */
  readonly demands?: readonly Demand[];
}

/** What a hardening standard demands of network policies. */
export interface Demand {
  /** As in `CIS-5.3.2`. */
  readonly id: string;
  readonly standard: 'cis' | 'nsa';
  readonly text: string;
  readonly url: string;
  /** Why no rule is about it, where none is. */
  readonly unchecked?: string;
}

/** What demands or explains a rule. */
export interface Reference {
  /** As in `CIS Kubernetes Benchmark 5.3.2`. */
  readonly name: string;
  readonly url?: string;
}

/** A place that belongs to a finding, and what is there. */
export interface RelatedPlace {
  readonly text: string;
  readonly place: Place;
}

/** One change of a document, by its fields: `set` replaces a value or adds a field, `remove` takes a field or an item of a list away. */
export type FieldEdit =
  | { readonly kind: 'set'; readonly object: DocumentPlace; readonly field: string; readonly value: unknown }
  | { readonly kind: 'remove'; readonly object: DocumentPlace; readonly field: string };

/** Something that was found: a value, never an exception. What lint, diff, drift and check have in common. */
export interface Finding {
  /** The id of its rule. */
  readonly rule: string;
  readonly severity: Severity;
  /** Lower case, without a final period, user input in backticks. */
  readonly message: string;
  /** Where in YAML. */
  readonly place: Place;
  /** The object that it is about, as in `NetworkPolicy shop/web`, where it is about one. */
  readonly object?: string;
  /** The construct and the TypeScript line that declared it, where an app is looked at. */
  readonly declared?: Place;
  readonly related: readonly RelatedPlace[];
  /** What to do. */
  readonly hint: string;
  /** The one right answer, where there is one. */
  readonly fix?: readonly FieldEdit[];
  /** By whom it is accepted; then it does not count. */
  readonly suppressed?: Accepted;
}

/** How somebody accepted a finding, and why. */
export interface Accepted {
  readonly by: 'comment' | 'annotation' | 'construct' | 'baseline';
  readonly reason: string;
}
