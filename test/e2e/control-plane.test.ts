import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ControlPlane } from './support/control-plane';
import { describeWith } from './support/describe-with';
import { apiServer } from './support/requirements';

const policies = '/apis/networking.k8s.io/v1/networkpolicies';

describeWith(apiServer, 'the control plane', () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await ControlPlane.start({ users: ['reader', 'nobody'] });
  });
  afterAll(() => plane?.stop());

  test('is of the version that the policies are written for', async () => {
    expect(await plane.admin.done('GET', '/version')).toMatchObject({ gitVersion: 'v1.34.4' });
  });

  test('lets a user do what was granted, and no more', async () => {
    await plane.grant('reader', [
      { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: ['list'] },
    ]);
    expect((await plane.client('reader').ask('GET', policies)).status).toBe(200);
    expect((await plane.client('reader').ask('GET', '/api/v1/pods')).status).toBe(403);
    expect((await plane.client('nobody').ask('GET', policies)).status).toBe(403);
  });

  test('is reached by kubectl', () => {
    const env = { ...process.env, KUBECONFIG: plane.kubeconfig() };
    const names = execFileSync(plane.kubectl, ['get', 'namespaces', '--output=name'], { env, encoding: 'utf8' });
    expect(names).toContain('namespace/kube-system\n');
  });

  test('refuses a wrong token', () => {
    const env = { ...process.env, KUBECONFIG: plane.kubeconfig('admin', { token: 'wrong' }) };
    expect(() => execFileSync(plane.kubectl, ['get', 'namespaces'], { env, stdio: 'pipe' })).toThrow(/Unauthorized/);
  });

  test('keeps its content over a restart of both parts', async () => {
    await plane.namespace('kept', { team: 'storefront' });
    await plane.apiServer.stop();
    await plane.etcd.restart();
    await plane.apiServer.start();
    expect((await plane.admin.done('GET', '/api/v1/namespaces/kept')).metadata.labels).toMatchObject({
      team: 'storefront',
    });
  });
});

describeWith(apiServer, 'a control plane that nobody stopped', () => {
  test.for(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('is gone after a %s', async (signal) => {
    const run = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'serve.ts')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let printed = '';
    run.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    await until(() => printed.includes('alias kubectl='));
    const folder = dirname(/KUBECONFIG=(.*)/.exec(printed)![1]!);
    expect(processesWith(folder)).toHaveLength(2);
    run.kill(signal);
    await until(() => processesWith(folder).length === 0 && !existsSync(folder));
  });
});

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('does not happen within a minute');
    await sleep(50);
  }
}

/** Ids of the processes that were started with an argument containing the text. */
function processesWith(text: string): string[] {
  return readdirSync('/proc').filter((id) => /^\d+$/.test(id) && commandLine(id).includes(text));
}

function commandLine(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8');
  } catch {
    return ''; // ended since it was listed
  }
}
