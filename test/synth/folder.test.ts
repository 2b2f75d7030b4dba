import { existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Testing } from 'cdk8s';
import { Environment, InputError, Namespace, Service, synth } from 'tierwall';
import { describe, expect, test } from 'vitest';
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
    expect(readFileSync(join(out, 'prod/shop/kustomization.yaml'), 'utf8')).toContain('- tierwall-api.yaml');
  });

  test('loses what is gone from the code, and nothing else', () => {
    const out = temporary();
    synth(app(['api', 'old']), { out });
    writeFileSync(join(out, 'prod/shop/notes.md'), 'mine');
    writeFileSync(join(out, 'prod/shop/own.yaml'), 'kind: ConfigMap\n');
    expect(paths(synth(app(['api']), { out }))).toEqual([
      'changed prod/shop/kustomization.yaml',
      'changed prod/shop/tierwall-caller.yaml',
      'removed prod/shop/tierwall-old.yaml',
    ]);
    expect(readFileSync(join(out, 'prod/shop/notes.md'), 'utf8')).toBe('mine');
    expect(existsSync(join(out, 'prod/shop/own.yaml'))).toBe(true);
    expect(existsSync(join(out, 'prod/shop/tierwall-old.yaml'))).toBe(false);
  });

  test.for([
    ['own.yaml', 'apiVersion: v1\nkind: ConfigMap\n', 'ConfigMap'],
    ['allow-all.yml', 'kind: NetworkPolicy\n---\nkind: NetworkPolicy\n', 'NetworkPolicy'],
    ['list.json', '{ "apiVersion": "v1", "kind": "List", "items": [{"kind":"NetworkPolicy"}] }', 'List, NetworkPolicy'],
  ] as const)('names the objects in it that tierwall did not write, written or checked: %s', ([name, text, kinds]) => {
    const out = temporary();
    synth(app(['api']), { out });
    writeFileSync(join(out, 'prod/shop', name), text);
    writeFileSync(join(out, 'prod/shop/notes.md'), 'kind: words\n');
    for (const mode of ['write', 'check'] as const) {
      const { notes, upToDate } = synth(app(['api']), { out, mode });
      expect(notes).toEqual([
        `prod/shop/${name} was not written by tierwall, and is in none of its kustomizations; it holds ${kinds}`,
      ]);
      expect(upToDate).toBe('yes');
    }
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
    synth(app(['api'], ['shop', 'gone']), { out });
    expect(synth(app(['api'], ['shop']), { out }).lostIsolation).toEqual([
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
