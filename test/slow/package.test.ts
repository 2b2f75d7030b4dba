import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { at, bin, install, makeProject, pack, root, run, writeFiles } from '../support/installed-project';

let tarball = '';

beforeAll(() => {
  tarball = pack();
});

const program = `import { App } from 'cdk8s';
import { Environment, Namespace, Service } from 'tierwall';
import { clusterOfTexts, Connectivity, defaultProfile } from 'tierwall/engine';

const nobody: number = new Connectivity(clusterOfTexts([]), defaultProfile).classes.length;
if (nobody !== 0) throw new Error('nobody is somebody');
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

describe.for(kinds)('installed into an empty TypeScript project with %s', ([, packageFields, compilerOptions]) => {
  const project = makeProject(
    {
      'tsconfig.json': { compilerOptions: { ...compilerOptions, skipLibCheck: false }, files: ['main.ts'] },
      'main.ts': program,
      'cdk8s.yaml': 'app: node main.js\n',
    },
    packageFields,
  );

  test('the main entry works without cdk8s-plus: it type-checks, runs under cdk8s, and with the installed command', () => {
    install(project, [tarball, at('cdk8s'), at('constructs'), at('typescript')]);
    expect(readdirSync(join(project, 'node_modules'))).not.toContain('cdk8s-plus-28');
    run(bin(project, 'tsc'), [], project);
    run('node', ['main.js'], project);
    expect(readdirSync(join(project, 'dist'))).toEqual(['tierwall-prod.k8s.yaml']);
    expect(run(bin(project, 'tierwall'), ['synth'], project)).toContain(
      'policies: 3 policies for 2 services and 1 intent',
    );
    expect(run(bin(project, 'tierwall'), ['--version'], project)).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('tierwall/plus works with cdk8s-plus', () => {
    install(project, [at('cdk8s-plus-28')]);
    writeFiles(project, { 'main.ts': plus });
    run(bin(project, 'tsc'), ['--skipLibCheck'], project);
    run('node', ['main.js'], project);
    expect(readdirSync(join(project, 'dist')).sort()).toContain('workloads.k8s.yaml');
  });
});

test('publint finds nothing', () => {
  expect(run(bin(root, 'publint'), ['--strict', tarball], root)).toContain('All good!');
});

test('are-the-types-wrong finds nothing', () => {
  expect(run(bin(root, 'attw'), [tarball, '--format', 'ascii'], root)).toContain('No problems found');
});
