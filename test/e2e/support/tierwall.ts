import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { loadAll } from 'js-yaml';
import type { ControlPlane } from './control-plane';

const root = resolve(__dirname, '../../..');
export const cli = join(root, 'dist/cli/main.js');

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a user would, with the kubeconfig that is given. */
export function tierwall(
  kubeconfig: string,
  args: readonly string[],
  cwd = root,
  stdin = '',
  env: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  return new Promise((done, failed) => {
    const own = { ...process.env, KUBECONFIG: kubeconfig, NO_COLOR: '1', CI: 'true', ...env };
    const child = spawn(process.execPath, [cli, ...args], { cwd, env: own, stdio: 'pipe' });
    const written = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        written[name] += text;
      });
    }
    child.on('error', failed);
    child.on('close', (code) => done({ code, ...written }));
    child.stdin.end(stdin);
  });
}

interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

const plurals: Readonly<Record<string, string>> = {
  NetworkPolicy: 'networkpolicies',
  Ingress: 'ingresses',
  CiliumNetworkPolicy: 'ciliumnetworkpolicies',
};

export function pathOfObject({ apiVersion, kind, metadata }: ApiObject): string {
  const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const plural = plurals[kind] ?? `${kind.toLowerCase()}s`;
  return `${base}${metadata.namespace ? `/namespaces/${metadata.namespace}` : ''}/${plural}/${metadata.name}`;
}

/** Applies the objects of a YAML text as an administrator of the name `other` would. */
export async function apply(plane: ControlPlane, text: string): Promise<void> {
  for (const object of loadAll(text) as (ApiObject & { status?: object })[]) {
    if (!object) continue;
    const path = pathOfObject(object);
    const query = '?fieldManager=other&force=true';
    await plane.admin.done('PATCH', path + query, object, 'application/apply-patch+yaml');
    if (object.status)
      await plane.admin.done('PATCH', `${path}/status`, { status: object.status }, 'application/merge-patch+json');
  }
}
