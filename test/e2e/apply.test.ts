import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { evaluate } from '../../lib/analysis/evaluate';
import type { Cluster } from '../../lib/model/cluster';
import { defaultProfile } from '../../lib/model/cni-profiles';
import type { Connection, End, PodEnd } from '../../lib/model/connection';
import type { Policy } from '../../lib/model/policy';
import { clusterOfObjects, readCluster } from '../../lib/read/cluster';
import { applySchema } from '../../lib/render/schema/apply-schema';
import { parseAddress } from '../../lib/sets/cidr';
import { schemaErrors } from '../support/json-schema';
import { ControlPlane } from './support/control-plane';
import { describeWith } from './support/describe-with';
import { FaultyProxy } from './support/faulty-proxy';
import { apiServer } from './support/requirements';
import { podText, shopFolder } from './support/shop';
import { apply, cli, tierwall } from './support/tierwall';

const namespace = 'shop-production';
const policiesOf = (name: string) => `/apis/networking.k8s.io/v1/namespaces/${name}/networkpolicies`;

describeWith(apiServer, 'tierwall apply on a live cluster', () => {
  const folder = shopFolder({ environments: ['test', 'staging', 'production'] });
  const policies = join(folder, 'policies');
  let plane: ControlPlane;

  beforeAll(async () => {
    plane = await ControlPlane.start({ users: ['applier'] });
    for (const name of ['test', 'staging', 'production']) {
      await plane.namespace(`shop-${name}`);
      const own = (service: string, port: number) => podText(`shop-${name}`, service, port);
      await apply(plane, [own('web', 8080), own('cart', 7070), own('redis', 6379)].join('---\n'));
    }
  });
  beforeEach(async () => {
    for (const name of ['test', 'staging', 'production']) await plane.admin.done('DELETE', policiesOf(`shop-${name}`));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await plane?.stop();
  });

  const live = async (name = namespace): Promise<Cluster> => {
    const list = await plane.admin.done('GET', policiesOf(name));
    const items = (list.items as object[]).map((item) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      ...item,
    }));
    return clusterOfObjects(items);
  };
  const names = async (name = namespace) => (await live(name)).policies.map((policy) => policy.name).sort();
  const all = ['tierwall-cart', 'tierwall-default-deny', 'tierwall-redis', 'tierwall-web'];
  const outcomes = (stdout: string) => {
    const parsed = JSON.parse(stdout) as {
      environments: { environment: string; outcome: string; steps: { text: string }[]; problems: string[] }[];
    };
    expect(schemaErrors(applySchema, parsed)).toEqual([]);
    return parsed.environments.map(({ environment, outcome }) => `${environment} ${outcome}`);
  };

  test('writes what allows before what isolates, by waves, and is then as declared', async () => {
    const { code, stdout } = await tierwall(plane.kubeconfig(), ['apply', policies]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^test → cluster e2e\n {2}write shop-test\/tierwall-cart\n.*\n.*\n {2}write shop-test\/tierwall-default-deny\n {2}4 steps; now as declared\n\s*staging/,
    );
    expect(stdout.indexOf('staging')).toBeLessThan(stdout.indexOf('production'));
    expect(await names()).toEqual(all);
    const again = await tierwall(plane.kubeconfig(), ['apply', policies, '-o', 'json']);
    expect(outcomes(again.stdout)).toEqual(['test applied', 'staging applied', 'production applied']);
    expect(JSON.parse(again.stdout).environments[0].steps).toEqual([]);
  });

  test('takes the role that `tierwall rbac --for apply` prints', async () => {
    const denied = await tierwall(plane.kubeconfig('applier'), ['apply', policies]);
    expect([denied.code, denied.stdout]).toEqual([2, expect.stringContaining('what `tierwall rbac` prints')]);
    const { stdout } = await tierwall(plane.kubeconfig(), ['rbac', '--for', 'apply', '--cluster', '-o', 'json']);
    await plane.grant('applier', JSON.parse(stdout).rules);
    expect(await tierwall(plane.kubeconfig('applier'), ['apply', policies])).toMatchObject({ code: 0 });
  });

  test('a dry run is tried by the server, and keeps nothing', async () => {
    const { code, stdout } = await tierwall(plane.kubeconfig(), ['apply', policies, '--dry-run', '-o', 'json']);
    expect([code, outcomes(stdout)]).toEqual([
      0,
      ['test would-apply', 'staging would-apply', 'production would-apply'],
    ]);
    expect(await names()).toEqual([]);
  });

  test('a dry run fails where a namespace is missing that the app does not write, as the real one does', async () => {
    const elsewhere = shopFolder({ namespace: 'nowhere' });
    for (const flags of [['--dry-run'], []]) {
      const { code, stdout } = await tierwall(plane.kubeconfig(), ['apply', join(elsewhere, 'policies'), ...flags]);
      expect([code, stdout]).toEqual([
        2,
        expect.stringContaining('namespace `nowhere-production` is not in the cluster'),
      ]);
    }
    rmSync(elsewhere, { recursive: true, force: true });
  });

  test('a namespace that the app writes is created, and a dry run says what would be written to it', async () => {
    const written = shopFolder({ namespace: 'made', object: 'written' });
    const args = ['apply', join(written, 'policies')];
    const dry = await tierwall(plane.kubeconfig(), [...args, '--dry-run']);
    expect([dry.code, dry.stdout.match(/write made-production/g)]).toEqual([0, Array(4).fill('write made-production')]);
    expect(dry.stderr).toContain('is not tried');
    expect((await plane.admin.ask('GET', '/api/v1/namespaces/made-production')).status).toBe(404);
    const real = await tierwall(plane.kubeconfig(), args);
    expect([real.code, real.stderr]).toEqual([0, 'note: namespace made-production is created\n']);
    expect(await names('made-production')).toEqual(all);
    await plane.admin.done('DELETE', policiesOf('made-production'));
    rmSync(written, { recursive: true, force: true });
  });

  test('a check that is killed says by what', async () => {
    const args = ['apply', policies, '--environment', 'test', '--check', 'kill -9 $$'];
    expect((await tierwall(plane.kubeconfig(), args)).stdout).toContain('was ended by SIGKILL');
  });

  test('`tierwall diff --cluster` says before what it changes, and afterwards that it changes nothing', async () => {
    const args = ['diff', '--cluster', join(policies, 'production')];
    const before = await tierwall(plane.kubeconfig(), args);
    expect([before.code, before.stdout]).toEqual([1, expect.stringContaining('Less is let through')]);
    await tierwall(plane.kubeconfig(), ['apply', policies, '--environment', 'production']);
    expect(await tierwall(plane.kubeconfig(), args)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^no change in meaning/),
    });
  });

  test('stops before the next wave where a check fails', async () => {
    const check = 'test "$TIERWALL_ENVIRONMENT" != staging';
    const { code, stdout } = await tierwall(plane.kubeconfig(), ['apply', policies, '--check', check, '-o', 'json']);
    expect([code, outcomes(stdout)]).toEqual([1, ['test applied', 'staging check-failed', 'production not-reached']]);
    expect([await names('shop-staging'), await names()]).toEqual([all, []]);
  });

  test('deletes what the code no longer gives, if asked, and never what others wrote', async () => {
    const object = (name: string, labels: object, source: string) => ({
      metadata: { name, labels, annotations: { 'tierwall.dev/source': source } },
      spec: { podSelector: { matchLabels: { a: name } } },
    });
    const ours = { 'app.kubernetes.io/managed-by': 'tierwall' };
    await plane.admin.done('POST', policiesOf(namespace), object('tierwall-old', ours, 'production/shop/old'));
    await plane.admin.done('POST', policiesOf(namespace), object('handmade', {}, ''));
    await plane.admin.done('POST', policiesOf(namespace), object('tierwall-of-others', ours, 'elsewhere/shop/old'));
    const args = ['apply', policies, '--environment', 'production'];
    await tierwall(plane.kubeconfig(), args);
    const everything = ['handmade', ...all.slice(0, 2), 'tierwall-of-others', 'tierwall-old', ...all.slice(2)];
    expect(await names()).toEqual(everything);
    const dry = await tierwall(plane.kubeconfig(), [...args, '--prune', '--dry-run']);
    expect(dry.stdout).toContain('delete shop-production/tierwall-old');
    expect(await names()).toEqual(everything);
    const { stderr } = await tierwall(plane.kubeconfig(), [...args, '--prune']);
    expect(await names()).toEqual(['handmade', ...all.slice(0, 2), 'tierwall-of-others', ...all.slice(2)]);
    expect(stderr).toContain("tierwall-of-others is tierwall's, but not certainly of this app: it stays");
  });

  test('says what is left in a namespace that is no longer declared, and deletes it if that is named', async () => {
    const moved = shopFolder({ namespace: 'moved' });
    await plane.namespace('moved-production');
    await plane.admin.done('DELETE', policiesOf('moved-production'));
    await tierwall(plane.kubeconfig(), ['apply', policies, '--environment', 'production']);
    const handmade = { metadata: { name: 'handmade' }, spec: { podSelector: { matchLabels: { a: 'b' } } } };
    await plane.admin.done('POST', policiesOf(namespace), handmade);
    const args = ['apply', join(moved, 'policies'), '--prune'];
    const told = await tierwall(plane.kubeconfig(), args);
    expect([told.code, told.stderr]).toEqual([
      0,
      expect.stringContaining(`\`--prune-namespace ${namespace}\` deletes them`),
    ]);
    expect(await names()).toEqual(['handmade', ...all]);
    const pruned = await tierwall(plane.kubeconfig(), [...args, '--prune-namespace', namespace]);
    expect(pruned).toMatchObject({ code: 0, stderr: '' });
    expect(pruned.stdout.match(/delete .*/g)).toHaveLength(4);
    expect(await names()).toEqual(['handmade']);
    const again = await tierwall(plane.kubeconfig(), [...args, '--prune-namespace', namespace]);
    expect(again.stderr).toBe(`note: namespace ${namespace} has no policies of this environment\n`);
    rmSync(moved, { recursive: true, force: true });
  });

  test('refuses names that somebody else uses, before anything is written, unless it is to take them over', async () => {
    await plane.admin.done('POST', policiesOf(namespace), {
      metadata: { name: 'tierwall-web' },
      spec: { podSelector: {} },
    });
    const args = ['apply', policies, '--environment', 'production'];
    const refused = await tierwall(plane.kubeconfig(), args);
    expect([refused.code, refused.stdout]).toEqual([
      2,
      expect.stringContaining('somebody else wrote it; remove it, or take it over with `--take-over`'),
    ]);
    expect(await names()).toEqual(['tierwall-web']);
    expect((await tierwall(plane.kubeconfig(), [...args, '--take-over'])).code).toBe(0);
    expect(await names()).toEqual(all);
  });

  test('plans anew where somebody else writes at the same time', async () => {
    await tierwall(plane.kubeconfig(), ['apply', policies, '--environment', 'production']);
    await plane.admin.done('DELETE', policiesOf(namespace));
    let changed = 0;
    const proxy = await FaultyProxy.before(plane, async ({ method }) => {
      // Between planning and writing the name comes to be taken by another apply of the same.
      if (method === 'PATCH' && changed++ === 0)
        await apply(
          plane,
          `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: tierwall-cart, namespace: ${namespace}, labels: {app.kubernetes.io/managed-by: tierwall}}\nspec: {podSelector: {}, policyTypes: [Ingress]}\n`,
        );
      return { kind: 'none' };
    });
    try {
      const ran = await tierwall(plane.kubeconfig('admin', { url: proxy.url }), [
        'apply',
        policies,
        '--environment',
        'production',
      ]);
      expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining('planning anew')]);
    } finally {
      proxy.stop();
    }
    expect(await names()).toEqual(all);
  });

  describe('broken off by a kill between any two writes', () => {
    const variants = [
      { redisCallers: ['web'] },
      { redis: 'gone' },
      { unnamedPods: 'open' },
      { redis: 'gone', redisCallers: ['web'], unnamedPods: 'open' },
      { namespace: 'moved' },
    ] as const;
    const folders = variants.map((props) => shopFolder(props));
    const [changed, withoutRedis, withoutDefaultDeny, bare, moved] = folders.map((own) => join(own, 'policies')) as [
      string,
      string,
      string,
      string,
      string,
    ];
    beforeAll(() => plane.namespace('moved-production'));
    afterAll(async () => {
      for (const own of folders) rmSync(own, { recursive: true, force: true });
      await plane.admin.done('DELETE', policiesOf('moved-production'));
    });

    test.for<[string, string | undefined, string, number, ...string[]]>([
      ['the first roll-out, onto pods that nothing isolates', undefined, policies, 4],
      ['a change', policies, changed, 2],
      ['a service that goes', policies, withoutRedis, 2, '--prune'],
      ['a default deny that goes', policies, withoutDefaultDeny, 1, '--prune'],
      ['a service that goes together with the default deny', policies, bare, 3, '--prune'],
      ['services and a default deny that come', bare, policies, 3, '--prune'],
      ['a namespace that goes', policies, moved, 8, '--prune-namespace', namespace],
    ])(
      '%s: nothing declared is cut, nothing is widened, and the next run ends it',
      async ([, before, target, least, ...flags]) => {
        const args = ['apply', target, '--environment', 'production', ...flags];
        const declared = (await readCluster([join(target, 'production')], { cwd: '/' })).policies;
        const end = declared.filter((policy) => policy.namespace === namespace);
        for (let writes = 0; ; writes++) {
          for (const name of [namespace, 'moved-production']) await plane.admin.done('DELETE', policiesOf(name));
          if (before)
            expect((await tierwall(plane.kubeconfig(), ['apply', before, '--environment', 'production'])).code).toBe(0);
          const start = (await live()).policies;
          const isDone = await killedAfter(writes, args);
          expectBetween(start, (await live()).policies, end);
          expect(await tierwall(plane.kubeconfig(), args)).toMatchObject({ code: 0 });
          expect((await names()).sort()).toEqual(end.map(({ name }) => name).sort());
          expect((await tierwall(plane.kubeconfig(), ['drift', target, '--environment', 'production'])).code).toBe(0);
          if (isDone) {
            expect(writes).toBeGreaterThanOrEqual(least);
            break;
          }
        }
      },
    );

    /** Runs it, and kills it as the server has done so many writes; whether it came to its end before. */
    async function killedAfter(writes: number, args: readonly string[]): Promise<boolean> {
      let done = 0;
      const hang: { kill?: () => void } = {};
      const proxy = await FaultyProxy.before(plane, ({ method }) => {
        if (method === 'GET' || done++ < writes) return { kind: 'none' };
        hang.kill?.();
        return { kind: 'silence' };
      });
      try {
        const env = { ...process.env, KUBECONFIG: plane.kubeconfig('admin', { url: proxy.url }) };
        const child = spawn(process.execPath, [cli, ...args], { env, stdio: 'ignore' });
        hang.kill = () => child.kill('SIGKILL');
        const code = await new Promise<number | null>((ended) => child.on('close', ended));
        return code === 0;
      } finally {
        proxy.stop();
      }
    }
  });

  test('kustomize takes the layout, and waves of Argo CD and Flux laid over it, as the documentation says', () => {
    const overlay = (name: string, text: string) => {
      mkdirSync(join(folder, name), { recursive: true });
      writeFileSync(join(folder, name, 'kustomization.yaml'), text);
      return execFileSync(plane.kubectl, ['kustomize', join(folder, name)], { encoding: 'utf8' });
    };
    const resources = `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../policies/production]\n`;
    expect(
      execFileSync(plane.kubectl, ['kustomize', join(policies, 'production')], { encoding: 'utf8' }).match(
        /kind: NetworkPolicy/g,
      ),
    ).toHaveLength(4);
    const argo = overlay('argo', `${resources}${documented('argocd.argoproj.io')}`);
    expect(argo.match(/argocd.argoproj.io\/sync-wave: "1"/g)).toHaveLength(1);
    const flux = overlay('flux', `${resources}${documented('$patch: delete')}`);
    expect(flux.match(/kind: NetworkPolicy/g)).toHaveLength(3);
    expect(flux).not.toContain('tierwall-default-deny');
  });

  test('`kubectl apply -k` of the layout is as declared, and tierwall goes on from there', async () => {
    const env = { ...process.env, KUBECONFIG: plane.kubeconfig() };
    execFileSync(plane.kubectl, ['apply', '-k', join(policies, 'production')], { env });
    expect((await tierwall(plane.kubeconfig(), ['drift', policies, '--environment', 'production'])).code).toBe(0);
    await plane.admin.done('DELETE', `${policiesOf(namespace)}/tierwall-web`);
    expect((await tierwall(plane.kubeconfig(), ['apply', policies, '--environment', 'production'])).code).toBe(0);
  });
});

function documented(sign: string): string {
  const readme = execFileSync('cat', [join(__dirname, '../../README.md')], { encoding: 'utf8' });
  const block = [...readme.matchAll(/```yaml\n(patches:[\s\S]*?)```/g)]
    .map(([, text]) => text!)
    .find((text) => text.includes(sign));
  if (!block) throw new Error(`README.md says nothing of ${sign}`);
  return block;
}

/** What is decided alike before and after is decided so in between, for every pair of the shop's pods, and an address outside. */
function expectBetween(start: readonly Policy[], now: readonly Policy[], end: readonly Policy[]): void {
  const pods = ['web', 'cart', 'redis', 'other'].map(
    (name): PodEnd => ({
      kind: 'pod',
      namespace,
      namespaceLabels: { 'kubernetes.io/metadata.name': namespace },
      labels: { 'app.kubernetes.io/name': name },
      ports: [],
      network: 'pod',
      addresses: [],
    }),
  );
  const outside: End = { kind: 'address', address: parseAddress('203.0.113.9')! };
  for (const source of [...pods, outside]) {
    for (const destination of [...pods, outside]) {
      for (const port of [8080, 7070, 6379, 1]) {
        if (source === destination) continue;
        const connection: Connection = { source, destination, protocol: 'TCP', port };
        const decided = (policies: readonly Policy[]) => evaluate(connection, policies, defaultProfile).decision;
        if (decided(start) === decided(end)) expect(decided(now)).toBe(decided(end));
      }
    }
  }
}
