import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  at,
  attempt,
  bin,
  filesIn,
  install,
  makeProject,
  objectsIn,
  pack,
  run,
  type WrittenObject,
} from '../support/installed-project';

/** As `cdk8s init typescript-app` makes it, with intents beside the chart. */
const main = `import { Construct } from 'constructs';
import { ApiObject, App, Chart, ChartProps, YamlOutputType } from 'cdk8s';
import { Environment, Namespace, Service } from 'tierwall';

export class MyChart extends Chart {
  constructor(scope: Construct, id: string, props: ChartProps = { }) {
    super(scope, id, props);

    new ApiObject(this, 'pod', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'stray' } });

  }
}

const type = process.env.TYPE as keyof typeof YamlOutputType | undefined;
const app = new App(type ? { yamlOutputType: YamlOutputType[type] } : {});
new MyChart(app, 'hello', { namespace: 'shop' });

const production = new Environment(app, 'prod');
const shop = new Namespace(production, 'shop', { object: 'written' });
new Service(shop, 'api', { ports: { http: 80 } }).allowFrom(new Service(shop, 'web'));
if (process.env.SECOND) new Namespace(production, 'bank');
app.synth();
`;

const mistakes = `import { App, Chart } from 'cdk8s';
import { Environment, Namespace, Never, Peer, Service } from 'tierwall';

const app = new App();
new Chart(app, 'hello');
const shop = new Namespace(new Environment(app, 'prod'), 'shop');
const web = new Service(shop, 'web');
const api = new Service(shop, 'api', { ports: { http: 0 } });
new Service(shop, 'api');
api.allowFrom(web, { ports: ['grpc'] });
web.allowFrom(Peer.cidr('10.0.0.1/8'), { ports: [443] });
web.allowFrom(api);
new Never(shop, 'never', { from: Peer.cidr('192.0.2.0/33'), to: api });
app.synth();
`;

/** The template's, but for the comments. */
const compilerOptions = {
  alwaysStrict: true,
  declaration: true,
  experimentalDecorators: true,
  inlineSourceMap: true,
  inlineSources: true,
  lib: ['es2016'],
  module: 'CommonJS',
  noEmit: false,
  noEmitOnError: true,
  noFallthroughCasesInSwitch: true,
  noImplicitAny: true,
  noImplicitReturns: true,
  noImplicitThis: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  resolveJsonModule: true,
  strict: true,
  strictNullChecks: true,
  strictPropertyInitialization: true,
  stripInternal: true,
  target: 'ES2017',
};

/** The arguments without the question whether a newer cdk8s-cli exists, which needs the network. */
const offline = (args: readonly string[]) => [...args, '--check-upgrade=false'];
const cdk8s = (args: readonly string[], env = {}) => run(bin(folder, 'cdk8s'), offline(args), folder, env);
const attemptCdk8s = (args: readonly string[], env = {}) => attempt(bin(folder, 'cdk8s'), offline(args), folder, env);

const policies = ['api', 'default-deny', 'web'].map((name) => `NetworkPolicy shop/tierwall-${name}`);
const everything = ['Namespace undefined/shop', ...policies, 'Pod shop/stray'];

let folder = '';

beforeAll(() => {
  folder = makeProject(
    {
      'main.ts': main,
      'mistakes.ts': mistakes,
      'tsconfig.json': { compilerOptions, include: ['**/*.ts'], exclude: ['node_modules'] },
      'cdk8s.yaml': 'language: typescript\napp: npx ts-node main.ts\nimports:\n  - k8s\n',
    },
    { main: 'main.js', types: 'main.ts' },
  );
  const tools = ['cdk8s-cli@2.207.60', '@types/node@14', at('typescript'), at('ts-node')];
  install(folder, [pack(), at('cdk8s'), at('constructs'), ...tools]);
});

describe('cdk8s synth', () => {
  test('writes the policies of a project that `cdk8s init typescript-app` made, and the charts beside them', () => {
    expect(cdk8s(['synth'])).toBe(
      'Synthesizing application\n  - dist/hello.k8s.yaml\n  - dist/tierwall-prod.k8s.yaml\n',
    );
    const objects = objectsIn(join(folder, 'dist'));
    expect(Object.keys(objects).sort()).toEqual(everything);
    const selects = (name: string) => ({ podSelector: { matchLabels: { 'app.kubernetes.io/name': name } } });
    const ports = [{ protocol: 'TCP', port: 80 }];
    const policyTypes = ['Ingress', 'Egress'];
    expect(objects['NetworkPolicy shop/tierwall-default-deny']?.spec).toEqual({ podSelector: {}, policyTypes });
    expect(objects['NetworkPolicy shop/tierwall-api']?.spec).toEqual({
      ...selects('api'),
      policyTypes,
      ingress: [{ from: [selects('web')], ports }],
    });
    expect(objects['NetworkPolicy shop/tierwall-web']?.spec).toMatchObject({
      ...selects('web'),
      policyTypes,
      egress: expect.arrayContaining([{ to: [selects('api')], ports }]),
    });
  });

  describe('of the compiled project', () => {
    const synth = ['synth', '--app', 'node main.js'];

    beforeAll(() => {
      run(bin(folder, 'tsc'), ['--build'], folder);
    });

    test.for([
      ['FILE_PER_APP', ['app.k8s.yaml']],
      ['FILE_PER_CHART', ['hello.k8s.yaml', 'tierwall-prod.k8s.yaml']],
      ['FILE_PER_RESOURCE', ['Namespace.shop.k8s.yaml', 'Pod.stray.k8s.yaml', ...policyFiles('')]],
      [
        'FOLDER_PER_CHART_FILE_PER_RESOURCE',
        [
          'hello/Pod.stray.k8s.yaml',
          'tierwall-prod-shop/Namespace.shop.k8s.yaml',
          ...policyFiles('tierwall-prod-shop/'),
        ],
      ],
    ] as const)('writes every object with %s', ([TYPE, files]) => {
      cdk8s(synth, { TYPE });
      expect(filesIn(join(folder, 'dist'))).toEqual([...files].sort());
      expect(Object.keys(objectsIn(join(folder, 'dist'))).sort()).toEqual(everything);
    });

    test('fails with FILE_PER_RESOURCE where two objects would get one file, and writes nothing', () => {
      const { status, stderr } = attemptCdk8s(synth, { TYPE: 'FILE_PER_RESOURCE', SECOND: 'yes' });
      expect(stderr).toContain('cdk8s would write two objects to one file: NetworkPolicy `tierwall-default-deny`');
      expect(status).not.toBe(0);
      expect(filesIn(join(folder, 'dist'))).toEqual([]);
    });

    test('prints nothing but YAML on standard output where it is asked for there; notes go to standard error', () => {
      rmSync(join(folder, 'dist'), { recursive: true });
      const { status, stdout, stderr } = attemptCdk8s([...synth, '--stdout'], { TYPE: 'FILE_PER_APP' });
      expect((loadAll(stdout) as WrittenObject[]).map(({ kind }) => kind).sort()).toEqual(
        everything.map((key) => key.split(' ')[0]),
      );
      expect(stderr).toContain('tierwall: Pod stray in namespace `shop` is named by no Service');
      expect(status).toBe(0);
    });
  });

  test('fails for a program with mistakes, shows all of them with their lines, and leaves no output', () => {
    cdk8s(['synth']);
    const { status, stderr } = attemptCdk8s(['synth', '--app', 'npx ts-node mistakes.ts']);
    for (const mistake of [
      'prod/shop/api (mistakes.ts:8): port `0` is not between 1 and 65535',
      'prod/shop/api#2 (mistakes.ts:9): service `api` is declared twice in `prod/shop`',
      'prod/shop/api (mistakes.ts:10): port `grpc` is not declared by `prod/shop/api`',
      'prod/shop/web (mistakes.ts:11): `10.0.0.1/8` has bits set beyond its prefix',
      '(mistakes.ts:12): service `prod/shop/web` declares no ports',
      'prod/shop/never (mistakes.ts:13): `192.0.2.0/33`',
    ]) {
      expect(stderr).toContain(mistake);
    }
    expect(status).not.toBe(0);
    expect(filesIn(join(folder, 'dist'))).toEqual([]);
  });
});

function policyFiles(folder: string): string[] {
  return ['api', 'default-deny', 'web'].map((name) => `${folder}NetworkPolicy.tierwall-${name}.k8s.yaml`);
}
