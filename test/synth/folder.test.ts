import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Testing } from 'cdk8s';
import { Environment, InputError, Namespace, Service, synth } from 'tierwall';
import { describe, expect, test, vi } from 'vitest';
import { recoverFolder } from '../../lib/synth/replace-folder';

function app(services: readonly string[], namespaces: readonly string[] = ['shop']) {
  const root = Testing.app();
  const environment = new Environment(root, 'prod');
  for (const name of namespaces) {
    const namespace = new Namespace(environment, name);
    const caller = new Service(namespace, 'caller');
    for (const service of services) new Service(namespace, service, { ports: { http: 80 } }).allowFrom(caller);
  }
  return root;
}

const temporary = () => join(mkdtempSync(join(tmpdir(), 'synth-')), 'policies');
const paths = (result: ReturnType<typeof synth>) => result.differences.map(({ kind, path }) => `${kind} ${path}`);

describe('the output folder', () => {
  test('has a folder for each environment and namespace, and a file for each policy', () => {
    const out = temporary();
    expect(paths(synth(app(['api']), { out }))).toEqual([
      'added prod/kustomization.yaml',
      'added prod/shop/kustomization.yaml',
      'added prod/shop/tierwall-api.yaml',
      'added prod/shop/tierwall-caller.yaml',
      'added prod/shop/tierwall-default-deny.yaml',
    ]);
    // In the order in which they are applied: kustomize would sort them, and the default deny cut what its namespace may do.
    expect(readFileSync(join(out, 'prod/shop/kustomization.yaml'), 'utf8')).toContain(
      'sortOptions:\n  order: fifo\nresources:\n- tierwall-api.yaml\n- tierwall-caller.yaml\n- tierwall-default-deny.yaml\n',
    );
  });

  test('holds no two files of one name: a default deny called `kustomization` is a mistake, and nothing is written', () => {
    const out = temporary();
    const root = Testing.app();
    Namespace.fromExisting(new Environment(root, 'prod'), 'shop', { defaultDeny: 'kustomization' });
    const message =
      /^prod\/shop \(test\/synth\/folder\.test\.ts:\d+\): the default deny would be written to `kustomization\.yaml`/;
    expect(() => synth(root, { out })).toThrow(message);
    expect(existsSync(out)).toBe(false);
  });

  test('stays where a link to it leads, and the link stays', () => {
    const out = temporary();
    const real = join(out, '..', 'elsewhere');
    for (const there of [false, true]) {
      if (there) mkdirSync(join(real, 'kept'), { recursive: true });
      else symlinkSync('elsewhere', out);
      synth(app([there ? 'api' : 'old']), { out, name: 'shop' });
      expect(lstatSync(out).isSymbolicLink()).toBe(true);
      expect(existsSync(join(real, `prod/shop/tierwall-${there ? 'api' : 'old'}.yaml`))).toBe(true);
    }
    expect(existsSync(join(real, 'prod/shop/tierwall-old.yaml'))).toBe(false);
  });

  test('is no file: that is a mistake', () => {
    const out = temporary();
    writeFileSync(out, '');
    expect(() => synth(app(['api']), { out })).toThrow(`${out}: the output is no folder`);
  });

  test('that is not what the code gives any more by the clock is told, unless a day is given', () => {
    vi.stubEnv('SOURCE_DATE_EPOCH', '1500000000'); // 2017-07-14
    const out = temporary();
    const root = app([]);
    const shop = root.node.findChild('prod').node.findChild('shop') as Namespace;
    new Service(shop, 'api', { ports: { http: 80 } }).allowFrom(shop, { until: '2020-01-01' });
    new Service(shop, 'later', { ports: { http: 80 } }).allowFrom(shop, { until: '2999-01-01' });
    expect(synth(root, { out }).ended).toEqual([]);
    const { ended, upToDate } = synth(root, { out, mode: 'check' });
    expect(upToDate).toBe('yes');
    expect(ended).toEqual([
      { path: 'prod/shop/api', until: '2020-01-01', place: expect.stringMatching(/folder\.test\.ts:\d+$/) },
    ]);
    vi.stubEnv('TIERWALL_AS_OF', '2017-07-14');
    expect(synth(root, { out, mode: 'check' }).ended).toEqual([]);
    vi.unstubAllEnvs();
  });

  test('loses what is gone from the code, and nothing else', () => {
    const out = temporary();
    const name = 'shop';
    synth(app(['api', 'old']), { out, name });
    writeFileSync(join(out, 'prod/shop/notes.md'), 'mine');
    writeFileSync(join(out, 'prod/shop/own.yaml'), 'kind: ConfigMap\n');
    expect(paths(synth(app(['api']), { out, name }))).toEqual([
      'changed prod/shop/kustomization.yaml',
      'changed prod/shop/tierwall-caller.yaml',
      'removed prod/shop/tierwall-old.yaml',
    ]);
    expect(readFileSync(join(out, 'prod/shop/notes.md'), 'utf8')).toBe('mine');
    expect(existsSync(join(out, 'prod/shop/own.yaml'))).toBe(true);
    expect(existsSync(join(out, 'prod/shop/tierwall-old.yaml'))).toBe(false);
  });

  test.for([
    ['own.yaml', 'apiVersion: v1\nkind: ConfigMap\n', 'ConfigMap', []],
    ['allow-all.yml', 'kind: NetworkPolicy\n---\nkind: NetworkPolicy\n', 'NetworkPolicy', ['foreign']],
    [
      'list.json',
      '{ "apiVersion": "v1", "kind": "List", "items": [{"kind":"NetworkPolicy"}] }',
      'List, NetworkPolicy',
      ['foreign'],
    ],
    ['mesh.yaml', 'kind: AuthorizationPolicy\n', 'AuthorizationPolicy', ['foreign']],
    ['quoted.yaml', "'kind': NetworkPolicy\n", 'NetworkPolicy', ['foreign']],
    ['tagged.yaml', 'kind: !!str NetworkPolicy\n', 'NetworkPolicy', ['foreign']],
    ['escaped.yaml', '"kind": "Network\\x50olicy"\n', 'Network, NetworkPolicy', ['foreign']],
    ['cyclic.yaml', 'kind: &kind !!str NetworkPolicy\nitems: &items [*items]\n', 'NetworkPolicy', ['foreign']],
    ['broken.yaml', 'kind: NetworkPolicy\nspec: [\n', 'NetworkPolicy', ['foreign']],
    ['anchored.yaml', 'kind: &kind !!str "NetworkPolicy"\n', 'NetworkPolicy', ['foreign']],
  ] as const)(
    'names the objects in it that tierwall did not write; checked, policies are a difference: %s',
    ([name, text, kinds, differences]) => {
      const out = temporary();
      synth(app(['api']), { out });
      writeFileSync(join(out, 'prod/shop', name), text);
      writeFileSync(join(out, 'prod/shop/notes.md'), 'kind: words\n');
      const note = `prod/shop/${name} was not written by tierwall for this folder, and is in none of its kustomizations; it holds ${kinds}`;
      const written = synth(app(['api']), { out });
      expect([written.notes, written.upToDate]).toEqual([[note], 'yes']);
      const checked = synth(app(['api']), { out, mode: 'check' });
      expect(paths(checked)).toEqual(differences.map((kind) => `${kind} prod/shop/${name}`));
      expect(checked.notes).toEqual(differences.length === 0 ? [note] : []);
      expect(readFileSync(join(out, 'prod/shop', name), 'utf8')).toBe(text);
    },
  );

  test('keeps the output of another app that is deeper in it', () => {
    const out = temporary();
    synth(app(['api']), { out: join(out, 'other/policies') });
    const written = synth(app(['api']), { out });
    expect(paths(written).filter((path) => path.startsWith('removed'))).toEqual([]);
    expect(existsSync(join(out, 'other/policies/prod/shop/tierwall-api.yaml'))).toBe(true);
    expect(written.notes).toContain(
      'other/policies/prod/shop/tierwall-api.yaml was not written by tierwall for this folder, and is in none of its kustomizations; it holds NetworkPolicy',
    );
  });

  test('is not touched where nothing changes', () => {
    const out = temporary();
    synth(app(['api']), { out });
    const before = statSync(out).ino;
    expect(synth(app(['api']), { out }).upToDate).toBe('yes');
    expect(statSync(out).ino).toBe(before);
  });

  test('stays as it was when the program has a mistake', () => {
    const out = temporary();
    synth(app(['api']), { out });
    expect(() => synth(app(['API']), { out })).toThrow(InputError);
    expect(existsSync(join(out, 'prod/shop/tierwall-api.yaml'))).toBe(true);
  });

  test('is not written over a file that tierwall did not write', () => {
    const out = temporary();
    mkdirSync(join(out, 'prod/shop'), { recursive: true });
    writeFileSync(join(out, 'prod/shop/tierwall-api.yaml'), 'kind: NetworkPolicy\n');
    expect(() => synth(app(['api']), { out })).toThrow(/tierwall did not write/);
    expect(readFileSync(join(out, 'prod/shop/tierwall-api.yaml'), 'utf8')).toBe('kind: NetworkPolicy\n');
  });

  test('reports a namespace that loses its default deny, with what goes with it', () => {
    const out = temporary();
    const options = { out, name: 'shop' };
    synth(app(['api'], ['shop', 'gone']), options);
    expect(synth(app(['api'], ['shop']), options).lostIsolation).toEqual([
      { namespace: 'prod/gone', policies: ['tierwall-api', 'tierwall-caller', 'tierwall-default-deny'] },
    ]);
  });

  test('comes back after a run that was killed between its two renames', () => {
    const out = temporary();
    mkdirSync(`${out}.tierwall-old-999999999`, { recursive: true });
    writeFileSync(join(`${out}.tierwall-old-999999999`, 'x'), '');
    mkdirSync(`${out}.tierwall-new-999999999`, { recursive: true });
    recoverFolder(out);
    expect(existsSync(join(out, 'x'))).toBe(true);
    expect(existsSync(`${out}.tierwall-new-999999999`)).toBe(false);
  });
});

describe('mode check', () => {
  test('writes nothing and tells what is missing, differs and is extra', () => {
    const out = temporary();
    expect(synth(app(['api']), { out, mode: 'check' }).upToDate).toBe('no');
    expect(existsSync(out)).toBe(false);
    synth(app(['api', 'old']), { out });
    expect(paths(synth(app(['api', 'new']), { out, mode: 'check' }))).toEqual([
      'changed prod/shop/kustomization.yaml',
      'changed prod/shop/tierwall-caller.yaml',
      'added prod/shop/tierwall-new.yaml',
      'removed prod/shop/tierwall-old.yaml',
    ]);
  });

  test('takes the line ends of a Windows checkout for what they are', () => {
    const out = temporary();
    synth(app(['api']), { out });
    const file = join(out, 'prod/shop/tierwall-api.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'));
    expect(synth(app(['api']), { out, mode: 'check' }).upToDate).toBe('yes');
  });
});
