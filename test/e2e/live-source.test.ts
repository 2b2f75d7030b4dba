import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiServer } from '../../lib/cluster/api-server';
import { type AccessRule, clusterRules } from '../../lib/cluster/rbac';
import { readLiveCluster } from '../../lib/live/live-cluster';
import { InputError, issueToString } from '../../lib/model/issue';
import { ControlPlane } from './support/control-plane';
import { describeWith } from './support/describe-with';
import { type Fault, FaultyProxy, type ProxiedRequest } from './support/faulty-proxy';
import { apiServer } from './support/requirements';
import { apply, tierwall } from './support/tierwall';

const container = (port: number) => `containers: [{name: a, image: a, ports: [{containerPort: ${port}}]}]`;
const workload = (name: string, port: number) => `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: shop}
spec: {selector: {matchLabels: {app: ${name}}}, template: {metadata: {labels: {app: ${name}}}, spec: {${container(port)}}}}
`;
const objects = `${workload('web', 8080)}${workload('redis', 6379)}---
apiVersion: v1
kind: Pod
metadata: {name: redis-0, namespace: shop, labels: {app: other}, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: redis, controller: true, uid: a}]}
spec: {${container(6379)}}
status: {phase: Running, podIP: 10.0.0.9, podIPs: [{ip: 10.0.0.9}]}
---
apiVersion: v1
kind: Pod
metadata: {name: done, namespace: shop, labels: {app: web}}
spec: {${container(1)}}
status: {phase: Succeeded, podIP: 10.0.0.9}
---
apiVersion: v1
kind: Service
metadata: {name: redis, namespace: shop}
spec: {selector: {app: redis}, ports: [{port: 80, targetPort: 6379}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: redis, namespace: shop, annotations: {tierwall.dev/source: production/shop/redis}, labels: {app.kubernetes.io/managed-by: tierwall}}
spec: {podSelector: {matchLabels: {app: redis}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 6379}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: redis}}}], ports: [{port: 6379}]}]}
`;

describeWith(apiServer, 'a live cluster as a source', () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    // Pages that come from etcd expire with it; those of the server's own cache are kept.
    const flags = ['--feature-gates=ListFromCacheSnapshot=false'];
    plane = await ControlPlane.start({ users: ['reader', 'nobody'], flags });
    await plane.namespace('shop');
    await apply(plane, objects);
  });
  afterAll(() => plane?.stop());

  const connect = (kubeconfig: string, limits = {}) => ApiServer.of({ kubeconfig, cwd: '.', env: {} }, limits);
  const read = async (kubeconfig: string, limits = {}) => {
    try {
      const { policies } = await readLiveCluster(await connect(kubeconfig, limits), () => {});
      return policies.map(({ namespace, name }) => `${namespace}/${name}`);
    } catch (error) {
      if (error instanceof InputError) return error.issues.map(issueToString);
      throw error;
    }
  };
  const names = ['shop/deny', 'shop/redis', 'shop/web'];

  test('means what kubectl shows of it, without pods that have ended', async () => {
    const env = { ...process.env, KUBECONFIG: plane.kubeconfig() };
    const kinds = 'namespaces,deployments,pods,services,networkpolicies';
    const ended = '--field-selector=metadata.name!=done';
    const text = execFileSync(plane.kubectl, ['get', kinds, '-A', '-o', 'yaml', ended], { env, encoding: 'utf8' });
    const shown = await tierwall(plane.kubeconfig(), ['connectivity', '-', '-o', 'csv'], undefined, text);
    const live = await tierwall(plane.kubeconfig(), ['connectivity', '--cluster', '-o', 'csv']);
    expect(live).toEqual({ ...shown, stderr: '' });
    expect(live.code).toBe(0);
    expect(live.stdout).toContain('web');
  });

  test('a connection is explained by the policies as they are there, with the construct that each is written for', async () => {
    const { code, stdout } = await tierwall(plane.kubeconfig(), [
      ...['explain', '--cluster', '--from', 'shop/web', '--to', 'shop/redis', '--port', '6379'],
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain('cluster e2e');
    expect(stdout).toContain('production/shop/redis');
  });

  test('a pod that was labelled otherwise than its Deployment is one of its own', async () => {
    const { stdout } = await tierwall(plane.kubeconfig(), ['connectivity', '--cluster', '-o', 'json']);
    expect(stdout).toContain('"redis-0"');
    expect(stdout).not.toContain('"done"');
  });

  test('takes the role that `tierwall rbac` prints, and nothing of it can be left out', async () => {
    const rules = clusterRules('read', []);
    const all = rules.flatMap(({ apiGroups, resources, verbs }) =>
      resources.map((resource): AccessRule => ({ apiGroups, resources: [resource], verbs })),
    );
    expect(await read(plane.kubeconfig('nobody'))).toHaveLength(all.length);
    for (const left of all) {
      const [resource] = left.resources;
      const name = `without-${resource}`;
      const granted = all.filter((rule) => rule !== left);
      await setRole(plane, 'nobody', name, granted);
      expect(await read(plane.kubeconfig('nobody'))).toEqual([
        expect.stringMatching(
          `^cannot list ${resource}.*forbidden.*\\(403\\); let an administrator apply what .tierwall rbac. prints`,
        ),
      ]);
      await plane.admin.done('DELETE', `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${name}`);
    }
    await plane.grant('reader', all);
    expect(await read(plane.kubeconfig('reader'))).toEqual(names);
  });

  test('a policy of a kind that is not read is found by discovery, and leaves verdicts open', async () => {
    await apply(plane, crd('cilium.io', 'v2', 'CiliumNetworkPolicy', 'ciliumnetworkpolicies'));
    const printed = await eventually(async () => {
      const { stdout } = await tierwall(plane.kubeconfig(), ['rbac', '--cluster']);
      return stdout.includes('cilium') ? stdout : undefined;
    });
    expect(printed).toContain('ciliumnetworkpolicies');
    expect(printed).not.toContain('projectcalico');
    await eventually(async () => {
      await apply(plane, 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c, namespace: shop}\n');
      return true;
    });
    const { code, stdout } = await tierwall(plane.kubeconfig(), ['connectivity', '--cluster']);
    expect([code, stdout]).toEqual([1, expect.stringContaining('CiliumNetworkPolicy')]);
    await plane.admin.done(
      'DELETE',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/ciliumnetworkpolicies.cilium.io',
    );
  });

  describe('has faults that are told apart', () => {
    test('credentials that are wrong, and a certificate of somebody else', async () => {
      expect(
        (await tierwall(plane.kubeconfig('admin', { token: 'expired' }), ['connectivity', '--cluster'])).stderr,
      ).toMatch(/^error: cannot discover the API groups of cluster e2e: Unauthorized \(401\); log in again/);
      const other = await ControlPlane.start();
      try {
        const ran = await tierwall(plane.kubeconfig('admin', { caFile: other.caFile }), ['connectivity', '--cluster']);
        expect([ran.code, ran.stderr]).toEqual([
          2,
          expect.stringMatching(/certificate.*; set `certificate-authority`/),
        ]);
      } finally {
        await other.stop();
      }
    });

    const through = async (fault: (request: ProxiedRequest, seen: number) => Fault | Promise<Fault>, limits = {}) => {
      let seen = 0;
      const proxy = await FaultyProxy.before(plane, (request) =>
        request.path.includes('/networkpolicies') ? fault(request, ++seen) : { kind: 'none' },
      );
      try {
        const found = await read(plane.kubeconfig('admin', { url: proxy.url }), limits);
        return { found, seen };
      } finally {
        proxy.stop();
      }
    };

    test.for<[string, Fault]>([
      ['overload', { kind: 'answer', status: 429, headers: { 'retry-after': '1' } }],
      ['a failure', { kind: 'answer', status: 500 }],
      ['a leader that is being elected', { kind: 'answer', status: 503 }],
      ['a connection that is cut', { kind: 'cut' }],
      ['an answer that is lost', { kind: 'lost-answer' }],
      ['silence', { kind: 'silence' }],
    ])('%s that passes is waited for', async ([, fault]) => {
      const { found, seen } = await through((_, n) => (n <= 2 ? fault : { kind: 'none' }), { answerMs: 500 });
      expect([found, seen]).toEqual([names, 3]);
    });

    test.for<[string, Fault, RegExp]>([
      [
        'overload',
        { kind: 'answer', status: 429, headers: { 'retry-after': '1' } },
        /made \(429\); the server is overloaded/,
      ],
      ['failures', { kind: 'answer', status: 500 }, /made \(500\); the server has a problem/],
      ['silence', { kind: 'silence' }, /no answer within 0.3 s; the server is slow/],
      [
        'nonsense',
        { kind: 'answer', status: 200, body: '<html>' },
        /the answer is no JSON; is this an API server\?|no JSON/,
      ],
    ])('%s that does not pass is an error', async ([, fault, message]) => {
      const { found } = await through(() => fault, { answerMs: 300, retryMs: 1500 });
      expect(found).toEqual([expect.stringMatching(message)]);
      expect(found[0]).toMatch(/^cannot list networkpolicies.networking.k8s.io of cluster e2e: /);
    });

    test('an answer that is slow is waited for', async () => {
      const { found } = await through(() => ({ kind: 'none', delayMs: 700 }));
      expect(found).toEqual(names);
    });

    test('a list that expires between two pages begins again, and nothing is missing or twice', async () => {
      await plane.namespace('many');
      const many = Array.from({ length: 1100 }, (_, i) => `p${i}`);
      for (let i = 0; i < many.length; i += 50) {
        await Promise.all(
          many.slice(i, i + 50).map((name) =>
            plane.admin.done('POST', '/apis/networking.k8s.io/v1/namespaces/many/networkpolicies', {
              metadata: { name },
              spec: { podSelector: {} },
            }),
          ),
        );
      }
      let restarted = false;
      const { found, seen } = await through(async ({ path }) => {
        if (restarted || !path.includes('continue=')) return { kind: 'none' };
        restarted = true;
        await expire(plane);
        return { kind: 'none' };
      });
      expect(restarted).toBe(true);
      expect(found.sort()).toEqual([...many.map((name) => `many/${name}`), ...names].sort());
      expect(seen).toBeGreaterThan(3);
    });

    test('a server that is down, and one whose etcd is', async () => {
      await plane.etcd.stop('SIGKILL');
      const config = plane.kubeconfig();
      expect((await read(config, { answerMs: 1000, retryMs: 2000 }))[0]).toMatch(
        /^cannot (list|discover) .*\((500|504|503)\)|no answer within/,
      );
      await plane.etcd.start();
      expect(await eventually(async () => ((await read(config))[0]?.startsWith('many/') ? true : undefined))).toBe(
        true,
      );
      await plane.apiServer.stop();
      expect(await read(config, { retryMs: 1000 })).toEqual([
        expect.stringMatching(/ECONNREFUSED.*; is the server of that context up/),
      ]);
      await plane.apiServer.start();
    });
  });
});

/** Makes every resource version before now too old. */
async function expire(plane: ControlPlane): Promise<void> {
  const { metadata } = await plane.admin.done('POST', '/api/v1/namespaces', {
    metadata: { name: `tick-${Date.now()}` },
  });
  const revision = Number(metadata.resourceVersion);
  const answer = await fetch(`${plane.etcdUrl}/v3/kv/compaction`, {
    method: 'POST',
    body: JSON.stringify({ revision }),
  });
  expect(answer.status).toBe(200);
}

async function setRole(plane: ControlPlane, user: string, name: string, rules: readonly AccessRule[]): Promise<void> {
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  const apiGroup = 'rbac.authorization.k8s.io';
  await plane.admin.done('POST', `${rbac}/clusterroles`, { metadata: { name }, rules });
  await plane.admin.done('POST', `${rbac}/clusterrolebindings`, {
    metadata: { name },
    roleRef: { apiGroup, kind: 'ClusterRole', name },
    subjects: [{ apiGroup, kind: 'User', name: user }],
  });
}

function crd(group: string, version: string, kind: string, plural: string): string {
  const schema = '{openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}';
  return `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ${plural}.${group}}
spec: {group: ${group}, scope: Namespaced, names: {kind: ${kind}, plural: ${plural}}, versions: [{name: ${version}, served: true, storage: true, schema: ${schema}}]}
`;
}

async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; ; tries++) {
    const found = await ask().catch((error: unknown) => {
      if (tries > 100) throw error;
      return undefined;
    });
    if (found !== undefined) return found;
    if (tries > 100) throw new Error('it never came to be');
    await new Promise((wake) => setTimeout(wake, 200));
  }
}
