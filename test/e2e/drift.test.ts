import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Chart, Testing } from 'cdk8s';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DriftMonitor, Environment, Namespace } from '../../lib';
import { clusterRules, ownNamespaceRules } from '../../lib/cluster/rbac';
import { findingsSchema } from '../../lib/render/schema/findings-schema';
import { schemaErrors } from '../support/json-schema';
import { ControlPlane } from './support/control-plane';
import { describeWith } from './support/describe-with';
import { eventually } from './support/eventually';
import { FaultyProxy } from './support/faulty-proxy';
import { apiServer } from './support/requirements';
import { podText, shopFolder } from './support/shop';
import { apply, tierwall } from './support/tierwall';
import { Watching } from './support/watching';

const namespace = 'shop-production';
const pathOf = (name: string) => `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/${name}`;
const openAll = [{ op: 'add', path: '/spec/ingress', value: [{}] }];

describeWith(apiServer, 'drift on a live cluster', () => {
  const folder = shopFolder();
  const policies = join(folder, 'policies');
  let plane: ControlPlane;
  const watchers: Watching[] = [];

  beforeAll(async () => {
    plane = await ControlPlane.start({ users: ['watcher', 'enforcer', 'nobody'] });
    await plane.namespace(namespace);
    await plane.namespace('tools');
    await apply(
      plane,
      [podText(namespace, 'web', 8080), podText(namespace, 'cart', 7070), podText(namespace, 'redis', 6379)].join(
        '---\n',
      ),
    );
    await plane.grant('watcher', clusterRules('watch', []));
    await plane.grant('enforcer', [...clusterRules('enforce', []), ...ownNamespaceRules('tierwall')]);
    expect(await tierwall(plane.kubeconfig(), ['apply', policies])).toMatchObject({ code: 0, stderr: '' });
  });
  beforeEach(() => restore());
  afterEach(async () => {
    await Promise.all(watchers.splice(0).map((one) => one.stop()));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await plane?.stop();
  });

  const patch = (name: string, operations: object) =>
    plane.admin.done('PATCH', pathOf(name), operations, 'application/json-patch+json');
  const isThere = async (name: string) => (await plane.admin.ask('GET', pathOf(name))).status === 200;
  const restore = async () => expect((await tierwall(plane.kubeconfig(), ['apply', policies, '--prune'])).code).toBe(0);
  const watch = async (user: string, ...args: string[]) => {
    const one = await Watching.start(plane.kubeconfig(user), [policies, ...args]);
    watchers.push(one);
    return one;
  };

  test('there is none where the policies are applied, whatever the API server makes of their text', async () => {
    const { code, stdout } = await tierwall(plane.kubeconfig(), ['drift', policies]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^no findings in cluster e2e/)]);
  });

  test('is found by what it opens and closes, as text, JSON, SARIF and Markdown', async () => {
    await patch('tierwall-redis', openAll);
    await plane.admin.done('DELETE', pathOf('tierwall-web'));
    const text = await tierwall(plane.kubeconfig(), ['drift', policies]);
    expect(text.code).toBe(1);
    expect(text.stdout).toContain(`opens ${namespace}/redis, ${namespace}/web → ${namespace}/redis`);
    expect(text.stdout).toContain(
      `\`${namespace}/tierwall-web\` is not in the cluster: closes ${namespace}/web → ${namespace}/cart on 7070/TCP, and 3 more`,
    );
    const json = await tierwall(plane.kubeconfig(), ['drift', policies, '-o', 'json']);
    const parsed = JSON.parse(json.stdout) as { findings: { rule: string }[] };
    expect(schemaErrors(findingsSchema, parsed)).toEqual([]);
    expect(parsed.findings.map(({ rule }) => rule).sort()).toEqual(['no-changed-policy', 'require-policy']);
    const sarif = JSON.parse((await tierwall(plane.kubeconfig(), ['drift', policies, '-o', 'sarif'])).stdout);
    expect(sarif.runs[0].results).toHaveLength(2);
    expect((await tierwall(plane.kubeconfig(), ['drift', policies, '-o', 'md'])).stdout).toContain(
      '| error | `require-policy` |',
    );
  });

  test('takes the role that `tierwall rbac --for watch` prints', async () => {
    const denied = await tierwall(plane.kubeconfig('nobody'), ['drift', policies]);
    expect([denied.code, denied.stderr]).toEqual([2, expect.stringContaining('what `tierwall rbac` prints')]);
    const watching = await watch('watcher');
    expect(watching.log.filter(({ level }) => level !== 'info')).toEqual([]);
  });

  describe('watched', () => {
    test('is reported within a second, and so is its end', async () => {
      const watching = await watch('watcher', '--events');
      const delays: number[] = [];
      for (let i = 0; i < 5; i++) {
        const [from, start] = [watching.log.length, Date.now()];
        await patch('tierwall-redis', openAll);
        const { seenAt } = await watching.until('drift', 'tierwall-redis', from);
        delays.push(seenAt - start);
        await patch('tierwall-redis', [{ op: 'replace', path: '/spec/ingress', value: redisIngress() }]);
        await watching.until('drift-resolved', 'tierwall-redis', from);
      }
      expect(Math.max(...delays)).toBeLessThan(1000);
      const events = await plane.admin.done('GET', `/api/v1/namespaces/${namespace}/events`);
      expect(events.items).toContainEqual(
        expect.objectContaining({
          type: 'Warning',
          reason: 'NoChangedPolicy',
          involvedObject: expect.objectContaining({ name: 'tierwall-redis' }),
        }),
      );
    });

    test('a pod that somebody labels otherwise is seen to leave its policy and to borrow another one', async () => {
      const watching = await watch('watcher');
      const pod = `/api/v1/namespaces/${namespace}/pods/web`;
      const label = (value: string) =>
        plane.admin.done(
          'PATCH',
          pod,
          { metadata: { labels: { 'app.kubernetes.io/name': value } } },
          'application/merge-patch+json',
        );
      await label('other');
      await watching.until('drift', `Pod \`${namespace}/web\` has left \`${namespace}/tierwall-web\``);
      await label('web');
      await watching.until('drift-resolved', 'has left');
    });

    test('serves metrics in OpenMetrics, health and readiness', async () => {
      const watching = await watch('watcher', '--listen', '127.0.0.1:0');
      const port = watching.log.find(({ event }) => event === 'listening')!['port'];
      const get = async (name: string) => {
        const answer = await fetch(`http://127.0.0.1:${port}/${name}`);
        return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
      };
      expect(await get('healthz')).toMatchObject({ status: 200 });
      expect(await get('readyz')).toMatchObject({ status: 200 });
      expect((await get('nothing')).status).toBe(404);
      await plane.admin.done('DELETE', pathOf('tierwall-web'));
      await watching.until('drift', 'tierwall-web');
      const metrics = await get('metrics');
      expect(metrics.type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
      expect(metrics.text).toContain(
        `tierwall_drift_findings{namespace="${namespace}",rule="require-policy",severity="error"} 1\n`,
      );
      expect(metrics.text.endsWith('\n# EOF\n')).toBe(true);
      await plane.apiServer.stop('SIGKILL');
      await watching.until('watch-interrupted');
      expect((await get('readyz')).status).toBe(503);
      await plane.apiServer.start();
      await eventually(async () => ((await get('readyz')).status === 200 ? true : undefined));
    });

    test('goes on after the server was killed, and knows what happened meanwhile', async () => {
      const watching = await watch('watcher');
      await plane.apiServer.stop('SIGKILL');
      await watching.until('watch-interrupted', 'networkpolicies');
      await plane.apiServer.start();
      const from = watching.log.length;
      await patch('tierwall-cart', openAll);
      await watching.until('drift', 'tierwall-cart', from);
      await restore();
      await watching.until('drift-resolved', 'tierwall-cart', from);
    });

    test('starts from a new list where the server forgot the versions, so that deletions in between are not missed', async () => {
      let cut = false;
      const proxy = await FaultyProxy.before(plane, () => (cut ? { kind: 'cut' } : { kind: 'none' }));
      try {
        const watching = await Watching.start(plane.kubeconfig('watcher', { url: proxy.url }), [policies]);
        watchers.push(watching);
        cut = true;
        proxy.cutAll();
        await watching.until('watch-interrupted', 'networkpolicies');
        await plane.admin.done('DELETE', pathOf('tierwall-cart'));
        // The server's own cache would still know.
        const { metadata } = await plane.admin.done('POST', '/api/v1/namespaces', {
          metadata: { name: `tick-${Date.now()}` },
        });
        await plane.apiServer.stop();
        const body = JSON.stringify({ revision: Number(metadata.resourceVersion) });
        expect((await fetch(`${plane.etcdUrl}/v3/kv/compaction`, { method: 'POST', body })).status).toBe(200);
        await plane.apiServer.start();
        cut = false;
        const from = watching.log.length;
        await watching.until('drift', 'tierwall-cart', from, 60_000);
      } finally {
        proxy.stop();
      }
    });

    test('goes on after etcd was down', async () => {
      const watching = await watch('watcher');
      await plane.etcd.stop('SIGKILL');
      await wait(1000);
      await plane.etcd.start();
      const from = watching.log.length;
      await eventually(() => patch('tierwall-cart', openAll).then(() => true), 60_000);
      await watching.until('drift', 'tierwall-cart', from, 60_000);
    });

    test('a kind that is installed later is watched too, and forgotten when it goes', async () => {
      await plane.grant('watcher', [
        { apiGroups: ['cilium.io'], resources: ['ciliumnetworkpolicies'], verbs: ['list', 'watch'] },
      ]);
      const watching = await watch('watcher');
      await apply(
        plane,
        `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ciliumnetworkpolicies.cilium.io}
spec: {group: cilium.io, scope: Namespaced, names: {kind: CiliumNetworkPolicy, plural: ciliumnetworkpolicies}, versions: [{name: v2, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]}
`,
      );
      const policy = `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: wide, namespace: ${namespace}}\n`;
      await eventually(() => apply(plane, policy).then(() => true));
      await watching.until(
        'drift',
        `CiliumNetworkPolicy \`${namespace}/wide\` is of a kind that is not read`,
        0,
        60_000,
      );
      await plane.admin.done(
        'DELETE',
        '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/ciliumnetworkpolicies.cilium.io',
      );
      await watching.until('drift-resolved', 'CiliumNetworkPolicy', 0, 60_000);
    });
  });

  describe('enforced', () => {
    test('is put back, and what others wrote is not touched', async () => {
      const watching = await watch('enforcer', '--enforce');
      const handmade = { metadata: { name: 'handmade' }, spec: { podSelector: {}, ingress: [{}] } };
      await plane.admin.done('POST', pathOf('handmade').replace(/\/handmade$/, ''), handmade);
      const before = await plane.admin.done('GET', pathOf('handmade'));
      await patch('tierwall-redis', openAll);
      await plane.admin.done('DELETE', pathOf('tierwall-default-deny'));
      await watching.until('enforced', 'tierwall-redis');
      await watching.until('enforced', 'tierwall-default-deny');
      await watching.until('drift-resolved', 'tierwall-redis');
      expect(await plane.admin.done('GET', pathOf('handmade'))).toEqual(before);
      const redis = await plane.admin.done('GET', pathOf('tierwall-redis'));
      expect(redis.spec.ingress).toEqual(redisIngress());
      expect(redis.metadata.managedFields.map((f: { manager: string }) => f.manager)).toContain('tierwall');
      await plane.admin.done('DELETE', pathOf('handmade'));
    });

    test('a policy of somebody else under a name of the app is reported and left alone', async () => {
      await plane.admin.done('DELETE', pathOf('tierwall-cart'));
      const other = { metadata: { name: 'tierwall-cart' }, spec: { podSelector: { matchLabels: { a: 'b' } } } };
      await plane.admin.done('POST', pathOf('x').replace(/\/x$/, ''), other);
      const before = await plane.admin.done('GET', pathOf('tierwall-cart'));
      const watching = await watch('enforcer', '--enforce');
      await watching.until('drift', "is not tierwall's");
      await plane.admin.done('DELETE', pathOf('tierwall-web'));
      await watching.until('enforced', 'tierwall-web');
      expect(await plane.admin.done('GET', pathOf('tierwall-cart'))).toEqual(before);
      await plane.admin.done('DELETE', pathOf('tierwall-cart'));
      await watching.until('enforced', 'tierwall-cart');
    });

    test('a dry run says what it would do, once, and does nothing', async () => {
      const watching = await watch('enforcer', '--enforce', 'dry-run');
      await plane.admin.done('DELETE', pathOf('tierwall-web'));
      await watching.until('enforced', 'would-write: write shop-production/tierwall-web');
      await wait(1500);
      expect(watching.log.filter(({ event }) => event === 'enforced')).toHaveLength(1);
      expect(await isThere('tierwall-web')).toBe(false);
    });

    test('what the code no longer gives is deleted only if that is asked for', async () => {
      const leftover = {
        metadata: {
          name: 'tierwall-old',
          labels: { 'app.kubernetes.io/managed-by': 'tierwall' },
          annotations: { 'tierwall.dev/source': 'production/shop/old' },
        },
        spec: { podSelector: {}, ingress: [{}] },
      };
      await plane.admin.done('POST', pathOf('x').replace(/\/x$/, ''), leftover);
      const kept = await watch('enforcer', '--enforce');
      await kept.until('drift', 'is no longer in the code');
      await wait(500);
      expect(await isThere('tierwall-old')).toBe(true);
      await kept.stop();
      const dry = await watch('enforcer', '--enforce', 'dry-run', '--prune');
      await dry.until('enforced', 'would-delete: delete shop-production/tierwall-old');
      await wait(500);
      expect(await isThere('tierwall-old')).toBe(true);
      await dry.stop();
      const pruned = await watch('enforcer', '--enforce', '--prune');
      await pruned.until('enforced', 'deleted: delete shop-production/tierwall-old');
      expect(await isThere('tierwall-old')).toBe(false);
    });

    test('a namespace in which somebody rolls out is left alone while copies tell so', async () => {
      const copy = {
        metadata: { name: 'tierwall-until-applied-1', labels: { 'app.kubernetes.io/managed-by': 'tierwall' } },
        spec: { podSelector: { matchLabels: { a: 'b' } } },
      };
      const watching = await watch('enforcer', '--enforce');
      await plane.admin.done('POST', pathOf('x').replace(/\/x$/, ''), copy);
      await watching.until('waiting', 'tierwall-until-applied-1');
      await plane.admin.done('DELETE', pathOf('tierwall-web'));
      await watching.until('drift', 'tierwall-web');
      await wait(500);
      expect([await isThere('tierwall-until-applied-1'), await isThere('tierwall-web')]).toEqual([true, false]);
      await plane.admin.done('DELETE', pathOf('tierwall-until-applied-1'));
      await watching.until('enforced', 'tierwall-web');
    });

    test('two enforcers elect one, and the other one takes over where it ends', async () => {
      const [one, other] = await Promise.all([
        watch('enforcer', '--enforce', '--lease', 'tools/tierwall'),
        watch('enforcer', '--enforce', '--lease', 'tools/tierwall'),
      ]);
      const leader = await eventually(() =>
        [one, other].find(({ log }) => log.some(({ event }) => event === 'leading')),
      );
      const follower = leader === one ? other : one;
      await plane.admin.done('DELETE', pathOf('tierwall-web'));
      await leader.until('enforced', 'tierwall-web');
      expect(follower.log.filter(({ event }) => event === 'enforced' || event === 'leading')).toEqual([]);
      leader.process.kill('SIGKILL');
      await plane.admin.done('DELETE', pathOf('tierwall-web'));
      await follower.until('leading', '', 0, 40_000);
      await follower.until('enforced', 'tierwall-web');
      // One that ends as it should hands the lead on at once.
      const third = await watch('enforcer', '--enforce', '--lease', 'tools/tierwall');
      const start = Date.now();
      await follower.stop();
      await third.until('leading');
      expect(Date.now() - start).toBeLessThan(10_000);
    });

    test('two enforcers without election do no harm', async () => {
      const both = await Promise.all([watch('enforcer', '--enforce'), watch('enforcer', '--enforce')]);
      for (let i = 0; i < 3; i++) {
        await plane.admin.done('DELETE', pathOf('tierwall-web'));
        await eventually(async () => ((await isThere('tierwall-web')) ? true : undefined));
        await wait(300);
      }
      for (const one of both) expect(one.log.filter(({ event }) => event === 'enforce-failed')).toEqual([]);
      expect((await tierwall(plane.kubeconfig(), ['drift', policies])).code).toBe(0);
    });

    test('somebody who changes it back again and again is left alone for a while, and named', async () => {
      const watching = await watch('enforcer', '--enforce');
      for (let i = 0; i < 20 && !watching.log.some(({ event }) => event === 'contested'); i++) {
        const from = watching.log.length;
        await plane.admin.ask('PATCH', pathOf('tierwall-redis'), openAll, 'application/json-patch+json');
        await eventually(() =>
          watching.log.slice(from).find(({ event }) => event === 'enforced' || event === 'contested'),
        );
        await wait(100);
      }
      await watching.until('contested', 'tierwall-redis');
      await watching.stop();
    });

    test('survives overload and failures of the server', async () => {
      let asked = 0;
      const proxy = await FaultyProxy.before(plane, ({ method }) => {
        if (method !== 'PATCH') return { kind: 'none' };
        asked++;
        if (asked === 1) return { kind: 'answer', status: 429, headers: { 'retry-after': '1' } };
        if (asked === 2) return { kind: 'answer', status: 500 };
        return asked === 3 ? { kind: 'lost-answer' } : { kind: 'none' };
      });
      try {
        const watching = await Watching.start(plane.kubeconfig('enforcer', { url: proxy.url }), [
          policies,
          '--enforce',
        ]);
        watchers.push(watching);
        await plane.admin.done('DELETE', pathOf('tierwall-web'));
        await watching.until('drift-resolved', 'tierwall-web', 0, 60_000);
        expect(asked).toBeGreaterThanOrEqual(3);
        expect((await tierwall(plane.kubeconfig(), ['drift', policies])).code).toBe(0);
      } finally {
        proxy.stop();
      }
    });
  });

  test('DriftMonitor is accepted by the server without a warning, and its ServiceAccount may do what its arguments ask for', async () => {
    const chart = new Chart(Testing.app(), 'monitor');
    const production = new Environment(chart, 'production', { apiServer: { cidrs: ['127.0.0.1/32'], port: 6443 } });
    const monitors = new Namespace(production, 'monitors');
    new DriftMonitor(chart, 'drift', {
      namespace: monitors,
      image: 'registry.example/drift:1',
      policies,
      enforce: 'on',
    });
    const objects = Testing.synth(chart) as {
      kind: string;
      spec: { template: { spec: { containers: { args: string[] }[] } } };
    }[];
    await plane.namespace('monitors');
    const env = { ...process.env, KUBECONFIG: plane.kubeconfig() };
    const input = objects.map((object) => JSON.stringify(object)).join('\n---\n');
    const applied = spawnSync(plane.kubectl, ['apply', '--server-side', '--validate=strict', '-f', '-'], {
      env,
      input,
      encoding: 'utf8',
    });
    expect([applied.status, applied.stderr]).toEqual([0, '']);
    const create = ['create', 'token', 'drift', '--namespace', 'monitors'];
    const token = execFileSync(plane.kubectl, create, { env, encoding: 'utf8' }).trim();
    const [, path, ...args] = objects.find(({ kind }) => kind === 'Deployment')!.spec.template.spec.containers[0]!.args;
    const own = args.flatMap((arg) => (arg === '--watch' ? [] : [arg === ':8080' ? '127.0.0.1:0' : arg]));
    const watching = await Watching.start(plane.kubeconfig('admin', { token }), [path!, ...own]);
    watchers.push(watching);
    await watching.until('leading');
    await plane.admin.done('DELETE', pathOf('tierwall-web'));
    await watching.until('enforced', 'tierwall-web');
    expect(watching.log.filter(({ event }) => /failed|interrupted/.test(event))).toEqual([]);
    const metrics = watching.log.find(({ event }) => event === 'listening')!['port'];
    const text = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
    expect(text).toContain('tierwall_drift_events_total{result="written"}');
  });

  function redisIngress(): object[] {
    const from = [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'cart' } } }];
    return [{ from, ports: [{ protocol: 'TCP', port: 6379 }] }];
  }
});
