import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { DiffListing } from '../../lib/model/diff-listing';

const root = resolve(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'several-clusters-'));

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: folder });

function tierwall(...args: string[]): string {
  const command = [join(root, 'dist/cli/main.js'), ...args];
  const { stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const policy = (rules: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: other, namespace: shop }\nspec: { podSelector: {}, policyTypes: [Ingress], ingress: [${rules}] }\n`;

/** The clusters in which something changes since HEAD. */
const changed = () => {
  const { clusters } = JSON.parse(tierwall('diff', 'HEAD', '-o', 'json')) as {
    clusters: (DiffListing & { cluster: string })[];
  };
  return clusters.filter(({ verdict }) => verdict !== 'equal').map(({ cluster }) => cluster);
};
const unproved = () => [...new Set(tierwall('prove').match(/(?<=environment=)\w+/g))].sort();
const linted = () => Number(/(\d+) policies and/.exec(tierwall('lint'))?.[1]);

describe('policies of others in the output folder of an app with several clusters', () => {
  beforeAll(() => {
    write(
      'main.js',
      `const { App } = require(${JSON.stringify(join(root, 'node_modules/cdk8s'))});
const { Environment, Namespace, Service } = require(${JSON.stringify(join(root, 'dist'))});
const app = new App();
for (const cluster of ['near', 'far']) {
  const shop = new Namespace(new Environment(app, cluster, { cluster }), 'shop');
  new Service(shop, 'api', { ports: { http: 80 } }).allowFrom(new Service(shop, 'web'));
}
app.synth();
`,
    );
    write('cdk8s.yaml', 'app: node main.js\n');
    tierwall('synth');
    // What is no manifest is in nobody's way.
    write('policies/settings.json', '{ "extends": [] }\n');
    git('init', '-q', '-b', 'main');
    git('add', '-A');
    git('commit', '-q', '-m', 'begin');
  });

  test.for([
    ['at its top', 'policies/other.yaml', ['far', 'near']],
    ['in a folder that is no environment’s', 'policies/more/other.yaml', ['far', 'near']],
    ['in the folder of the first one’s environment', 'policies/far/other.yaml', ['far']],
    ['in the folder of another one’s environment', 'policies/near/shop/other.yaml', ['near']],
  ] as const)(
    'count in the same ones for the proof, for lint and for what a change means: %s',
    ([, path, clusters]) => {
      git('clean', '-fdq');
      const before = linted();
      write(path, policy('{}'));
      expect(unproved()).toEqual(clusters);
      expect(linted() - before).toBe(clusters.length);
      expect(changed()).toEqual(clusters);
    },
  );

  test('are compared with what they were, also at its top', () => {
    git('clean', '-fdq');
    write('policies/other.yaml', policy('{}'));
    git('add', '-A');
    git('commit', '-q', '-m', 'other');
    expect(changed()).toEqual([]);
    write('policies/other.yaml', policy(''));
    expect(changed()).toEqual(['far', 'near']);
  });
});
