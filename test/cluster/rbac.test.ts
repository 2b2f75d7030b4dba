import { expect, test } from 'vitest';
import { clusterRules, purposes } from '../../lib/cluster/rbac';
import { customKinds } from '../../lib/cluster/resources';
import { policyKinds } from '../../lib/read/unread-kinds';

const writing = ['create', 'update', 'patch', 'delete', 'deletecollection'];
const lines = (purpose: (typeof purposes)[number]) =>
  clusterRules(purpose, []).flatMap(({ apiGroups, resources, verbs }) =>
    resources.map((resource) => `${verbs.join(',')} ${resource}${apiGroups[0] && `.${apiGroups[0]}`}`),
  );

test('reading lists what says something of the network, and no more', () => {
  expect(lines('read')).toEqual([
    'list namespaces',
    'list pods',
    'list replicationcontrollers',
    'list services',
    'list daemonsets.apps',
    'list deployments.apps',
    'list replicasets.apps',
    'list statefulsets.apps',
    'list cronjobs.batch',
    'list jobs.batch',
    'list ingresses.networking.k8s.io',
    'list networkpolicies.networking.k8s.io',
  ]);
});

test('importing also lists what tells whom workloads use, and who may use the API server', () => {
  expect(lines('import').filter((line) => !lines('read').includes(line))).toEqual([
    'list configmaps',
    'list serviceaccounts',
    'list clusterrolebindings.rbac.authorization.k8s.io',
    'list rolebindings.rbac.authorization.k8s.io',
  ]);
});

test('what writes, writes policies; a monitor Events, and apply the namespaces that an app writes', () => {
  const written = (purpose: (typeof purposes)[number]) =>
    lines(purpose).filter((l) => writing.some((verb) => l.includes(verb)));
  expect(Object.fromEntries(purposes.map((purpose) => [purpose, written(purpose)]))).toEqual({
    read: [],
    import: [],
    watch: ['create events'],
    enforce: ['create events', 'create,delete,patch networkpolicies.networking.k8s.io'],
    apply: ['create,delete,patch networkpolicies.networking.k8s.io', 'create,patch namespaces'],
  });
});

test('every kind of policy that is not read can be listed, since it leaves verdicts open', () => {
  expect(policyKinds().length).toBeGreaterThan(15);
  for (const { group, kind } of policyKinds())
    expect(customKinds).toContainEqual(expect.objectContaining({ group, kind }));
  const words = customKinds.map(({ plural }) => plural);
  expect(words).toContain('ciliumclusterwidenetworkpolicies');
  expect(words).toContain('servers');
});
