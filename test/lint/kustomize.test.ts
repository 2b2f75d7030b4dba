import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lintRules } from '../../lib/lint/registry';
import { runRules } from '../../lib/lint/run';
import { defaultSettings } from '../../lib/lint/settings';
import { readRawManifests } from '../../lib/read/raw-manifests';

const policy = (port: number) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: web }\nspec: { podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{ from: [{ podSelector: {} }], ports: [{ port: ${port} }] }] }\n`;
const patch = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: web }\nspec: { ingress: [] }\n';

/** What lint finds in a folder with these files, at which place, and what it says to do. */
async function found(files: Readonly<Record<string, string>>, ...words: string[]) {
  const cwd = mkdtempSync(join(tmpdir(), 'kustomize-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  const input = await readRawManifests(words.length > 0 ? words : ['.'], { cwd });
  expect(input.issues.filter(({ code }) => code === 'bad-source')).toEqual([]);
  return runRules(lintRules, input, defaultSettings('2026-06-01')).map(
    ({ rule, severity, message, place, hint }) => `${severity} ${rule} ${place.file}: ${message}; ${hint}`,
  );
}

describe('a folder of kustomizations', () => {
  const tree = {
    'base/kustomization.yaml': 'resources: [web.yaml]\n',
    'base/web.yaml': policy(80),
    'overlays/dev/kustomization.yaml': 'resources: [../../base]\nnamespace: dev\npatches: [{ path: less.yaml }]\n',
    'overlays/dev/less.yaml': patch,
    'overlays/prod/kustomization.yaml': 'resources: [../../base]\nnamespace: prod\npatches: [{ path: less.yaml }]\n',
    'overlays/prod/less.yaml': patch,
  };
  const build = 'lint what it comes to, as with `kubectl kustomize overlays/dev | tierwall lint -`';

  test('is told once to be built, with its overlays, and its patches are not told beside', async () => {
    expect(await found(tree)).toEqual([
      `warning no-unrendered-template overlays/dev/kustomization.yaml: kustomize changes what is linted here, by \`overlays/dev\`, \`overlays/prod\`, and is not run; ${build}`,
    ]);
  });

  test('is told the same where its files are named by a pattern, or one by one', async () => {
    expect(await found(tree, '**/*.yaml')).toEqual(await found(tree));
    const dev = [
      'base/kustomization.yaml',
      'base/web.yaml',
      'overlays/dev/kustomization.yaml',
      'overlays/dev/less.yaml',
    ];
    expect(await found(tree, ...dev)).toEqual([
      `warning no-unrendered-template overlays/dev/kustomization.yaml: kustomize changes what is linted here, by \`overlays/dev\`, and is not run; ${build}`,
    ]);
    expect(await found(tree, 'base/kustomization.yaml')).toEqual([]);
  });

  test('holds no objects that conflict where overlays have each their own', async () => {
    const own = (name: string, port: number) => ({
      [`overlays/${name}/kustomization.yaml`]: `resources: [web.yaml]\nnamespace: ${name}\n`,
      [`overlays/${name}/web.yaml`]: policy(port),
    });
    expect(await found({ ...own('dev', 80), ...own('prod', 81) })).toEqual([
      expect.stringContaining('warning no-unrendered-template overlays/dev/kustomization.yaml'),
    ]);
    const twice = { ...own('dev', 80), 'overlays/dev/again.yaml': policy(81) };
    expect((await found(twice)).join()).toContain('no-conflicting-objects');
  });

  const told = 'kustomize changes what is linted here, by `.`, and is not run';
  const noted = 'kustomize changes the names or labels of what it takes, by `.`, and is not run';
  test.for([
    ['namePrefix: shop-', 'info', noted],
    ['nameSuffix: -v2', 'info', noted],
    ['labels: [{ pairs: { team: a } }]', 'info', noted],
    ['labels: [{ pairs: { team: a }, includeSelectors: true }]', 'warning', told],
    ['labels: [{ pairs: { team: a }, includeTemplates: true }]', 'warning', told],
    ['labels: [{ pairs: { team: a }, fields: [{ path: spec/podSelector/matchLabels }] }]', 'warning', told],
    ['commonLabels: { team: a }', 'warning', told],
    ['namespace: shop', 'warning', told],
    ['namePrefix: shop-\nnamespace: shop', 'warning', told],
  ] as const)(
    'is only noted where policies mean the same under other names, and told where labels that they select by or their namespaces change: %s',
    async ([fields, severity, message]) => {
      const files = { 'kustomization.yaml': `resources: [web.yaml]\n${fields}\n`, 'web.yaml': policy(80) };
      expect(await found(files)).toEqual([
        `${severity} no-unrendered-template kustomization.yaml: ${message}; lint what it comes to, as with \`kubectl kustomize . | tierwall lint -\``,
      ]);
    },
  );

  test('is nothing to tell of where kustomizations only list what there is', async () => {
    const files = {
      'kustomization.yaml': 'resources: [shop]\n',
      'shop/kustomization.yaml': 'resources: [web.yaml]\n',
      'shop/web.yaml': policy(80),
    };
    expect(await found(files)).toEqual([]);
    expect(await found(tree, 'base')).toEqual([]);
  });

  test('is told to be built where it takes another one that changes something, also in a ring', async () => {
    const files = {
      'all/kustomization.yaml': 'resources: [../base]\n',
      'base/kustomization.yaml': 'resources: [web.yaml, ../base]\nnamePrefix: a-\npatches: [{ path: less.yaml }]\n',
      'base/web.yaml': policy(80),
      'base/less.yaml': patch,
    };
    expect(await found(files)).toEqual([expect.stringContaining('by `all`, and is not run')]);
  });
});
