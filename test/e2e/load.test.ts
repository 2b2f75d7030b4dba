import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ControlPlane } from './support/control-plane';
import { describeWith } from './support/describe-with';
import { apiServer } from './support/requirements';
import { writeFiles } from './support/shop';
import { cli } from './support/tierwall';
import { Watching } from './support/watching';

/** 5,000 pods and 10,000 policies. */
const [namespaces, podsEach, policiesEach] = [100, 50, 100];
const labels = { 'app.kubernetes.io/managed-by': 'tierwall' };

function policyOf(namespace: string, i: number) {
  const app = (n: number) => ({ matchLabels: { app: `app-${n % podsEach}` } });
  const port = (n: number) => ({ protocol: 'TCP', port: 8000 + (n % podsEach) });
  const metadata = {
    name: `tierwall-${i}`,
    namespace,
    labels,
    annotations: { 'tierwall.dev/source': `load/${namespace}/${i}` },
  };
  const spec =
    i === 0
      ? { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }
      : {
          podSelector: app(i),
          policyTypes: ['Ingress', 'Egress'],
          ingress: [{ from: [{ podSelector: app(i + podsEach - 1) }], ports: [port(i)] }],
          egress: [{ to: [{ podSelector: app(i + 1) }], ports: [port(i + 1)] }],
        };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec };
}

describeWith(apiServer, 'a cluster of 5,000 pods and 10,000 policies', () => {
  const folder = mkdtempSync(join(tmpdir(), 'load-'));
  const policies = join(folder, 'policies');
  let plane: ControlPlane;

  beforeAll(async () => {
    plane = await ControlPlane.start();
    const files: Record<string, string> = {};
    const objects: [path: string, object: object][] = [];
    for (let n = 0; n < namespaces; n++) {
      const name = `ns-${n}`;
      await plane.namespace(name);
      for (let i = 0; i < podsEach; i++) {
        const env = Array.from({ length: 20 }, (_, e) => ({ name: `SETTING_${e}`, value: 'a value of a setting' }));
        const containers = [{ name: 'app', image: 'registry.example/app:1', env, ports: [{ containerPort: 8080 }] }];
        objects.push([
          `/api/v1/namespaces/${name}/pods`,
          { metadata: { name: `pod-${i}`, labels: { app: `app-${i}` } }, spec: { containers } },
        ]);
      }
      for (let i = 0; i < policiesEach; i++) {
        const policy = policyOf(name, i);
        files[`policies/load/${name}/${policy.metadata.name}.yaml`] = JSON.stringify(policy);
        objects.push([`/apis/networking.k8s.io/v1/namespaces/${name}/networkpolicies`, policy]);
      }
    }
    writeFiles(folder, files);
    for (let i = 0; i < objects.length; i += 100) {
      await Promise.all(objects.slice(i, i + 100).map(([path, object]) => plane.admin.done('POST', path, object)));
    }
  }, 600_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await plane?.stop();
  });

  test('is compared once', () => {
    const env = { ...process.env, KUBECONFIG: plane.kubeconfig(), CI: 'true' };
    const run = (args: readonly string[]) => {
      const start = Date.now();
      const ran = spawnSync('/usr/bin/env', ['time', '-f', '%M %U %S', process.execPath, cli, ...args], {
        env,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      const [memory, user, system] = ran.stderr.trim().split('\n').at(-1)!.split(' ').map(Number) as [
        number,
        number,
        number,
      ];
      return {
        code: ran.status,
        seconds: (Date.now() - start) / 1000,
        cpuSeconds: user + system,
        megabytes: Math.round(memory / 1024),
        stdout: ran.stdout,
      };
    };
    const drift = run(['drift', policies]);
    const connectivity = run(['connectivity', '--cluster', '-o', 'csv']);
    expect([drift.code, connectivity.code]).toEqual([0, 0]);
    expect(connectivity.stdout.length).toBeGreaterThan(10_000);
    expect(Math.max(drift.megabytes, connectivity.megabytes)).toBeLessThan(1500);
    const shown = ({ seconds, cpuSeconds, megabytes }: typeof drift) => ({ seconds, cpuSeconds, megabytes });
    console.log({ drift: shown(drift), connectivity: shown(connectivity) });
  });

  test('is watched: events are reported within a second, and memory does not grow', async () => {
    const start = Date.now();
    const watching = await Watching.start(plane.kubeconfig(), [policies, '--listen', '127.0.0.1:0']);
    const firstVerdict = (Date.now() - start) / 1000;
    try {
      const memory = async () => {
        const port = watching.log.find(({ event }) => event === 'listening')!['port'];
        const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
        return Math.round(Number(/^process_resident_memory_bytes (\d+)/m.exec(text)![1]) / 1024 / 1024);
      };
      const delays: number[] = [];
      const first = await memory();
      for (let i = 0; i < 30; i++) {
        const path = `/apis/networking.k8s.io/v1/namespaces/ns-${i}/networkpolicies/tierwall-0`;
        const from = watching.log.length;
        const changed = Date.now();
        await plane.admin.done(
          'PATCH',
          path,
          [{ op: 'add', path: '/spec/ingress', value: [{}] }],
          'application/json-patch+json',
        );
        const { seenAt } = await watching.until('drift', `ns-${i}/tierwall-0`, from);
        delays.push(seenAt - changed);
        await plane.admin.done('PATCH', path, [{ op: 'remove', path: '/spec/ingress' }], 'application/json-patch+json');
        await watching.until('drift-resolved', `ns-${i}/tierwall-0`, from);
      }
      // As a roll-out does: pods come and go.
      for (let round = 0; round < 20; round++) {
        await Promise.all(
          Array.from({ length: podsEach }, (_, i) =>
            plane.admin.done(
              'PATCH',
              `/api/v1/namespaces/ns-${round}/pods/pod-${i}`,
              { metadata: { annotations: { round: `${round}` } } },
              'application/merge-patch+json',
            ),
          ),
        );
      }
      const last = await memory();
      delays.sort((a, b) => a - b);
      console.log({ firstVerdict, reportMs: { median: delays[15], worst: delays.at(-1) }, megabytes: { first, last } });
      expect(delays.at(-1)).toBeLessThan(1000);
      expect(last).toBeLessThan(1000);
    } finally {
      await watching.stop();
    }
  });
});
