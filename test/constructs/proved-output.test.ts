import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, type ApiObjectProps, App, Chart, JsonPatch, Lazy, Testing, YamlOutputType } from 'cdk8s';
import { Environment, Namespace, Never, RawPolicy, Service, synth } from 'tierwall';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import { mistakesOf } from '../support/program';

const writer = vi.hoisted(() => ({ changes: (text: string) => text }));
vi.mock('../../lib/render/yaml', async (original) => {
  const { toYaml, ...others } = await original<typeof import('../../lib/render/yaml')>();
  return { ...others, toYaml: (...given: Parameters<typeof toYaml>) => writer.changes(toYaml(...given)) };
});
afterEach(() => {
  writer.changes = (text) => text;
});

const folder = () => mkdtempSync(join(tmpdir(), 'proved-'));

function shop(app: App) {
  const namespace = new Namespace(new Environment(app, 'prod'), 'shop');
  const web = new Service(namespace, 'web', { ports: { http: 8080 } });
  const db = new Service(namespace, 'db', { ports: { sql: 5432 } });
  db.allowFrom(web);
  return { namespace, web, db };
}

describe('whatever writes the text of a policy, it is the text that is proved', () => {
  const ways: Record<string, () => unknown> = {
    ...Object.fromEntries(
      (['FILE_PER_APP', 'FILE_PER_CHART', 'FILE_PER_RESOURCE', 'FOLDER_PER_CHART_FILE_PER_RESOURCE'] as const).map(
        (type) => [
          `app.synth() with ${type}`,
          () => {
            const app = new App({ outdir: folder(), yamlOutputType: YamlOutputType[type] });
            // With FILE_PER_RESOURCE a second namespace would be an error of its own.
            shop(app);
            app.synth();
          },
        ],
      ),
    ),
    'app.synthYaml()': () => {
      const app = Testing.app();
      shop(app);
      return app.synthYaml();
    },
    'Testing.synth()': () => {
      const chart = new Chart(Testing.app(), 'chart');
      shop(chart as unknown as App);
      return Testing.synth(chart);
    },
    'synth()': () => {
      const app = Testing.app();
      shop(app);
      return synth(app, { out: folder() });
    },
  };

  test.for(Object.keys(ways))('%s', (way) => {
    expect(ways[way]).not.toThrow();
    writer.changes = (text) => text.replace('port: 5432', 'port: 5433');
    expect(ways[way]).toThrow(/proof failed for ingress: .*shop\/db.* on 543[23]\/TCP/s);
  });
});

describe('policies that the app writes beside ours', () => {
  const open = (scope: Chart, id: string, spec: object, kind = 'NetworkPolicy', apiVersion = 'networking.k8s.io/v1') =>
    new ApiObject(scope, id, { apiVersion, kind, metadata: { name: id, namespace: 'shop' }, spec });
  const everyone = { podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] };

  function appWith(spec: object, guarded: 'guarded' | 'not' = 'not') {
    const app = new App({ outdir: folder() });
    const { web, db, namespace } = shop(app);
    open(new Chart(app, 'others'), 'opened', spec);
    if (guarded === 'guarded') new Never(namespace, 'one-way', { from: db, to: web });
    return app;
  }

  it('may open nothing that is not declared', () => {
    const app = appWith(everyone);
    expect(() => app.synth()).toThrow(
      /proof failed for ingress: .*not declared, but allowed by the policies.*shop\/opened/s,
    );
    expect(() => synth(appWith(everyone), { out: folder() })).toThrow(/others\/opened.*declare what they allow/s);
  });

  it('break guarantees by their name', () => {
    expect(() => appWith({ ...everyone, policyTypes: ['Ingress', 'Egress'], egress: [{}] }, 'guarded').synth()).toThrow(
      /guarantee `one-way` is broken: .*rule shop\/opened /s,
    );
  });

  it('are no error where they allow what is declared already', () => {
    const from = [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'web' } } }];
    const declared = {
      podSelector: { matchLabels: { 'app.kubernetes.io/name': 'db' } },
      ingress: [{ from, ports: [{ port: Lazy.any({ produce: () => 5432 }) }] }],
    };
    expect(() => appWith(declared).synth()).not.toThrow();
  });

  it('have to be what the API server accepts', () => {
    expect(mistakesOf(appWith({ podSelector: {}, ingress: [{ ports: [{ port: 0 }] }] }))).toEqual([
      expect.stringContaining('must be between 1 and 65535'),
    ]);
  });

  it('count in namespaces of this app alone', () => {
    const app = new App({ outdir: folder() });
    shop(app);
    new ApiObject(new Chart(app, 'others'), 'elsewhere', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'elsewhere', namespace: 'tools' },
      spec: everyone,
    });
    expect(() => app.synth()).not.toThrow();
  });

  it('leave it open what they change where they are of a kind that is not read', () => {
    const app = Testing.app();
    shop(app);
    open(new Chart(app, 'others'), 'l7', {}, 'CiliumNetworkPolicy', 'cilium.io/v2');
    const { notes } = synth(app, { out: folder() });
    expect(notes).toContain(
      'others/l7: CiliumNetworkPolicy `l7` is of a kind that is not read: what it opens or closes is not proved',
    );
  });

  test.for(['List', 'NetworkPolicyList'])('count in a %s, as Include and Helm read it', (kind) => {
    const app = new App({ outdir: folder() });
    shop(app);
    const apiVersion = kind === 'List' ? 'v1' : 'networking.k8s.io/v1';
    const own = kind === 'List' ? { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' } : {};
    const items = [{ ...own, metadata: { name: 'opened', namespace: 'shop' }, spec: everyone }];
    new ApiObject(new Chart(app, 'others'), 'listed', { apiVersion, kind, items } as ApiObjectProps);
    expect(() => app.synth()).toThrow(/others\/listed items\[0\].*proof failed for ingress/s);
  });

  it('are none where an object says no kind', () => {
    const app = new App({ outdir: folder() });
    shop(app);
    new ApiObject(new Chart(app, 'others'), 'nothing', { apiVersion: 'v1' } as ApiObjectProps);
    expect(() => app.synth()).not.toThrow();
  });

  it('are named where they name no namespace', () => {
    const app = Testing.app();
    shop(app);
    new ApiObject(new Chart(app, 'others'), 'adrift', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'adrift' },
      spec: everyone,
    });
    expect(synth(app, { out: folder() }).notes).toContain(
      'others/adrift: NetworkPolicy `adrift` names no namespace: what it opens or closes where it is applied is not proved',
    );
  });

  it('may not take the name of one of ours, whatever gives them their name', () => {
    const app = new App({ outdir: folder() });
    shop(app);
    open(new Chart(app, 'others'), 'x', { podSelector: {} }).addJsonPatch(
      JsonPatch.replace('/metadata/name', 'tierwall-web'),
    );
    expect(() => app.synth()).toThrow(/policy `tierwall-web` exists in namespace `shop`, from others\/x/);
  });

  it('count in the clusters of the environment that their label names, else in every one', () => {
    const appWithLabels = (labels: Record<string, string>) => {
      const app = new App({ outdir: folder() });
      for (const name of ['eu', 'us']) {
        const namespace = new Namespace(new Environment(app, name, { cluster: name }), 'shop');
        if (name === 'eu') new RawPolicy(namespace, 'kept', { spec: everyone as never, because: 'a test' });
        const others = new Chart(app, `${name}-others`, { labels: { 'tierwall.dev/environment': name, ...labels } });
        // Of one name, but for other clusters.
        const spec = name === 'eu' ? everyone : { podSelector: {}, policyTypes: ['Ingress'] };
        const metadata = { name: 'opened', namespace: 'shop' };
        new ApiObject(others, 'opened', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec });
      }
      return app;
    };
    expect(() => appWithLabels({}).synth()).not.toThrow();
    expect(() => appWithLabels({ 'tierwall.dev/environment': 'elsewhere' }).synth()).toThrow(/given twice/);
  });

  it('leave it open what they change where a mesh or firewall reads them', () => {
    const app = Testing.app();
    shop(app);
    open(new Chart(app, 'others'), 'out', {}, 'EgressFirewall', 'k8s.ovn.org/v1');
    expect(synth(app, { out: folder() }).notes).toContainEqual(expect.stringContaining('EgressFirewall `out`'));
  });

  it('are declared once they are raw policies', () => {
    const app = new App({ outdir: folder() });
    const { namespace } = shop(app);
    new RawPolicy(namespace, 'opened', { spec: everyone as never, because: 'a test' });
    expect(() => app.synth()).not.toThrow();
  });
});
