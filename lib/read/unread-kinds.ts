/** What a policy of a kind that is not read is about; `none` where it changes no connection. */
export type UnreadScope = 'namespace' | 'cluster' | 'none';

type Fields = Readonly<Record<string, unknown>>;
type Rule = UnreadScope | ((metadata: Fields, spec: Fields) => UnreadScope);

const calico: Readonly<Record<string, Rule>> = {
  NetworkPolicy: 'namespace',
  GlobalNetworkPolicy: 'cluster',
  // Staged policies preview what they would do and enforce nothing (docs.tigera.io, reference, resources).
  StagedNetworkPolicy: 'none',
  StagedGlobalNetworkPolicy: 'none',
  StagedKubernetesNetworkPolicy: 'none',
  // A tier is nothing without its policies, which are unread themselves; but Kubernetes' own are in the one called `default`,
  // and its default action may let pass what they leave undecided.
  Tier: ({ name }, { defaultAction = 'Deny' }) => (name === 'default' && defaultAction !== 'Deny' ? 'cluster' : 'none'),
};

const antrea: Readonly<Record<string, Rule>> = { NetworkPolicy: 'namespace', ClusterNetworkPolicy: 'cluster' };

/**
 * Policies of a mesh's proxies refuse connections by port, namespace and identity, in addition to what the network allows. One in
 * the mesh's root namespace is about all others. PeerAuthentication and RequestAuthentication say how callers identify
 * themselves and not who may call, so they are not policies here.
 */
const meshPolicy: Rule = ({ namespace }) => (namespace === 'istio-system' ? 'cluster' : 'namespace');

const kinds: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  'cilium.io': { CiliumNetworkPolicy: 'namespace', CiliumClusterwideNetworkPolicy: 'cluster' },
  'crd.projectcalico.org': calico,
  'projectcalico.org': calico,
  'policy.networking.k8s.io': {
    AdminNetworkPolicy: 'cluster',
    BaselineAdminNetworkPolicy: 'cluster',
    ClusterNetworkPolicy: 'cluster',
  },
  'crd.antrea.io': antrea,
  'security.antrea.tanzu.vmware.com': antrea,
  'security.istio.io': { AuthorizationPolicy: meshPolicy },
  'policy.linkerd.io': { AuthorizationPolicy: 'namespace', Server: 'namespace', ServerAuthorization: 'namespace' },
  'k8s.ovn.org': { EgressFirewall: 'namespace' },
  'network.openshift.io': { EgressNetworkPolicy: 'namespace' },
  'networking.k8s.aws': { ApplicationNetworkPolicy: 'namespace', ClusterNetworkPolicy: 'cluster' },
  'vpcresources.k8s.aws': { SecurityGroupPolicy: 'namespace' },
};

/**
 * Whether a kind that is not read decides who may connect, and for which pods. A kind that nobody here knows, and that calls itself a
 * network policy, counts as one for the whole cluster.
 */
export function unreadScope(group: string, kind: string, metadata: Fields, spec: Fields): UnreadScope {
  const rules = Object.hasOwn(kinds, group) ? kinds[group] : undefined;
  const rule = rules && Object.hasOwn(rules, kind) ? rules[kind] : undefined;
  if (rule !== undefined) return typeof rule === 'string' ? rule : rule(metadata, spec);
  return kind.includes('NetworkPolicy') ? 'cluster' : 'none';
}

/** Whether objects of a kind, in whatever group, decide who may connect, whether they are read or not. */
export function isPolicyKind(kind: string): boolean {
  return /NetworkPolicy/i.test(kind) || policyKinds().some((known) => known.kind === kind);
}

/** Every kind that is known to decide who may connect, though it is not read. */
export function policyKinds(): { readonly group: string; readonly kind: string }[] {
  return Object.entries(kinds).flatMap(([group, rules]) =>
    Object.keys(rules)
      .filter((kind) => rules[kind] !== 'none')
      .map((kind) => ({ group, kind })),
  );
}

/** Whether some object of the kind may decide who may connect, whatever else is in it. */
export function mayDecide(group: string, kind: string): boolean {
  const rules = Object.hasOwn(kinds, group) ? kinds[group]! : {};
  return Object.hasOwn(rules, kind) ? rules[kind] !== 'none' : kind.includes('NetworkPolicy');
}
