import type { FoundPlace } from '../model/finding-report';
import type { Issue } from '../model/issue';
import type { LabelSelector } from '../model/network-policy';
import { type Direction, type Rule, ruleToString } from '../model/policy';
import type { PeerJson, PortsJson } from '../model/policy-json';
import type { ContainerPort, PortName, WorkloadKind } from '../model/workload';
import type { Requirement } from '../sets/label-box';
import type { PortItem } from '../sets/port-set';
import type { ProofSummary } from './proof';
import type { FolderProof } from './prove-app';

/** Names the folder into which an app that `tierwall synth` runs hands over what it comes to. */
export const handoverVariable = 'TIERWALL_HANDOVER';

/** Set to `off`, nothing is proved. */
export const proofVariable = 'TIERWALL_PROOF';

/** Asks an app that is run for its {@link HandedSource} too. */
export const sourceVariable = 'TIERWALL_SOURCE';

/** One object, ready to be laid out. */
export interface HandedDocument {
  readonly environment: string;
  readonly namespace: string;
  readonly kind: 'Namespace' | 'NetworkPolicy';
  readonly name: string;
  readonly text: string;
  /** In which order objects of a namespace are to be applied: the default deny last, when whatever its pods may do is there. */
  readonly applied: 'first' | 'last';
}

export interface TimeBox {
  /** Of the construct that declares it. */
  readonly path: string;
  /** As `2026-12-31`. */
  readonly until: string;
  /** File and line, or the construct where they are not known. */
  readonly place: string;
}

/** The line of the code that declares a construct. */
export interface DeclaredAt {
  readonly file: string;
  readonly line: number;
}

/** The pods of a service, or of a workload that no service names. */
export interface HandedPods {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly kind: WorkloadKind;
  readonly labels: Readonly<Record<string, string>>;
  readonly selector: LabelSelector;
  readonly ports: readonly ContainerPort[];
  /** Of a service: what its code declares, `*` for any port. Undefined in what an older tierwall handed over. */
  readonly declares?: '*' | readonly { readonly name: string; readonly item: PortItem }[];
  /** Of which only the name is declared. Undefined in what an older tierwall handed over. */
  readonly portNames?: readonly PortName[];
  /** Of the service that declares them; undefined where none does. */
  readonly path: string | undefined;
  /** Of a workload that no service names. */
  readonly place?: FoundPlace;
  /** `assumed`: which pods there are is not known, and labels that the selector picks stand for theirs. Undefined in what an older tierwall handed over. */
  readonly pods?: 'known' | 'assumed';
  /** Paths of services that may pick the same pods. Undefined in what an older tierwall handed over. */
  readonly sharesPodsWith?: readonly string[];
}

/** One declared "may talk to". */
export interface HandedIntent {
  /** Said by the short form, it is the path of the service that says it, and not its own. */
  readonly path: string;
  /** Undefined where the line is not known. */
  readonly at: DeclaredAt | undefined;
  /** As in `production/shop/frontend`, or what describes a peer. */
  readonly caller: string;
  readonly callee: string;
  readonly because: string | undefined;
  readonly until: string | undefined;
  /** What it asks for at each of its ends that the app isolates. */
  readonly openings: readonly HandedOpening[];
}

/** Pods of a service may be reached by, or may reach, a peer. */
export interface HandedOpening {
  readonly direction: Direction;
  /** Construct path of the service. */
  readonly service: string;
  readonly peer: PeerJson;
  readonly ports: PortsJson;
}

/** What is never to be reached from where. */
export interface HandedGuarantee {
  readonly path: string;
  /** In words. */
  readonly text: string;
  readonly at: DeclaredAt | undefined;
  /** Cluster by cluster, where it has both ends there. Undefined in what an older tierwall handed over. */
  readonly clusters?: readonly {
    readonly name: string;
    readonly from: readonly HandedEnds[];
    readonly to: readonly { readonly ends: HandedEnds; readonly ports: PortsJson }[];
  }[];
}

/** Pods that could exist, or addresses outside the cluster. */
export type HandedEnds =
  | { readonly namespaces: readonly Requirement[]; readonly pods: readonly Requirement[] }
  | { readonly cidrs: readonly string[] };

/** What of lint is accepted at a construct. */
export interface HandedSuppression {
  readonly path: string;
  readonly at: DeclaredAt | undefined;
  readonly rules: readonly string[];
  readonly because: string;
  readonly until: string | undefined;
}

/** What an app says besides the policies that it writes: who its pods are, and which line declares what. */
export interface HandedSource {
  readonly environments: readonly { readonly name: string; readonly cluster: string }[];
  readonly namespaces: readonly {
    readonly cluster: string;
    /** Undefined in what an older tierwall handed over. */
    readonly environment?: string;
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly path: string;
  }[];
  readonly pods: readonly HandedPods[];
  /** By construct path: of environments, namespaces, tiers, services and guarantees. */
  readonly lines: Readonly<Record<string, DeclaredAt>>;
  /** Undefined in what an older tierwall handed over. */
  readonly guarantees?: readonly HandedGuarantee[];
  /** Findings that are accepted. */
  readonly suppressions: readonly HandedSuppression[];
  /** All that are emitted. */
  readonly intents: readonly HandedIntent[];
  /** Which intents a rule opens for, by position, under the rule's {@link ruleKey}. None for a rule that is there for DNS alone. */
  readonly rules: Readonly<Record<string, readonly number[]>>;
}

/** As in `production/shop/tierwall-cart ingress[0]`. */
export function ruleKey(environment: string, rule: Rule): string {
  return `${environment}/${ruleToString(rule)}`;
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
  /** Where the app was asked for it, and has no mistakes. */
  readonly source?: HandedSource;
  /** Where the app was asked to prove policies that exist: what came of it. */
  readonly proved?: FolderProof;
}
