import { policyKinds } from '../read/unread-kinds';

/** A kind of objects as the API serves it. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** As in `networkpolicies`. */
  readonly plural: string;
  /** `custom`: served only where somebody installed it. */
  readonly presence: 'always' | 'custom';
}

/** A kind whose version depends on the cluster. */
export type ResourceKind = Pick<Resource, 'group' | 'kind' | 'plural'>;

/** What every API server serves, of all that says something of the network. */
export const coreResources: readonly Resource[] = [
  ...['Namespace', 'Pod', 'Service', 'ReplicationController'].map((kind) => core('', 'v1', kind)),
  ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].map((kind) => core('apps', 'v1', kind)),
  ...['Job', 'CronJob'].map((kind) => core('batch', 'v1', kind)),
  ...['NetworkPolicy', 'Ingress'].map((kind) => core('networking.k8s.io', 'v1', kind)),
];

/** Workloads name each other in them. */
export const configMaps: Resource = core('', 'v1', 'ConfigMap');

/** They tell who may use the API server. Not everybody may list them who may list the rest. */
export const accessKinds: readonly Resource[] = [
  core('', 'v1', 'ServiceAccount'),
  ...['RoleBinding', 'ClusterRoleBinding'].map((kind) => core('rbac.authorization.k8s.io', 'v1', kind)),
];

/** Kinds that are read, or that leave a verdict open, where they are installed. */
export const customKinds: readonly ResourceKind[] = [
  { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', plural: 'httproutes' },
  { group: 'route.openshift.io', kind: 'Route', plural: 'routes' },
  ...policyKinds().map(({ group, kind }) => ({ group, kind, plural: pluralOf(kind) })),
];

/** Kinds that say who may connect, and who there is; not how a connection gets there. */
export function saysWho({ kind }: Pick<Resource, 'kind'>): boolean {
  return !['Service', 'Ingress', 'HTTPRoute', 'Route'].includes(kind);
}

function core(group: string, version: string, kind: string): Resource {
  return { group, version, kind, plural: pluralOf(kind), presence: 'always' };
}

/** As the API server calls the resource of one of these kinds. */
function pluralOf(kind: string): string {
  const word = kind.toLowerCase();
  if (word.endsWith('policy')) return `${word.slice(0, -1)}ies`;
  return word.endsWith('s') ? `${word}es` : `${word}s`;
}

/** Where the API serves the objects of all namespaces. */
export function pathOf({ group, version, plural }: Pick<Resource, 'group' | 'version' | 'plural'>): string {
  return group === '' ? `/api/${version}/${plural}` : `/apis/${group}/${version}/${plural}`;
}

/** As in `networkpolicies.networking.k8s.io`. */
export function resourceToString({ group, plural }: Pick<Resource, 'group' | 'plural'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}
