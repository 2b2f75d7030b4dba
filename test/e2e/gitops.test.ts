import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ApiServer } from '../../lib/cluster/api-server';
import { built } from './support/binaries';
import { ControlPlane } from './support/control-plane';
import { describeWith } from './support/describe-with';
import { apiServer } from './support/requirements';
import { shopFolder } from './support/shop';
import { tierwall } from './support/tierwall';

const namespace = 'shop-production';
const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;

describeWith(apiServer, 'the layout in the hands of GitOps tools', () => {
  const folder = shopFolder();
  const policies = join(folder, 'policies');
  let plane: ControlPlane;

  beforeAll(async () => {
    plane = await ControlPlane.start();
    await plane.namespace(namespace);
  });
  beforeEach(() => plane.admin.done('DELETE', path));
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await plane?.stop();
  });

  const kustomize = (of: string) => execFileSync(plane.kubectl, ['kustomize', of], { encoding: 'utf8' });
  /** What the documentation lays over the folder. */
  const overlay = (name: string, sign: string) => {
    mkdirSync(join(folder, name), { recursive: true });
    const head =
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../policies/production]\n';
    writeFileSync(join(folder, name, 'kustomization.yaml'), head + documented(sign));
    return kustomize(join(folder, name));
  };
  /** What was done to which policy, in that order. */
  const done = async (act: () => Promise<void>) => {
    const { metadata } = await plane.admin.done('GET', path);
    await act();
    const api = await ApiServer.of({ kubeconfig: plane.kubeconfig(), cwd: '.', env: {} });
    const query = `watch=1&timeoutSeconds=1&resourceVersion=${metadata.resourceVersion}`;
    const order: string[] = [];
    for await (const line of api.lines({ method: 'GET', path: `${path}?${query}`, what: 'watch' }, () => {})) {
      const { type, object } = JSON.parse(line);
      order.push(`${type} ${object.metadata.name}`);
    }
    return order;
  };
  /** With the engine of Argo CD. */
  const sync = (text: string) =>
    new Promise<void>((done, failed) => {
      const env = { ...process.env, KUBECONFIG: plane.kubeconfig() };
      const child = execFile(join(built('argocd'), 'argocd'), { env, timeout: 100_000 }, (error, stdout, stderr) =>
        error ? failed(new Error(`${stdout}${stderr}`)) : done(),
      );
      child.stdin!.end(text);
    });
  const drift = async () => (await tierwall(plane.kubeconfig(), ['drift', policies])).code;

  test('kustomize takes it: the same objects, what isolates after what allows', () => {
    const objects = loadAll(kustomize(join(policies, 'production'))) as { metadata: { name: string } }[];
    expect(objects.map(({ metadata }) => metadata.name)).toEqual([
      'tierwall-cart',
      'tierwall-redis',
      'tierwall-web',
      'tierwall-default-deny',
    ]);
    const files = readdirSync(join(policies, 'production', namespace)).filter((name) => name !== 'kustomization.yaml');
    const written = files.map((name) => load(readFileSync(join(policies, 'production', namespace, name), 'utf8')));
    expect(written).toHaveLength(objects.length);
    expect(written).toEqual(expect.arrayContaining(objects));
  });

  test('Argo CD isolates last and ends isolation first, with the sync wave of the documentation, and is as declared then', async () => {
    const order = await done(() => sync(overlay('argo', 'argocd.argoproj.io')));
    expect([order.length, order.at(-1)]).toEqual([4, 'ADDED tierwall-default-deny']);
    expect(await drift()).toBe(0);
    const gone = await done(() => sync(''));
    expect([gone.length, gone[0]]).toEqual([4, 'DELETED tierwall-default-deny']);
  });
});

function documented(sign: string): string {
  const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
  const block = [...readme.matchAll(/```yaml\n(patches:[\s\S]*?)```/g)]
    .map(([, text]) => text!)
    .find((text) => text.includes(sign));
  if (!block) throw new Error(`README.md says nothing of ${sign}`);
  return block;
}
