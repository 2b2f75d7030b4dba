import type { Issue } from '../model/issue';
import type { ProofSummary } from './proof';
import type { FolderProof } from './prove-app';

/** Names the folder into which an app that `tierwall synth` runs hands over what it comes to. */
export const handoverVariable = 'TIERWALL_HANDOVER';

/** Set to `off`, nothing is proved. */
export const proofVariable = 'TIERWALL_PROOF';

/** Asks an app that is run for the lines that declare its namespaces and services. */
export const linesVariable = 'TIERWALL_LINES';

/** One object, ready to be laid out. */
export interface HandedDocument {
  readonly environment: string;
  readonly namespace: string;
  readonly kind: 'Namespace' | 'NetworkPolicy';
  readonly name: string;
  readonly text: string;
}

export interface TimeBox {
  /** Of the construct that declares it. */
  readonly path: string;
  /** As `2026-12-31`. */
  readonly until: string;
  /** File and line, or the construct where they are not known. */
  readonly place: string;
}

/** What one app comes to. Issues have no `Origin` any more, but file and line. */
export interface Handover {
  readonly issues: readonly Issue[];
  readonly notes: readonly string[];
  readonly asOf: string | undefined;
  /** Access that is emitted, and has a last day. */
  readonly timeBoxes: readonly TimeBox[];
  /** Every environment and namespace, also where nothing but the default deny is written. */
  readonly documents: readonly HandedDocument[];
  readonly intents: number;
  readonly services: number;
  /** Undefined if nothing was proved: there are issues, or the proof was switched off. */
  readonly proof: ProofSummary | undefined;
  /** By construct path, where the app was asked for them. */
  readonly lines?: Readonly<Record<string, { readonly file: string; readonly line: number }>>;
  /** Where the app was asked to prove policies that exist: what came of it. */
  readonly proved?: FolderProof;
}
