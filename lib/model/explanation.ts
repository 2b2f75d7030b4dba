import type { CniProfile } from './cni-profile';
import type { Decision } from './connection';
import type { ListedPlace } from './connectivity-listing';
import type { NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule } from './network-policy';
import type { Direction } from './policy';
import type { WorkloadKind } from './workload';

/** One end of a connection, as the question named it. */
export type ExplainedEnd =
  | {
      readonly kind: 'workload';
      /** `namespace/name`; with the kind before it where another workload has that name too. */
      readonly text: string;
      readonly namespace: string;
      readonly name: string;
      readonly workload: WorkloadKind;
      readonly labels: Readonly<Record<string, string>>;
      readonly network: 'pod' | 'host';
      /** `assumed`: no Namespace object is given, so that only the label with its name is known. */
      readonly namespaceLabels: 'given' | 'assumed';
    }
  /** A pod that could exist. */
  | {
      readonly kind: 'pod';
      /** As in `shop{app=web}`. */
      readonly text: string;
      readonly namespace: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly namespaceLabels: 'given' | 'assumed';
    }
  | { readonly kind: 'addresses'; readonly text: string };

/** One line of a source, as it is written there. */
export interface ExcerptLine {
  /** 1-based. */
  readonly line: number;
  readonly text: string;
}

/** The construct that a policy was compiled from, and its line in the code where that is known. */
export interface PolicyConstruct {
  /** As in `production/shop/cart`. */
  readonly path: string;
  readonly file?: string;
  readonly line?: number;
}

/** A line of the code. */
export interface CodeLine {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

export interface ExplainedPolicy {
  /** As in `shop/default-deny`. */
  readonly policy: string;
  readonly place: ListedPlace;
  /** The labels that it selects, as in `app=cart`; empty for every pod of its namespace. */
  readonly selects: string;
  /** Of a policy that tierwall wrote. */
  readonly construct?: PolicyConstruct;
  /** What makes it isolate. Empty where there is no text to show. */
  readonly excerpt: readonly ExcerptLine[];
}

/** One entry of `from`, `to` or `ports`. */
export interface ExplainedEntry {
  readonly text: string;
  readonly place: ListedPlace;
}

export interface AllowingRule {
  /** As in `shop/cart ingress[0]`. */
  readonly rule: string;
  readonly place: ListedPlace;
  /** The entries of `from` or `to` that match. */
  readonly peers: readonly ExplainedEntry[];
  /** The entries of `ports` that match. */
  readonly ports: readonly ExplainedEntry[];
  /** `part`: other rules allow the rest of the addresses. */
  readonly holds: 'all' | 'part';
  readonly construct?: PolicyConstruct;
  /** Lines of the code that ask for what it opens, where they are known. */
  readonly code?: readonly CodeLine[];
  readonly excerpt: readonly ExcerptLine[];
}

/** One reason for which an entry of a rule does not match. */
export type Mismatch =
  /** The rule has ports, but of this protocol none. */
  | { readonly kind: 'protocol'; readonly wanted: string; readonly found: string }
  | { readonly kind: 'port'; readonly wanted: string; readonly found: string }
  /** A port by name. `found`: what the destination calls so, if anything. */
  | { readonly kind: 'port-name'; readonly wanted: string; readonly found: string | undefined }
  /** A label of the peer's namespace. `labels`: whether the namespace's labels are known. */
  | {
      readonly kind: 'namespace-label';
      readonly key: string;
      readonly wanted: string;
      readonly found: string | undefined;
      readonly labels: 'given' | 'assumed';
    }
  | { readonly kind: 'namespace'; readonly wanted: string; readonly found: string }
  | { readonly kind: 'label'; readonly key: string; readonly wanted: string; readonly found: string | undefined }
  | { readonly kind: 'address'; readonly wanted: string; readonly found: string }
  | { readonly kind: 'except'; readonly wanted: string; readonly found: string }
  /** Pods are asked for, and the peer is an address outside the cluster. */
  | { readonly kind: 'pods-only' }
  /** Addresses are asked for, and the CNI matches them with no pod. */
  | { readonly kind: 'addresses-only'; readonly cni: string; readonly source?: string }
  /** A selector, and the CNI does not let selectors pick pods on the host network. */
  | { readonly kind: 'host-network'; readonly cni: string; readonly source?: string };

/** A rule that isolating policies hold, and why it does not allow. */
export interface FailingRule {
  readonly rule: string;
  readonly place: ListedPlace;
  /** Why none of its ports matches; empty where one does. */
  readonly ports: readonly Mismatch[];
  /** Each entry of `from` or `to`. `perhaps`: that is open, and makes no difference here. */
  readonly peers: readonly (ExplainedEntry & {
    readonly fits: 'yes' | 'no' | 'perhaps';
    readonly mismatches: readonly Mismatch[];
  })[];
  readonly construct?: PolicyConstruct;
  /** Lines of the code that ask for what it opens, where they are known. */
  readonly code?: readonly CodeLine[];
  readonly excerpt: readonly ExcerptLine[];
}

export interface ExplainedDoubt {
  /** As in `does an ipBlock match the address of a pod?`. */
  readonly question: string;
  /** The rule or policy that decides once the question is answered, as in `shop/cart ingress[0]`. */
  readonly about: string;
  readonly place: ListedPlace;
  /** What would answer it. */
  readonly settle: string;
}

/** What the policies of one end say. */
export interface ExplainedSide {
  readonly direction: Direction;
  readonly decision: Decision;
  /**
   * `outside`: an address, which no policy isolates. `open`: no policy selects the pod in this direction. `not-enforced`: policies
   * select it, but this CNI does not enforce them there.
   */
  readonly isolation: 'isolated' | 'open' | 'not-enforced' | 'outside';
  readonly isolatedBy: readonly ExplainedPolicy[];
  readonly allowedBy: readonly AllowingRule[];
  /** Where no rule allows: every rule of the isolating policies, the nearest to allowing first. */
  readonly failing: readonly FailingRule[];
  readonly doubts: readonly ExplainedDoubt[];
}

/** One change of a policy. */
export type Change = {
  readonly direction: Direction;
  /** As in `shop/cart`. */
  readonly policy: string;
  /** What it opens and nothing else, as in `pods app=cart of shop`. */
  readonly opens: {
    readonly subject: string;
    readonly peer: string;
    readonly ports: readonly string[];
    /** Other workloads of the input that have the subject's labels too, as in `shop/cart-canary`. */
    readonly alsoSubjects: readonly string[];
    readonly alsoPeers: readonly string[];
  };
  /** Of what tierwall writes: the code to be changed instead. Empty for a policy of others. */
  readonly constructs: readonly PolicyConstruct[];
} & (
  | {
      readonly kind: 'add-rule';
      readonly place: ListedPlace;
      /** To add to `spec.ingress` or `spec.egress`. */
      readonly rule: NetworkPolicyIngressRule | NetworkPolicyEgressRule;
    }
  | { readonly kind: 'new-policy'; readonly object: NetworkPolicy }
);

/** The smallest change that would allow a denied connection. */
export interface Fix {
  /** One for each end that denies. */
  readonly changes: readonly Change[];
  /** What the verdict is with the changes made. */
  readonly verdict: Decision;
  /** The same as a statement of tierwall. */
  readonly typescript: {
    readonly line: string;
    /** What the names in it stand for. */
    readonly names: readonly { readonly name: string; readonly stands: string }[];
    /** What synth asks for besides, or it refuses the statement: a port to be declared, a reason to be given. */
    readonly needs: readonly string[];
  };
}

/** The verdict on one source, one destination, and ports that are judged for the same reasons. */
export interface ExplainedCase {
  readonly source: ExplainedEnd;
  readonly destination: ExplainedEnd;
  /** At the destination's pods, as in `7070/TCP`; `*` for every port of every protocol. */
  readonly ports: readonly string[];
  /** How the ports that were asked for became these, as in ``cart:80 is translated to 7070/TCP``. */
  readonly translations: readonly { readonly text: string; readonly place?: ListedPlace }[];
  readonly decision: Decision;
  /** `yes`: a pod and itself, which policies do not judge. */
  readonly itself: 'yes' | 'no';
  readonly egress: ExplainedSide;
  readonly ingress: ExplainedSide;
  /** Of an unknown verdict: what it would be with each CNI, by `--cni` id. */
  readonly byCni: Readonly<Record<'allowed' | 'denied' | 'unknown', readonly string[]>> | undefined;
  readonly fix: Fix | undefined;
  /** Why there is no fix for what is denied. */
  readonly noFix: string | undefined;
  readonly notes: readonly string[];
}

/** Why connections are allowed or not: plain data. */
export interface Explanation {
  readonly cni: Pick<CniProfile, 'id' | 'name'>;
  /** As it was asked. */
  readonly asked: { readonly from: string; readonly to: string; readonly ports?: string };
  /** `allowed` if every case is; else `denied` if any is. */
  readonly decision: Decision;
  readonly cases: readonly ExplainedCase[];
  readonly notes: readonly string[];
}
