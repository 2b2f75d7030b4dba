import { clusterRules, ownNamespaceRules } from '../cluster/rbac';

export interface MonitorSettings {
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  /** In the image. */
  readonly policies: string;
  readonly environments: readonly string[];
  readonly enforce: 'off' | 'dry-run' | 'on';
  readonly prune: 'yes' | 'no';
  readonly replicas: number;
  readonly port: number;
  readonly selector: Readonly<Record<string, string>>;
  readonly podLabels: Readonly<Record<string, string>>;
}

interface MonitorObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

/** What a monitor needs to run: its Deployment, its ServiceAccount, and the roles that let it do just that. */
export function monitorObjects(settings: MonitorSettings): MonitorObject[] {
  const { name, namespace, enforce } = settings;
  const apiGroup = 'rbac.authorization.k8s.io';
  const rbac = `${apiGroup}/v1`;
  const subjects = [{ kind: 'ServiceAccount', name, namespace }];
  // A ClusterRole is in no namespace, so that two monitors must not use one name.
  const clusterName = `${namespace}-${name}`;
  const own = { name, namespace };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: own },
    {
      apiVersion: rbac,
      kind: 'ClusterRole',
      metadata: { name: clusterName },
      rules: clusterRules(enforce === 'off' ? 'watch' : 'enforce'),
    },
    {
      apiVersion: rbac,
      kind: 'ClusterRoleBinding',
      metadata: { name: clusterName },
      roleRef: { apiGroup, kind: 'ClusterRole', name: clusterName },
      subjects,
    },
    { apiVersion: rbac, kind: 'Role', metadata: own, rules: ownNamespaceRules(name) },
    { apiVersion: rbac, kind: 'RoleBinding', metadata: own, roleRef: { apiGroup, kind: 'Role', name }, subjects },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: own, spec: deploymentOf(settings) },
  ];
}

function deploymentOf(settings: MonitorSettings) {
  const { name, image, replicas, port, selector, podLabels } = settings;
  const probe = (path: string) => ({ httpGet: { path, port: 'http' }, periodSeconds: 10 });
  return {
    replicas,
    selector: { matchLabels: selector },
    template: {
      metadata: { labels: podLabels },
      spec: {
        serviceAccountName: name,
        securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name: 'tierwall',
            image,
            command: ['tierwall'],
            args: argumentsOf(settings),
            ports: [{ name: 'http', containerPort: port }],
            livenessProbe: { ...probe('/healthz'), initialDelaySeconds: 10 },
            readinessProbe: probe('/readyz'),
            resources: { requests: { cpu: '50m', memory: '192Mi' }, limits: { memory: '1Gi' } },
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ['ALL'] },
            },
          },
        ],
      },
    },
  };
}

function argumentsOf({ name, namespace, policies, environments, enforce, prune, port }: MonitorSettings): string[] {
  return [
    ...['drift', policies, ...environments.flatMap((environment) => ['--environment', environment])],
    ...['--watch', '--output', 'json', '--listen', `:${port}`, '--events', '--lease', `${namespace}/${name}`],
    ...(enforce === 'off' ? [] : ['--enforce', enforce]),
    ...(prune === 'yes' ? ['--prune'] : []),
  ];
}
