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
