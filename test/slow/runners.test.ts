import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { at, attempt, bin, makeProject, pack, run } from '../support/installed-project';

let tarball = '';

beforeAll(() => {
  tarball = pack();
});

const shop = `
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { containers: [{ name: c, image: c, ports: [{ name: http, containerPort: 80 }] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress] }
`;

/** Two tests that hold, and one that does not. */
const tests = (imports: string) => `${imports}

const network = networkOfText(${JSON.stringify(shop)}, { file: 'shop.yaml' });
test('denies', () => expect(network).toDeny('*{}', 'shop/web'));
test('lists', () => expect(network).toMatchConnectivity());
test('fails', () => expect(network).toAllow('other{app=x}', 'shop/web', 'http'));
`;

const wrongType = `${tests("import { expect, test } from 'RUNNER';\nimport { networkOfText } from 'ENTRY';")}
// @ts-expect-error: a port is text or a number
test('types', () => expect(network).toAllow('a', 'b', {}));
`;

const compilerOptions = {
  module: 'nodenext',
  target: 'es2022',
  strict: true,
  noEmit: true,
  types: [],
  skipLibCheck: true,
};
const packages = () => [tarball, at('cdk8s'), at('constructs'), at('typescript')];
const quiet = { CI: '', NO_COLOR: '1', FORCE_COLOR: '0' };
const explained = /nothing allows ingress from other\{app=x\} on 80\/TCP[\s\S]*at shop\.yaml:\d+/;

/** What becomes of the snapshot of a file of tests, run by run. */
function expectSnapshots(project: string, file: string, runTests: (args: readonly string[], ci: string) => string) {
  const path = join(project, '__snapshots__', `${file}.lists.connectivity.txt`);
  expect(runTests([], '1')).toContain(`${file}.lists.connectivity.txt, and in CI none is written`);
  expect(existsSync(path)).toBe(false);
  expect(runTests([], '')).toContain('2 passed');
  const text = readFileSync(path, 'utf8');
  // As git checks it out on Windows.
  const windows = text.replaceAll('\n', '\r\n');
  writeFileSync(path, windows);
  expect([runTests([], '1'), readFileSync(path, 'utf8')]).toEqual([expect.stringContaining('2 passed'), windows]);
  writeFileSync(path, text.replace('----\n', '----\nshop/gone → shop/web: 80/TCP\n'));
  expect(runTests([], '')).toContain('- shop/gone → shop/web on 80/TCP');
  expect([runTests(['-u'], ''), readFileSync(path, 'utf8')]).toEqual([expect.stringContaining('2 passed'), text]);
}

/** What becomes of a snapshot whose test is gone. */
function expectObsolete(project: string, file: string, imports: string, runTests: (args: readonly string[]) => string) {
  const [head] = tests(imports).split("test('denies'");
  writeFileSync(join(project, file), `${head}test('lists', () => expect(network).toMatchConnectivity());\n`);
  const path = join(project, '__snapshots__', `${file}.gone.connectivity.txt`);
  runTests([file]);
  writeFileSync(path, '');
  expect([runTests([file]), existsSync(path)]).toEqual([expect.stringMatching(/1 (snapshot )?obsolete/), true]);
  expect([runTests([file, '-u']), existsSync(path)]).toEqual([expect.stringMatching(/1 (snapshot )?removed/), false]);
}

describe('in Vitest', () => {
  test.for([
    ['4', at('vitest')],
    ['3.2, the earliest', 'vitest@3.2'],
  ] as const)(
    '%s, the matchers are there after one import, with their types, in CommonJS and in ES modules',
    ([, runner]) => {
      const text = wrongType.replace('RUNNER', 'vitest').replace('ENTRY', 'tierwall/vitest');
      const project = makeProject({
        'tsconfig.json': { compilerOptions, files: ['shop.test.ts', 'modules/shop.test.ts'] },
        'shop.test.ts': text,
        'modules/package.json': { type: 'module' },
        'modules/shop.test.ts': text,
      });
      // With what npm holds for optional: the bundler's own binary.
      run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...packages(), runner], project);
      run(bin(project, 'tsc'), [], project);
      const vitest = (args: readonly string[], ci: string) => {
        const all = ['run', '-t', 'denies|lists|fails', ...args];
        const { stdout, stderr } = attempt(bin(project, 'vitest'), all, project, { ...quiet, CI: ci });
        return stdout + stderr;
      };
      expectSnapshots(project, 'shop.test.ts', (args, ci) => vitest(['--exclude', 'modules', ...args], ci));
      const both = vitest([], '');
      expect(both).toMatch(explained);
      expect(both).toMatch(/2 failed \| 4 passed/);
      const imports = "import { expect, test } from 'vitest';\nimport { networkOfText } from 'tierwall/vitest';";
      expectObsolete(project, 'gone.test.ts', imports, (args) => vitest(args, ''));
    },
  );
});

/** What a project has beside its policies: settings, an app, a table. */
const files = {
  'deploy/shop.yaml': shop,
  'shop.connectivity.yaml':
    'default: denied\nsources: [deploy/shop.yaml]\nexceptions: [{ from: shop/web, to: shop/web }]\n',
  'tierwall.config.ts':
    "import { defineConfig } from 'tierwall/config';\nexport default defineConfig({ app: 'node main.js', lint: { rules: { 'no-any-address': 'off' } } });\n",
  'main.js': `const { App } = require('cdk8s');
const { Environment, Namespace, Service } = require('tierwall');
const app = new App();
const shop = new Namespace(new Environment(app, 'prod'), 'shop');
new Service(shop, 'api', { ports: { http: 80 } }).allowFrom(new Service(shop, 'web'));
app.synth();
`,
};

const typed = (imports: string) => `${imports}
const { network }: { network: Network } = { network: networkOfText(${JSON.stringify(shop)}, { file: 'shop.yaml' }) };
test('denies', () => expect(network).toDeny('*{}', 'shop/web'));
test('fails', () => expect(network).toAllow('other{app=x}', 'shop/web', 'http'));
test('reads files by a pattern', async () => expect(await readNetwork('deploy/*.yaml')).toDeny('*{}', 'shop/web'));
test('runs the app of the project', async () => expect(await networkOfProject()).toAllow('shop/web', 'shop/api'), 60_000);
test('runs tables', async () => expect((await runTables()).failed).toBe(0));
`;

describe('in Jest', () => {
  const names = 'type Network, networkOfProject, networkOfText, readNetwork, runTables';
  const project = makeProject({
    ...files,
    'globals.test.ts': typed(`import { ${names} } from 'tierwall/jest';`),
    'imported.test.ts': typed(
      `import { expect, test } from '@jest/globals';\nimport { ${names} } from 'tierwall/jest-globals';`,
    ),
    'tsconfig.json': {
      compilerOptions: { module: 'commonjs', target: 'es2022', strict: true, skipLibCheck: true, types: ['jest'] },
    },
    'globals.test.js': tests("const { networkOfText } = require('tierwall/jest');"),
    'imported.test.js': tests(
      "const { expect, test } = require('@jest/globals');\nconst { networkOfText } = require('tierwall/jest');",
    ),
    'types/globals.ts': wrongType.replace(/import \{ expect[^\n]*\n/, '').replace('ENTRY', 'tierwall/jest'),
    'types/imported.ts': wrongType.replace('RUNNER', '@jest/globals').replace('ENTRY', 'tierwall/jest-globals'),
    'tsconfig.globals.json': { compilerOptions: { ...compilerOptions, types: ['jest'] }, files: ['types/globals.ts'] },
    'tsconfig.imported.json': { compilerOptions, files: ['types/imported.ts'] },
    'babel.config.js':
      "module.exports = { presets: [['@babel/preset-env', { targets: { node: 'current' } }], '@babel/preset-typescript'] };",
    'commonjs.config.js': `const testMatch = ['<rootDir>/*.test.ts'];
const by = (displayName, transform) => ({ displayName, testMatch, transform: { '\\\\.ts$': transform } });
module.exports = { projects: [by('ts-jest', 'ts-jest'), by('swc', '@swc/jest'), by('babel', 'babel-jest')] };`,
    'modules.config.js': `const tsconfig = { module: 'esnext', moduleResolution: 'bundler', target: 'es2022', types: ['jest'], skipLibCheck: true };
const by = (displayName, ...transform) => ({ displayName, testMatch: ['<rootDir>/*.test.ts'], extensionsToTreatAsEsm: ['.ts'], transform: { '\\\\.ts$': transform } });
module.exports = { projects: [
  by('ts-jest', 'ts-jest', { useESM: true, tsconfig }),
  by('swc', '@swc/jest', { module: { type: 'es6' }, jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }),
] };`,
  });

  beforeAll(() => {
    const compilers = [
      'ts-jest@29',
      '@swc/core@1',
      '@swc/jest',
      '@babel/core@7',
      '@babel/preset-env@7',
      '@babel/preset-typescript@7',
    ];
    // With what npm holds for optional: a compiler's own binary.
    run(
      'npm',
      [
        'install',
        '--no-audit',
        '--no-fund',
        '--prefer-offline',
        ...packages(),
        'jest@30',
        '@types/jest@30',
        '@jest/globals@30',
        ...compilers,
      ],
      project,
    );
  });

  test.for([
    ['as CommonJS, by ts-jest, swc and Babel', 'commonjs', '', 6],
    ['as ES modules, by ts-jest and swc', 'modules', '--experimental-vm-modules', 4],
  ] as const)('%s, the matchers work, and whatever makes a network', ([, kind, NODE_OPTIONS, count]) => {
    const { status, stderr } = attempt(bin(project, 'jest'), ['-c', `${kind}.config.js`], project, {
      ...quiet,
      NODE_OPTIONS,
    });
    expect(stderr).toMatch(explained);
    expect([status, stderr]).toEqual([1, expect.stringContaining(`Tests:       ${count} failed, ${count * 4} passed`)]);
  });

  test.for([
    ['with its globals', 'globals'],
    ['with @jest/globals', 'imported'],
  ] as const)('%s the matchers work, and have their types', ([, name]) => {
    run(bin(project, 'tsc'), ['-p', `tsconfig.${name}.json`], project);
    const options = name === 'imported' ? ['--injectGlobals=false'] : [];
    const jest = (args: readonly string[], ci: string) => {
      const all = [`${name}.test.js`, ...options, ...(ci ? ['--ci'] : []), ...args];
      return attempt(bin(project, 'jest'), all, project, quiet).stderr;
    };
    expectSnapshots(project, `${name}.test.js`, jest);
    expect(jest([], '')).toMatch(explained);
  });

  test('snapshots whose test is gone are told as obsolete, and removed with -u', () => {
    const imports = "const { networkOfText } = require('tierwall/jest');";
    const jest = (args: readonly string[]) => attempt(bin(project, 'jest'), args, project, quiet).stderr;
    expectObsolete(project, 'gone.test.js', imports, jest);
  });
});
