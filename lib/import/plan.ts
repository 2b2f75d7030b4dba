import type { Place } from '../model/issue';
import type { NetworkPolicy } from '../model/network-policy';
import type { Direction } from '../model/policy';
import type { Isolation } from '../model/program';
import type { LabelBox } from '../sets/label-box';
import type { PortItem, PortSet } from '../sets/port-set';

/** An app, as it is to be written. Everything in it is in the order in which it is written. */
export interface AppPlan {
  readonly environment: EnvironmentPlan;
  readonly namespaces: readonly NamespacePlan[];
}

export interface EnvironmentPlan {
  readonly name: string;
  readonly dns: 'kubeDns' | 'nodeLocalDns' | 'openshiftDns' | 'noDns';
  /** The keys of the labels that carry a service's name and a namespace's team, where they are not tierwall's own. */
  readonly nameKey: string | undefined;
  readonly teamKey: string | undefined;
}

export interface NamespacePlan {
  readonly name: string;
  readonly isolates: Exclude<Isolation, 'none'>;
  readonly unnamedPods: 'denied' | 'open';
  readonly team: string | undefined;
  /** Labels that some policy asks for. */
  readonly labels: Readonly<Record<string, string>>;
  readonly tiers: readonly string[];
  /** Those whose pods others share come before these. */
  readonly services: readonly ServicePlan[];
  readonly statements: readonly StatementPlan[];
  readonly rawPolicies: readonly RawPlan[];
}

export interface ServicePlan {
  readonly name: string;
  readonly namespace: string;
  readonly tier: string | undefined;
  readonly pods: LabelBox;
  /** Undefined where it is what the namespace isolates. */
  readonly isolates: Isolation | undefined;
  /** By name; those that have none are told from the others by `unnamedPort`. */
  readonly ports: ReadonlyMap<string, PortItem>;
  /** Names of services of its namespace. */
  readonly sharesPodsWith: readonly string[];
  /** What runs its pods, as in `Deployment redis`. */
  readonly workload: string | undefined;
}

export type PartyPlan =
  | { readonly kind: 'service'; readonly service: ServicePlan }
  | { readonly kind: 'namespace'; readonly namespace: string }
  | { readonly kind: 'peer'; readonly peer: PeerPlan };

/** A peer outside the app. */
export interface PeerPlan {
  /** As in `Peer.namespace('monitoring')`. */
  readonly code: string;
  /** As annotations call it. */
  readonly description: string;
  /** Words for a constant's name. */
  readonly words: string;
}

/** One `allowFrom` or `allowTo`. */
export interface StatementPlan {
  readonly verb: 'allowFrom' | 'allowTo';
  readonly subject: ServicePlan;
  readonly parties: readonly PartyPlan[];
  readonly ports: PortSet;
  readonly enforcedAt: 'callee' | 'caller' | undefined;
  readonly because: string | undefined;
}

export interface RawPlan {
  readonly name: string;
  readonly spec: NetworkPolicy['spec'];
  readonly reason: string;
  readonly policy: string;
  readonly place: Place;
}

/** The other direction's party of an opening. */
export function verbOf(direction: Direction): 'from' | 'to' {
  return direction === 'ingress' ? 'from' : 'to';
}
