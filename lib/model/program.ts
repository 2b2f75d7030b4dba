import type { Origin } from '../origin/origin';
import type { LabelBox } from '../sets/label-box';
import type { Dns } from './dns';
import type { Issue } from './issue';
import type { LabelScheme } from './label-scheme';
import type { NetworkPolicy } from './network-policy';
import type { Outside } from './outside';
import type { Direction, Policy } from './policy';
import type { AnyPort, Port } from './port';
import type { Workload } from './workload';

/** What every declared thing knows about itself. */
export interface Declared {
  /** Construct path. */
  readonly path: string;
  readonly origin: Origin | undefined;
}

/** Where the API server listens, as pods reach it: endpoint addresses, not the `kubernetes` Service's. */
export interface ApiServerAddress {
  readonly cidrs: readonly string[];
  /** The endpoints' port. */
  readonly port: number;
}

export interface EnvironmentModel extends Declared {
  readonly kind: 'environment';
  readonly name: string;
  /** Environments of one cluster can reach each other; those of different clusters only by address. */
  readonly cluster: string;
  readonly scheme: LabelScheme;
  readonly dns: Dns;
  readonly apiServer: ApiServerAddress | undefined;
  /** Special ranges that are not the internet. */
  readonly notInternet: readonly string[];
}

/** The directions in which pods are denied what is not declared. */
export type Isolation = 'both' | 'ingress' | 'egress' | 'none';

export interface NamespaceModel extends Declared {
  readonly kind: 'namespace';
  readonly environment: EnvironmentModel;
  readonly name: string;
  readonly team: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly object: 'expected' | 'written';
  readonly defaultDenyName: string;
  /** Whether a policy of that name exists already, and is taken over. */
  readonly defaultDenyIs: 'new' | 'taken-over';
  readonly systemNamespace: 'managed' | 'refused';
  readonly isolates: Exclude<Isolation, 'none'>;
  /** Pods that no service names: denied by a default deny, or as open as without any policy. */
  readonly unnamedPods: 'denied' | 'open';
  readonly services: readonly ServiceModel[];
  readonly rawPolicies: readonly RawPolicyModel[];
}

/** A policy that is written as it was given, beside those that are made of intents. */
export interface RawPolicyModel extends Declared {
  readonly kind: 'raw-policy';
  readonly namespace: NamespaceModel;
  readonly name: string;
  readonly spec: NetworkPolicy['spec'];
  /** Why no intents say it. */
  readonly because: string;
  /** What it allows and isolates; undefined where the API server would refuse it, which is a mistake. */
  readonly meaning: Policy | undefined;
}

export interface TierModel extends Declared {
  readonly kind: 'tier';
  readonly namespace: NamespaceModel;
  readonly name: string;
  /** How the tier is written where it is a peer. */
  readonly selection: 'members' | 'label';
  readonly services: readonly ServiceModel[];
}

/** Pods that are known to exist, from a manifest or a cdk8s-plus workload. */
export interface KnownPods {
  /** As in `Deployment redis`. */
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface ServiceModel extends Declared {
  readonly kind: 'service';
  readonly namespace: NamespaceModel;
  readonly tier: TierModel | undefined;
  readonly name: string;
  readonly pods: LabelBox;
  readonly ports: ReadonlyMap<string, Port> | AnyPort;
  readonly known: KnownPods | undefined;
  readonly isolates: Isolation;
  /** Paths of the services whose pods it may share. */
  readonly sharesPodsWith: ReadonlySet<string>;
}

/** Services that this app isolates: one, a tier's, or a namespace's. */
export type Group = ServiceModel | TierModel | NamespaceModel;

export type Party = Group | Outside;

/** A port as an intent asks for it: the callee's own name for it, or a port. */
export type PortRef = string | Port | AnyPort;

/** One declared "may talk to". */
export interface Intent extends Declared {
  readonly caller: Party;
  readonly callee: Party;
  readonly declaredBy: 'caller' | 'callee';
  /** The sides that it opens. */
  readonly enforcedAt: 'both' | 'callee' | 'caller';
  /** The callee's declared ports if undefined. */
  readonly ports: readonly PortRef[] | undefined;
  readonly because: string | undefined;
  /** Last UTC day on which the access is emitted, `YYYY-MM-DD`. */
  readonly until: string | undefined;
  /** The reason for reaching another environment. */
  readonly crossEnvironment: string | undefined;
}

/** `Never`: nothing of `from` reaches `to`. */
export interface Guarantee extends Declared {
  readonly name: string;
  readonly from: readonly (Party | EnvironmentModel)[];
  readonly to: readonly (Party | EnvironmentModel)[];
  /** Every port if undefined. */
  readonly ports: readonly PortRef[] | undefined;
}

/** A policy of another owner, read from manifests. */
export interface ForeignPolicy {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** Where it was read. */
  readonly source: string;
}

/** Workloads of manifests that the app was given. */
export interface ImportedWorkloads {
  readonly workloads: readonly Workload[];
  /** Of what was made from them: of the environment that they run in, and of those that name no namespace themselves. */
  readonly namespace: NamespaceModel;
}

/** What `tierwall lint` finds at a construct, or below it, and is accepted. */
export interface AcceptedFindings extends Declared {
  readonly rules: readonly string[];
  readonly because: string;
  /** Last day on which it is, `YYYY-MM-DD`. */
  readonly until: string | undefined;
}

/** Everything that one app declares, in no particular order. */
export interface Program {
  readonly environments: readonly EnvironmentModel[];
  readonly namespaces: readonly NamespaceModel[];
  readonly tiers: readonly TierModel[];
  readonly services: readonly ServiceModel[];
  readonly rawPolicies: readonly RawPolicyModel[];
  readonly intents: readonly Intent[];
  readonly guarantees: readonly Guarantee[];
  readonly foreignPolicies: readonly ForeignPolicy[];
  readonly imports: readonly ImportedWorkloads[];
  readonly suppressions: readonly AcceptedFindings[];
  /** Mistakes that were seen while the program was declared. */
  readonly mistakes: readonly Issue[];
}

export function servicesOf(group: Group): readonly ServiceModel[] {
  return group.kind === 'service' ? [group] : group.services;
}

export function isGroup(party: Party | EnvironmentModel): party is Group {
  return party.kind === 'service' || party.kind === 'tier' || party.kind === 'namespace';
}

export function namespaceOf(group: Group): NamespaceModel {
  return group.kind === 'namespace' ? group : group.namespace;
}

/** Whether pods may be of both services on purpose: one of them says so, or is all pods. */
export function mayShare(a: ServiceModel, b: ServiceModel): boolean {
  return a.pods.isEverything || b.pods.isEverything || a.sharesPodsWith.has(b.path) || b.sharesPodsWith.has(a.path);
}

export function isolatesIn(isolation: Isolation, direction: Direction): boolean {
  return isolation === 'both' || isolation === direction;
}

/** The directions in which the namespace's default deny denies; none where it has none. */
export function defaultDenyOf({ isolates, unnamedPods }: NamespaceModel): Isolation {
  return unnamedPods === 'denied' ? isolates : 'none';
}

export function partyToString(party: Party | EnvironmentModel): string {
  return isGroup(party) || party.kind === 'environment' ? party.path : party.description;
}
