import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { load, loadAll } from 'js-yaml';
import type { NetworkPolicy } from 'tierwall';
import { describe, expect, test } from 'vitest';
import { casesAt } from '../support/cases';
import { allows, type End } from '../support/evaluate';

const root = resolve(__dirname, '../..');
const cli = join(root, 'dist/cli/main.js');

function policiesIn(folder: string): NetworkPolicy[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml'))
    .map((path) => load(readFileSync(join(folder, path), 'utf8')) as NetworkPolicy)
    .filter(({ kind }) => kind === 'NetworkPolicy');
}

describe.for([
  ['online-boutique', root],
  ['platform', join(root, 'apps/platform')],
] as const)('apps/%s', ([name, cwd]) => {
  test('has its committed policies as the code gives them', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'synth', '--check', '--as-of', '2026-11-24'], {
      cwd,
      encoding: 'utf8',
    });
    expect([status, stdout + stderr]).toEqual([0, expect.stringContaining('up to date')]);
  });

  test('denies by default in every namespace, in both directions', () => {
    const folder = join(root, 'apps', name, 'policies');
    for (const environment of readdirSync(folder)) {
      for (const namespace of readdirSync(join(folder, environment)).filter((entry) => !entry.endsWith('.yaml'))) {
        const denying = policiesIn(join(folder, environment, namespace)).filter(
          ({ spec }) => Object.keys(spec.podSelector).length === 0,
        );
        expect(denying.map(({ spec }) => spec)).toEqual([{ podSelector: {}, policyTypes: ['Ingress', 'Egress'] }]);
      }
    }
  });

  test('gives the same objects under a plain cdk8s App', () => {
    const out = execFileSync(process.execPath, [join(root, 'node_modules/tsx/dist/cli.mjs'), '-e', plainScript(name)], {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, TIERWALL_AS_OF: '2026-11-24' },
    });
    const plain = (loadAll(out) as NetworkPolicy[]).filter((object) => object?.kind === 'NetworkPolicy');
    const sorted = (list: readonly NetworkPolicy[]) =>
      list.map((p) => JSON.stringify([p.metadata.namespace, p.metadata.name, canonical(p.spec)])).sort();
    expect(sorted(plain)).toEqual(sorted(policiesIn(join(root, 'apps', name, 'policies'))));
  });
});

/** Runs the app's own program, and prints what `app.synth()` would write. */
function plainScript(name: string): string {
  return `const { App } = require('cdk8s'); App.prototype.synth = function () { process.stdout.write(this.synthYaml()); }; require(${JSON.stringify(join(root, 'apps', name, 'main.ts'))});`;
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, v]) => [key, canonical(v)]),
  );
}

const theirsFolder = casesAt('apps', 'online-boutique', 'kustomize', 'components', 'network-policies');

describe.skipIf(!theirsFolder)(
  'Online Boutique beside the policies that people wrote for it (skipped where ../shared/cases is absent)',
  () => {
    const ports: Record<string, number> = {
      frontend: 8080,
      adservice: 9555,
      cartservice: 7070,
      checkoutservice: 5050,
      currencyservice: 7000,
      emailservice: 8080,
      paymentservice: 50051,
      productcatalogservice: 3550,
      recommendationservice: 8080,
      shippingservice: 50051,
      'redis-cart': 6379,
    };
    const workloads = [...Object.keys(ports), 'loadgenerator'];
    const ours = policiesIn(join(root, 'apps/online-boutique/policies/production'));
    const theirs = (theirsFolder ? policiesIn(theirsFolder) : []).map(
      (policy): NetworkPolicy => ({ ...policy, metadata: { ...policy.metadata, namespace: 'boutique' } }),
    );
    const end = (name: string): End => ({
      namespace: 'boutique',
      labels: { app: name, 'app.kubernetes.io/name': name },
    });
    const connections = (policies: readonly NetworkPolicy[]) =>
      workloads.flatMap((from) =>
        Object.entries(ports)
          .filter(([to, port]) => from !== to && allows(policies, end(from), end(to), port))
          .map(([to]) => `${from} > ${to}`),
      );

    test('ours allow nothing between the workloads that theirs do not', () => {
      expect(connections(ours).filter((c) => !connections(theirs).includes(c))).toEqual([]);
    });

    test('theirs let everybody into the frontend, ours the load generator and the internet', () => {
      const missing = connections(theirs).filter((c) => !connections(ours).includes(c));
      expect(missing).toEqual(
        workloads
          .filter((w) => w !== 'frontend' && w !== 'loadgenerator')
          .map((w) => `${w} > frontend`)
          .sort(byWorkload),
      );
      const stranger: End = { namespace: 'elsewhere', labels: {} };
      expect(allows(theirs, stranger, end('frontend'), 8080)).toBe(true);
      expect(allows(ours, stranger, end('frontend'), 8080)).toBe(false);
      expect(allows(ours, { address: '8.8.8.8' }, end('frontend'), 8080)).toBe(true);
    });

    test('theirs let every workload out to everywhere, ours only to what it calls and to DNS', () => {
      for (const name of workloads) {
        expect(allows(theirs, end(name), { address: '8.8.8.8' }, 443)).toBe(true);
        expect(allows(ours, end(name), { address: '8.8.8.8' }, 443)).toBe(false);
        expect(allows(ours, end(name), { address: '169.254.169.254' }, 80)).toBe(false);
      }
    });

    test('nobody reaches the load generator, by either', () => {
      for (const policies of [theirs, ours])
        expect(allows(policies, end('frontend'), end('loadgenerator'), 8089)).toBe(false);
    });

    function byWorkload(a: string, b: string): number {
      return workloads.indexOf(a.split(' ')[0]!) - workloads.indexOf(b.split(' ')[0]!);
    }
  },
);
