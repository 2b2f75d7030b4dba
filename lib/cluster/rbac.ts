import { accessKinds, configMaps, coreResources, customKinds, type ResourceKind, saysWho } from './resources';

/** What is done with a cluster. */
export const purposes = ['read', 'import', 'watch', 'enforce', 'apply'] as const;
export type Purpose = (typeof purposes)[number];

export interface AccessRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const policies: Omit<AccessRule, 'verbs'> = { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'] };
const namespaces: Omit<AccessRule, 'verbs'> = { apiGroups: [''], resources: ['namespaces'] };

/**
 * Exactly what is needed in the whole cluster. Which API groups there are, every user may ask anyway.
 * @param custom kinds that the cluster has, or could have
 */
export function clusterRules(purpose: Purpose, custom: readonly ResourceKind[] = customKinds): AccessRule[] {
  const read = [...coreResources, ...custom];
  switch (purpose) {
    case 'read':
      return readRules(read, ['list']);
    case 'import':
      return readRules([...coreResources, configMaps, ...accessKinds, ...custom], ['list']);
    case 'watch':
      return [
        ...readRules(read.filter(saysWho), ['list', 'watch']),
        { apiGroups: [''], resources: ['events'], verbs: ['create'] },
      ];
    case 'enforce':
      return [...clusterRules('watch', custom), { ...policies, verbs: ['create', 'delete', 'patch'] }];
    case 'apply':
      return [
        ...readRules(read, ['list']),
        { ...policies, verbs: ['create', 'delete', 'patch'] },
        { ...namespaces, verbs: ['create', 'patch'] },
      ];
  }
}

/** What is needed besides in the namespace of a monitor's own pods, which elect a leader. */
export function ownNamespaceRules(lease: string): (AccessRule & { readonly resourceNames?: readonly string[] })[] {
  const leases = { apiGroups: ['coordination.k8s.io'], resources: ['leases'] };
  return [
    { ...leases, verbs: ['create'] },
    { ...leases, resourceNames: [lease], verbs: ['get', 'update'] },
  ];
}

/** One rule for each API group. */
function readRules(kinds: readonly ResourceKind[], verbs: readonly string[]): AccessRule[] {
  const groups = new Map<string, string[]>();
  for (const { group, plural } of kinds) groups.set(group, [...(groups.get(group) ?? []), plural]);
  return [...groups].map(([group, plurals]) => ({
    apiGroups: [group],
    resources: [...new Set(plurals)].sort(),
    verbs,
  }));
}

export interface RoleObject {
  readonly apiVersion: 'rbac.authorization.k8s.io/v1';
  readonly kind: 'ClusterRole';
  readonly metadata: { readonly name: string };
  readonly rules: readonly AccessRule[];
}

export function clusterRole(name: string, rules: readonly AccessRule[]): RoleObject {
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name }, rules };
}
