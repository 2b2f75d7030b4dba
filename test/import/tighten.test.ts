import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { importCluster } from '../../lib/import/import';
import { readForImport } from '../../lib/import/reading';
import { policies } from '../support/arbitrary-cluster';
import { policyObject } from '../support/policy-object';
import { caseSets, inputFrom } from './imported';

const workload = (name: string, settings = 'args: []') => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: c, image: c, ports: [{ name: main, containerPort: 80 }], ${settings} }] }
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ port: 80 }] }
`;
const calls = (name: string) => `env: [{ name: A, value: "http://${name}" }]`;
const policy = (name: string, spec: string) =>
  `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: ${name}, namespace: shop }\nspec: ${spec}\n`;
const deny = policy('deny', '{ podSelector: {}, policyTypes: [Ingress, Egress] }');
const pods = (name: string) => `podSelector: { matchLabels: { app: ${name} } }`;
const from = (name: string) => `ingress: [{ from: [{ ${pods(name)} }] }]`;
const to = (name: string) => `egress: [{ to: [{ ${pods(name)} }] }]`;

async function tightened(text: string) {
  const { tighter } = importCluster(await inputFrom(text), { tighten: 'yes' });
  return { ...tighter!, code: tighter!.files.get('namespaces/shop.ts')! };
}

describe('a tighter app', () => {
  test('denies everything in both directions by default, and opens both sides of what both ends name', async () => {
    const { code, plan } = await tightened(
      workload('web') + workload('db') + policy('db', `{ ${pods('db')}, ${from('web')} }`),
    );
    expect(plan.namespaces).toMatchObject([{ isolates: 'both', unnamedPods: 'denied' }]);
    expect(code).toContain('db.allowFrom(web);');
  });

  test('leaves the DNS of the cluster open where it has its namespace too, and names it as a service', async () => {
    const inSystem = (text: string) => text.replaceAll('namespace: shop', 'namespace: kube-system');
    const { files, removed } = await tightened(
      workload('web', calls('db')) +
        workload('db') +
        policy('web', `{ ${pods('web')}, policyTypes: [Egress], egress: [{}] }`) +
        policy('db', `{ ${pods('db')}, policyTypes: [Egress], egress: [{ to: [{ ${pods('web')} }] }] }`) +
        inSystem(workload('agent')) +
        inSystem(policy('agent', `{ ${pods('agent')}, policyTypes: [Egress] }`)),
    );
    const system = files.get('namespaces/kube-system.ts')!;
    expect(removed).toContain(
      'kube-system: pods with {k8s-app=kube-dns}, of which no workload is known, are denied egress that the app does not say',
    );
    expect(system).toMatch(
      /kubeDnsService = new Service\(kubeSystem, 'kube-dns', \{ labels: \{ 'k8s-app': 'kube-dns' \} \}\)/,
    );
    expect(system).toMatch(/kubeDnsService\.allowFrom\(Peer\.anywhere\(\), \{\n +ports: anyPort\(\)/);
    expect(system).toMatch(/kubeDnsService\.allowFrom\(web, \{ ports: \[53, '53\/UDP'\] \}\)/);
  });

  test('names the ports that containers declare, where policies open any', async () => {
    const { files } = importCluster(
      await inputFrom(workload('web') + workload('db') + policy('db', `{ ${pods('db')}, ${from('web')} }`)),
    );
    expect(files.get('namespaces/shop.ts')).toContain('db.allowFrom(web, { ports: anyPort() });');
  });

  test('lets in those that name it, where policies let in everybody', async () => {
    const text =
      workload('web', calls('db')) +
      workload('other') +
      workload('db') +
      policy('db', `{ ${pods('db')}, ingress: [{}] }`);
    const { code } = await tightened(text);
    expect(code).toContain("db.allowFrom(web, { because: 'env A of Deployment web names db' });");
    expect(code).not.toContain('Peer.anywhere()');
  });

  test('stays as wide as it was, and says so, where nothing tells who calls', async () => {
    const { code } = await tightened(
      workload('hook') + policy('hook', `{ ${pods('hook')}, ingress: [{ ports: [{ port: 8443 }] }] }`),
    );
    expect(code).toMatch(
      /hook\.allowFrom\(Peer\.anywhere\(\), \{ ports: \[8443\], because: 'as wide as it was: nothing tells who calls it' \}\);/,
    );
  });

  test('stays open for pods of which no workload is known', async () => {
    const { code } = await tightened(workload('db') + policy('db', `{ ${pods('db')}, ${from('stranger')} }`));
    expect(code).toMatch(
      /stranger\.allowTo\(Peer\.anywhere\(\), \{\s+ports: anyPort\(\),\s+because: 'as wide as it was: no workload tells what it needs',/,
    );
  });

  test('leaves a namespace as it is of which no workload is known at all', async () => {
    const { diff } = await tightened(policy('db', `{ ${pods('db')}, ${from('web')} }`));
    expect(diff.verdict).toBe('equal');
  });

  test('drops what one side opens and the other denies, whatever workloads name', async () => {
    const text =
      deny + workload('web', calls('db')) + workload('db') + policy('db', `{ ${pods('db')}, ${from('web')} }`);
    expect((await tightened(text)).code).not.toContain('allow');
    const both = text + policy('web', `{ ${pods('web')}, policyTypes: [Egress], ${to('db')} }`);
    expect((await tightened(both)).code).toContain('db.allowFrom(web');
  });

  test('looks up names only where that was allowed', async () => {
    const text =
      deny +
      workload('web') +
      workload('db') +
      policy('db', `{ ${pods('db')}, ${from('web')} }`) +
      policy('web', `{ ${pods('web')}, policyTypes: [Egress], ${to('db')} }`);
    expect((await tightened(text)).files.get('environment.ts')).toContain('noDns()');
    const open = workload('web') + workload('db') + policy('db', `{ ${pods('db')}, ${from('web')} }`);
    expect((await tightened(open)).files.get('environment.ts')).not.toContain('Dns');
  });

  const account = (name: string, more = '') =>
    `---\napiVersion: v1\nkind: ServiceAccount\nmetadata: { name: ${name}, namespace: shop }\n${more}`;
  const binding = (name: string) =>
    `---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: b }\nsubjects: [{ kind: ServiceAccount, name: ${name}, namespace: shop }]\n`;
  const bindingTo = (role: string, subject: string) =>
    `---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: b }\nroleRef: { kind: ClusterRole, name: '${role}' }\nsubjects: [${subject}]\n`;
  const bindingOfAll = (role: string, group = 'system:serviceaccounts') =>
    bindingTo(role, `{ kind: Group, name: ${group} }`);
  const runAs = (name: string, more = '') =>
    workload('web', 'args: []').replace('spec: { containers', `spec: { serviceAccountName: ${name}, ${more}containers`);
  const open = policy('web', `{ ${pods('web')}, policyTypes: [Ingress, Egress], egress: [{}] }`);

  test.for([
    ['a role is bound to its ServiceAccount', runAs('web') + account('web') + binding('web'), 'kept'],
    ['nothing is known of its ServiceAccount', runAs('web'), 'kept'],
    ['no role is bound to its ServiceAccount', runAs('web') + account('web'), 'dropped'],
    ['it is the default one', workload('web'), 'dropped'],
    ['a role is bound to all of them', workload('web') + bindingOfAll('edit'), 'kept'],
    ['a role is bound to all users', workload('web') + bindingOfAll('edit', 'system:authenticated'), 'kept'],
    [
      'the role that every cluster binds to all of them is bound',
      workload('web') + bindingOfAll('system:service-account-issuer-discovery'),
      'dropped',
    ],
    [
      'a role is bound to its ServiceAccount as a user',
      runAs('web') + account('web') + bindingTo('view', '{ kind: User, name: system:serviceaccount:shop:web }'),
      'kept',
    ],
    [
      'a role is bound to another one as a user',
      runAs('web') + account('web') + bindingTo('view', '{ kind: User, name: system:serviceaccount:web:shop }'),
      'dropped',
    ],
    [
      'a role that every cluster binds to all is bound to its ServiceAccount',
      runAs('web') +
        account('web') +
        bindingTo('system:discovery', '{ kind: ServiceAccount, name: web, namespace: shop }'),
      'kept',
    ],
    [
      'a Role is bound that has the name of one that every cluster binds to all',
      workload('web') + bindingOfAll('system:discovery').replace('kind: ClusterRole,', 'kind: Role,'),
      'kept',
    ],
    ['the pod gets no token', runAs('web', 'automountServiceAccountToken: false, ') + binding('web'), 'dropped'],
    [
      'the account gives no token',
      runAs('web') + account('web', 'automountServiceAccountToken: false\n') + binding('web'),
      'dropped',
    ],
  ] as const)(
    'keeps the way to the API server but where it is clearly not needed, and says so: %s',
    async ([, text, what]) => {
      for (const policies of [open, policy('other', `{ ${pods('other')}, policyTypes: [Ingress] }`)]) {
        const { code, removed } = await tightened(text + policies);
        expect(
          code.includes('web.allowTo(Peer.anyAddress(), { ports: [443, 6443]') ||
            code.includes('web.allowTo(Peer.anyAddress(), {\n    ports: [443, 6443]'),
        ).toBe(what === 'kept');
        expect(removed.some((line) => line.startsWith('shop/web: no longer to the API server; '))).toBe(
          what === 'dropped',
        );
      }
    },
  );

  test('says what it takes away of which no manifest tells whether it is used', async () => {
    const { removed } = await tightened(
      runAs('web') + open + policy('hook', `{ ${pods('hook')}, ${from('web')} }`) + workload('hook'),
    );
    expect(removed).toEqual([
      'shop: default deny is new for ingress and egress, so that pods that no service picks are denied',
      'shop/hook: no longer to the API server; no role is bound to its ServiceAccount default in the input',
      'shop/hook: no longer to DNS, so to nobody by name',
      'shop/hook: no longer to any address, which may be nodes or the internet',
      'shop/web: on 443/TCP 6443/TCP alone to any address, which may be nodes or the internet',
    ]);
  });

  test('comes with what it changes, row by row', async () => {
    const { diff } = await tightened(
      workload('web', calls('db')) +
        workload('other') +
        workload('db') +
        policy('db', `{ ${pods('db')}, ingress: [{}] }`),
    );
    const rows = diff.connections.map(({ change, sources, destinations }) => [
      change,
      sources.map((s) => s.name),
      destinations.map((d) => d.name),
    ]);
    expect(rows).toContainEqual(['removed', ['db', 'other'], ['db']]);
    expect(diff.connections.every(({ gained }) => gained.allowed.length === 0)).toBe(true);
  });

  test('tells addresses from the same without exceptions', async () => {
    const blocks = (except: string, ports: string) => `{ from: [{ ipBlock: { cidr: 10.0.0.0/8${except} } }]${ports} }`;
    const rules = `${blocks(', except: [10.0.0.0/16]', ', ports: [{ port: 82 }]')}, ${blocks('', ', ports: [{ port: 81 }]')}`;
    const { code } = await tightened(workload('web') + policy('web', `{ ${pods('web')}, ingress: [${rules}] }`));
    expect(code).toContain("web.allowFrom(Peer.cidr('10.0.0.0/8'), { ports: [81] });");
  });

  test('never allows more, for any policies: else there is none', async () => {
    const drawn = policies.filter((list) => list.some((p) => !p.pods.isEmpty)).map((list) => list.map(policyObject));
    const named = (name: string, label: string, target: string) =>
      workload(name, calls(target))
        .replaceAll('namespace: shop', 'namespace: a')
        .replaceAll(`app: ${name}`, `app: "${label}", tier: x`);
    await fc.assert(
      fc.asyncProperty(drawn, async (objects) => {
        const manifests = [
          named('one', 'x', 'two'),
          named('two', 'y', 'one'),
          ...objects.map((object) => JSON.stringify(object)),
        ];
        const { tighter } = importCluster(await inputFrom(manifests.join('\n---\n')), { tighten: 'yes' });
        expect(tighter?.proof.differences.filter(({ kind }) => kind === 'gained')).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

const sets = caseSets();
test.skipIf(sets.length === 0)(
  'the tighter apps of real policies allow no more (skipped where ../shared/cases is absent)',
  async () => {
    for (const path of sets) {
      const { tighter } = importCluster(await readForImport([path], { cwd: '/' }), { tighten: 'yes' });
      expect(tighter?.diff.connections.flatMap(({ gained }) => gained.allowed)).toEqual([]);
    }
  },
);
