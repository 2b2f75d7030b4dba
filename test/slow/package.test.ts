import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

const root = resolve(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'package-'));
const run = (command: string, args: readonly string[], cwd: string) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe' });
const versions = (
  JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, { version: string }> }
).packages;
const at = (name: string) => `${name}@${versions[`node_modules/${name}`]?.version}`;
let tarball = '';

beforeAll(() => {
  run('npm', ['pack', '--pack-destination', folder, '--silent'], root);
  tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz'))!);
});

const program = `import { App } from 'cdk8s';
import { Environment, Namespace, Service } from 'tierwall';

const app = new App();
const shop = new Namespace(new Environment(app, 'prod'), 'shop');
new Service(shop, 'api', { ports: { http: 80 } }).allowFrom(new Service(shop, 'web'));
app.synth();
`;

const plus = `import { App, Chart } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-28';
import { Environment, Namespace } from 'tierwall';
import { fromWorkload } from 'tierwall/plus';

const app = new App();
const shop = new Namespace(new Environment(app, 'prod'), 'shop');
const chart = new Chart(app, 'workloads', { namespace: 'shop' });
fromWorkload(shop, 'api', new Deployment(chart, 'api', { containers: [{ image: 'api', portNumber: 80 }] }));
app.synth();
`;

const kinds = [
  ['CommonJS', {}, { module: 'commonjs', moduleResolution: 'node10', target: 'es2022', strict: true, types: [] }],
  [
    'ES modules',
    { type: 'module' },
    { module: 'nodenext', moduleResolution: 'nodenext', target: 'es2022', strict: true, types: [] },
  ],
] as const;

describe.for(kinds)('installed into an empty TypeScript project with %s', ([name, packageFields, compilerOptions]) => {
  const project = join(folder, name.replace(' ', '-'));

  test('the main entry works without cdk8s-plus: it type-checks, runs under cdk8s, and with the installed command', () => {
    mkdirSync(project, { recursive: true });
    writeFileSync(
      join(project, 'package.json'),
      JSON.stringify({ name: 'user', version: '1.0.0', private: true, ...packageFields }),
    );
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...compilerOptions, skipLibCheck: false }, files: ['main.ts'] }),
    );
    writeFileSync(join(project, 'main.ts'), program);
    writeFileSync(join(project, 'cdk8s.yaml'), 'app: node main.js\n');
    run(
      'npm',
      [
        'install',
        '--no-audit',
        '--no-fund',
        '--prefer-offline',
        '--omit=optional',
        tarball,
        at('cdk8s'),
        at('constructs'),
        at('typescript'),
      ],
      project,
    );
    expect(readdirSync(join(project, 'node_modules'))).not.toContain('cdk8s-plus-28');
    run('npx', ['tsc'], project);
    run('node', ['main.js'], project);
    expect(readdirSync(join(project, 'dist'))).toEqual(['tierwall-prod.k8s.yaml']);
    expect(run('npx', ['tierwall', 'synth'], project)).toContain('policies: 3 policies for 2 services and 1 intent');
    expect(run('npx', ['tierwall', '--version'], project)).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('tierwall/plus works with cdk8s-plus', () => {
    run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', at('cdk8s-plus-28')], project);
    writeFileSync(join(project, 'main.ts'), plus);
    run('npx', ['tsc', '--skipLibCheck'], project);
    run('node', ['main.js'], project);
    expect(readdirSync(join(project, 'dist')).sort()).toContain('workloads.k8s.yaml');
  });
});

test('publint finds nothing', () => {
  expect(run('npx', ['publint', '--strict', tarball], root)).toContain('All good!');
});

test('are-the-types-wrong finds nothing', () => {
  expect(run('npx', ['attw', tarball, '--format', 'ascii'], root)).toContain('No problems found');
});
