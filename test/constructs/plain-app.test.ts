import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, Testing, Yaml, YamlOutputType } from 'cdk8s';
import { loadAll } from 'js-yaml';
import { Environment, Namespace, Service } from 'tierwall';
import { describe, expect, test } from 'vitest';
import { Document } from 'yaml';
import { policiesOf } from '../support/program';

function declare(scope: App | Chart) {
  const environment = new Environment(scope, 'prod');
  for (const name of ['zeta', 'alpha']) {
    const namespace = new Namespace(environment, name);
    const caller = new Service(namespace, 'caller');
    new Service(namespace, 'api', { ports: { http: 80 } }).allowFrom(caller);
  }
}

interface Written {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
}

function written(folder: string): Written[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .sort((a, b) => (join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1))
    .flatMap((entry) => loadAll(readFileSync(join(entry.parentPath, entry.name), 'utf8')) as Written[]);
}

const key = ({ metadata }: Written) => `${metadata.namespace}/${metadata.name}`;
const everything = ['alpha', 'zeta'].flatMap((n) =>
  ['tierwall-api', 'tierwall-caller', 'tierwall-default-deny'].map((p) => `${n}/${p}`),
);

describe('a plain cdk8s App', () => {
  test.for([
    ['FILE_PER_APP', ['app.k8s.yaml']],
    ['FILE_PER_CHART', ['tierwall-prod.k8s.yaml']],
    ['FOLDER_PER_CHART_FILE_PER_RESOURCE', ['tierwall-prod-alpha', 'tierwall-prod-zeta']],
  ] as const)('writes every policy with %s', ([type, files]) => {
    const outdir = mkdtempSync(join(tmpdir(), 'plain-'));
    const app = new App({ outdir, yamlOutputType: YamlOutputType[type] });
    declare(app);
    app.synth();
    expect(readdirSync(outdir).sort()).toEqual(files);
    expect(written(outdir).map(key).sort()).toEqual(everything);
  });

  test('writes the default deny of a namespace last, so that applied in their order the policies cut nothing that is declared', () => {
    const app = Testing.app();
    declare(app);
    expect((loadAll(app.synthYaml()) as Written[]).map(key)).toEqual(everything);
  });

  test('leaves Namespace objects without a namespace where the environment is in a chart that has one', () => {
    const app = Testing.app();
    const chart = new Chart(app, 'c', { namespace: 'other' });
    new Namespace(new Environment(chart, 'prod'), 'shop', { object: 'written' });
    const [object, policy] = Testing.synth(chart) as Written[];
    expect([object?.kind, object?.metadata.namespace]).toEqual(['Namespace', undefined]);
    expect([policy?.kind, policy?.metadata.namespace]).toEqual(['NetworkPolicy', 'shop']);
    expect(app.synthYaml()).not.toContain('namespace: other');
  });

  test('fails with FILE_PER_RESOURCE where two objects would get one file, and works where none would', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'plain-'));
    const app = new App({ outdir, yamlOutputType: YamlOutputType.FILE_PER_RESOURCE });
    declare(app);
    expect(() => app.synth()).toThrow(/two objects to one file: NetworkPolicy `tierwall-default-deny`/);
    expect(readdirSync(outdir)).toEqual([]);

    const single = new App({ outdir, yamlOutputType: YamlOutputType.FILE_PER_RESOURCE });
    new Namespace(new Environment(single, 'prod'), 'shop');
    single.synth();
    expect(readdirSync(outdir)).toEqual(['NetworkPolicy.tierwall-default-deny.k8s.yaml']);
  });

  test('gives the same bytes whatever the order of declaration', () => {
    const yaml = (order: readonly string[]) => {
      const app = new App();
      const environment = new Environment(app, 'prod');
      for (const name of order) new Namespace(environment, name);
      return app.synthYaml();
    };
    expect(yaml(['a', 'b', 'c'])).toBe(yaml(['c', 'a', 'b']));
  });

  test('leaves the names of other charts as they are', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'plain-'));
    const app = new App({ outdir });
    const chart = new Chart(app, 'workloads');
    new ApiObject(chart, 'config', { apiVersion: 'v1', kind: 'ConfigMap' });
    declare(app);
    app.synth();
    expect(readdirSync(outdir).sort()).toEqual(['tierwall-prod.k8s.yaml', 'workloads.k8s.yaml']);
  });

  test('says so where a chart of its own has the id of ours', () => {
    const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'plain-')) });
    new Namespace(new Environment(app, 'prod'), 'shop');
    new Chart(app, 'tierwall-prod');
    expect(() => app.synth()).toThrow(
      'tierwall-prod: the app has a construct `tierwall-prod`, which is what the chart for the policies of environment `prod` is called; give that construct another id',
    );
  });

  test('can be synthesized again after something was declared', () => {
    const app = new App();
    const namespace = new Namespace(new Environment(app, 'prod'), 'shop');
    const api = new Service(namespace, 'api', { ports: { http: 80 } });
    expect(app.synthYaml().match(/^kind: NetworkPolicy$/gm)).toHaveLength(1);
    api.allowFrom(new Service(namespace, 'caller'));
    expect(app.synthYaml().match(/^kind: NetworkPolicy$/gm)).toHaveLength(3);
    expect(app.synthYaml()).toBe(app.synthYaml());
  });

  test('refuses a text that cdk8s would write so that kubectl reads another', () => {
    const app = new App();
    const namespace = new Namespace(new Environment(app, 'prod'), 'shop');
    new Service(namespace, 'api', { ports: { http: 80 }, labels: { app: '0o7' } }).allowFrom(
      new Service(namespace, 'b'),
    );
    expect(() => app.synthYaml()).toThrow(/`0o7` in NetworkPolicy `tierwall-api`/);
  });
});

interface Changeable extends Written {
  readonly metadata: Written['metadata'] & { readonly labels: Record<string, string> };
}

function objectsIn(chart: Chart): Changeable[] {
  declare(chart);
  return Testing.synth(chart);
}

describe('an object of the tree', () => {
  const policy = objectsIn(Testing.chart())[0] as Changeable;

  test('is plain JSON to everybody but the YAML writer', () => {
    expect(structuredClone(policy)).toEqual(policy);
    expect(Object.keys(policy)).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
  });

  test.for([
    ['by cdk8s', (object: object) => Yaml.stringify(object)],
    ['by cdk8s, in a list', (object: object) => Yaml.stringify([object]).replace(/^(- | {2})/gm, '')],
    ['by a `yaml` that writes documents itself', (object: object) => new Document(object).toString({ lineWidth: 0 })],
  ] as const)('is written %s as its JSON would be', ([, write]) => {
    expect(write(policy)).toBe(Yaml.stringify(structuredClone(policy)));
  });

  test('is written as it is by then', () => {
    const changed = objectsIn(Testing.chart())[0] as Changeable;
    changed.metadata.labels['on'] = 'off';
    expect(Yaml.stringify(changed)).toBe(Yaml.stringify(structuredClone(changed)));
    expect(Yaml.stringify(changed)).toContain('"on": "off"');
  });

  test('has the labels of its chart', () => {
    const chart = new Chart(Testing.app(), 'labelled', { labels: { owner: 'us' } });
    expect(objectsIn(chart).map(({ metadata }) => metadata.labels['owner'])).toEqual(everything.map(() => 'us'));
  });
});

test('a Chart gets the objects of the environments in it, with Testing.synth', () => {
  const chart = Testing.chart();
  declare(chart);
  expect((Testing.synth(chart) as Written[]).map(key).sort()).toEqual(everything);
});

test('the plain App and the compiled objects are the same', () => {
  const chart = Testing.chart();
  declare(chart);
  const app = Testing.app();
  declare(app);
  const sorted = (objects: readonly unknown[]) =>
    (objects as (Written & { spec: object })[]).sort((a, b) => (key(a) < key(b) ? -1 : 1)).map(({ spec }) => spec);
  expect(sorted(Testing.synth(chart))).toEqual(sorted([...policiesOf(app)]));
});
