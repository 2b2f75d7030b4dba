import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { at, attempt, bin, filesIn, install, makeProject, objectsIn, pack, run } from '../support/installed-project';

let tarball = '';

beforeAll(() => {
  tarball = pack();
});

const program = `import { App, ApiObject, Chart, YamlOutputType } from 'cdk8s';
import { AllowFrom, Environment, Namespace, Never, Peer, Service, Tier } from 'tierwall';

const { TYPE = 'FILE_PER_CHART' } = process.env;
const app = new App({ yamlOutputType: YamlOutputType[TYPE as keyof typeof YamlOutputType] });
const production = new Environment(app, 'prod');
for (const name of ['shop', 'bank']) {
  const namespace = new Namespace(production, name, { object: 'written' });
  const web = new Service(new Tier(namespace, 'web'), 'web');
  const api = new Service(namespace, 'api', { ports: { http: 80 }, labels: { app: 'on' } });
  new AllowFrom(api, 'web', { from: web, because: 'the page' });
  web.allowTo(Peer.cidr('203.0.113.0/24'), { ports: [443] });
  new Never(production, 'never-' + name, { from: api, to: web });
}
const own = new Chart(app, 'own', { namespace: 'shop' });
const metadata = { name: 'stray', labels: { 'app.kubernetes.io/name': 'stray' } };
new ApiObject(own, 'stray', { apiVersion: 'v1', kind: 'Pod', metadata });
app.synth();
`;

const plus = (edition: string) => `import { App, Chart, Cron } from 'cdk8s';
import * as kplus from '${edition}';
import { Environment, Namespace, Service } from 'tierwall';
import { fromWorkload, servicePort } from 'tierwall/plus';

const app = new App();
const shop = new Namespace(new Environment(app, 'prod'), 'shop');
const chart = new Chart(app, 'workloads', { namespace: 'shop' });
const containers = [{ image: 'api', ports: [{ name: 'http', number: 8080 }] }];
const workload = new kplus.Deployment(chart, 'api', { containers, podMetadata: { labels: { app: 'api' } } });
const front = workload.exposeViaService({ ports: [{ port: 80, targetPort: 8080 }] });
const api = fromWorkload(shop, 'api', workload);
api.allowFrom(new Service(shop, 'web'), { ports: [servicePort(front, 80)] });
const job = new kplus.CronJob(chart, 'report', { containers: [{ image: 'job' }], schedule: Cron.daily() });
fromWorkload(shop, 'report', job, { labels: 'scheme' }).allowTo(api);
app.synth();
`;

const scheme = 'app.kubernetes.io/name';
/** The edition in the template of `cdk8s init typescript-app`. */
const edition = 'cdk8s-plus-33';

const compilerOptions = { module: 'commonjs', target: 'es2022', lib: ['es2022'], strict: true, types: ['node'] };
const tsconfig = { compilerOptions: { ...compilerOptions, skipLibCheck: false }, include: ['*.ts'] };
const everyObject = ['bank', 'shop']
  .flatMap((n) => [
    `Namespace undefined/${n}`,
    ...['api', 'default-deny', 'web'].map((policy) => `NetworkPolicy ${n}/tierwall-${policy}`),
  ])
  .concat('Pod shop/stray')
  .sort();

const newest = [at('cdk8s'), at('constructs')];
const peers = [
  ['the oldest that the peer ranges allow', ['cdk8s@2.0.0', 'constructs@10.0.0'], 'file'],
  ['the newest of the lock file', newest, 'folder'],
] as const;

describe.for(peers)('the main entry, without cdk8s-plus, with %s', ([, versions, layout]) => {
  let folder = '';

  beforeAll(() => {
    folder = makeProject({ 'main.ts': program, 'tsconfig.json': tsconfig, 'cdk8s.yaml': 'app: node main.js\n' });
    install(folder, [tarball, ...versions, at('typescript'), at('@types/node')]);
    run(bin(folder, 'tsc'), [], folder);
  });

  test.for(['FILE_PER_APP', 'FILE_PER_CHART', ...(layout === 'folder' ? ['FOLDER_PER_CHART_FILE_PER_RESOURCE'] : [])])(
    'writes every object with %s',
    (type) => {
      const CDK8S_OUTDIR = join(folder, type);
      run('node', ['main.js'], folder, { TYPE: type, CDK8S_OUTDIR });
      expect(Object.keys(objectsIn(CDK8S_OUTDIR)).sort()).toEqual(everyObject);
    },
  );

  test('writes the same as `tierwall synth`', () => {
    const CDK8S_OUTDIR = join(folder, 'plain');
    run('node', ['main.js'], folder, { CDK8S_OUTDIR });
    const { 'Pod shop/stray': stray, ...plain } = objectsIn(CDK8S_OUTDIR);
    expect(run(bin(folder, 'tierwall'), ['synth'], folder)).toContain('6 policies for 4 services and 4 intents');
    expect(stray).toBeDefined();
    expect(plain).toEqual(objectsIn(join(folder, 'policies')));
  });

  test('fails with FILE_PER_RESOURCE where two objects would get one file', () => {
    const CDK8S_OUTDIR = join(folder, 'resource');
    const { status, stderr } = attempt('node', ['main.js'], folder, { TYPE: 'FILE_PER_RESOURCE', CDK8S_OUTDIR });
    expect(stderr).toContain('cdk8s would write two objects to one file: NetworkPolicy `tierwall-api`');
    expect(status).not.toBe(0);
    expect(filesIn(CDK8S_OUTDIR)).toEqual([]);
  });

  test('reports pods that no service names', () => {
    expect(attempt('node', ['main.js'], folder).stderr).toContain('is named by no Service and is denied everything');
  });
});

test('tierwall and tierwall/plus work with another edition of cdk8s-plus', () => {
  const folder = makeProject({ 'main.ts': plus(edition), 'tsconfig.json': tsconfig });
  install(folder, [tarball, `${edition}@2.5.57`, ...newest, at('typescript'), at('@types/node')]);
  expect(existsSync(join(folder, 'node_modules/cdk8s-plus-28'))).toBe(false);
  run(bin(folder, 'tsc'), [], folder);
  run('node', ['main.js'], folder);
  const objects = objectsIn(join(folder, 'dist'));
  const [, deployment] = Object.entries(objects).find(([key]) => key.startsWith('Deployment '))!;
  expect(objects['NetworkPolicy shop/tierwall-api']?.spec).toEqual({
    podSelector: (deployment.spec as { selector: object }).selector,
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      {
        from: [{ podSelector: { matchExpressions: [{ key: scheme, operator: 'In', values: ['report', 'web'] }] } }],
        ports: [{ protocol: 'TCP', port: 8080 }],
      },
    ],
  });
  expect(objects['NetworkPolicy shop/tierwall-report']?.spec).toMatchObject({
    podSelector: { matchLabels: { [scheme]: 'report' } },
  });
});
