import { beforeAll, describe, expect, test } from 'vitest';
import { at, attempt, bin, install, makeProject, pack, run } from '../support/installed-project';

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
const explained = /nothing allows ingress from other\{app=x\} on 80\/TCP[\s\S]*at shop\.yaml:\d+/;

describe('in Vitest', () => {
  test.for([
    ['ES modules', { type: 'module' }],
    ['CommonJS', {}],
  ] as const)('the matchers are there after one import, with their types, in a project of %s', ([, fields]) => {
    const text = wrongType.replace('RUNNER', 'vitest').replace('ENTRY', 'tierwall/vitest');
    const project = makeProject(
      { 'tsconfig.json': { compilerOptions, files: ['shop.test.ts'] }, 'shop.test.ts': text },
      fields,
    );
    // With what npm holds for optional: the bundler's own binary.
    run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...packages(), at('vitest')], project);
    run(bin(project, 'tsc'), [], project);
    const { status, stdout, stderr } = attempt(bin(project, 'vitest'), ['run', '-t', 'denies|lists|fails'], project, {
      CI: '',
      NO_COLOR: '1',
      FORCE_COLOR: '0',
    });
    expect(stdout + stderr).toMatch(explained);
    expect([status, stdout]).toEqual([1, expect.stringMatching(/1 failed \| 2 passed/)]);
  });
});

describe('in Jest', () => {
  const project = makeProject({
    'globals.test.js': tests("const { networkOfText } = require('tierwall/jest');"),
    'imported.test.js': tests(
      "const { expect, test } = require('@jest/globals');\nconst { networkOfText } = require('tierwall/jest');",
    ),
    'types/globals.ts': wrongType.replace(/import \{ expect[^\n]*\n/, '').replace('ENTRY', 'tierwall/jest'),
    'types/imported.ts': wrongType.replace('RUNNER', '@jest/globals').replace('ENTRY', 'tierwall/jest-globals'),
    'tsconfig.globals.json': { compilerOptions: { ...compilerOptions, types: ['jest'] }, files: ['types/globals.ts'] },
    'tsconfig.imported.json': { compilerOptions, files: ['types/imported.ts'] },
  });

  test.for([
    ['with its globals', 'globals'],
    ['with @jest/globals', 'imported'],
  ] as const)('%s the matchers work, and have their types', ([, name]) => {
    install(project, [...packages(), 'jest@30', '@types/jest@30', '@jest/globals@30']);
    run(bin(project, 'tsc'), ['-p', `tsconfig.${name}.json`], project);
    const options = name === 'imported' ? ['--injectGlobals=false'] : [];
    const { status, stderr } = attempt(bin(project, 'jest'), [`${name}.test.js`, ...options], project, {
      CI: '',
      NO_COLOR: '1',
      FORCE_COLOR: '0',
    });
    expect(stderr).toMatch(explained);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/1 failed, 2 passed/)]);
  });
});
