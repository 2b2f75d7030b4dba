import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const lib = resolve(__dirname, '../lib');

/** From the ground up: an arrow may only point to a lower floor, or stay in its room. */
const floors = [
  ['sets', 'origin'],
  ['model', 'validation'],
  ['read', 'render'],
  ['targets', 'cluster'],
  ['analysis'],
  ['constructs'],
  ['lint'],
  ['config', 'naming', 'init'],
  ['synth', 'import'],
  ['testing', 'live', 'check'],
  ['cli'],
];

const files = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => join(lib, path));

interface Import {
  readonly from: string;
  readonly to: string;
  readonly kind: 'type' | 'value';
}

const imports = files.flatMap((file): Import[] =>
  [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from '(\.[^']+)';/gms)].map(
    ([, type, path]) => ({
      from: file,
      to: `${resolve(dirname(file), path!)}.ts`,
      kind: type ? 'type' : 'value',
    }),
  ),
);

const room = (file: string) => relative(lib, file).split(/[\\/]/)[0]!;
const floor = (file: string) => {
  const found = floors.findIndex((rooms) => rooms.includes(room(file)));
  return found < 0 ? floors.length : found;
};

test('every file of lib is in a drawn room, or is an entry', () => {
  const rooms = new Set(files.map(room).filter((name) => !name.endsWith('.ts')));
  expect([...rooms].sort()).toEqual(floors.flat().sort());
  expect(
    files
      .map(room)
      .filter((name) => name.endsWith('.ts'))
      .sort(),
  ).toEqual(['config.ts', 'engine.ts', 'index.ts', 'jest.ts', 'plus.ts', 'testing.ts']);
});

test('imports point down', () => {
  expect(imports.length).toBeGreaterThan(100);
  // An entry may offer what another one does.
  const isEntry = (file: string) => floor(file) === floors.length;
  const wrong = imports.filter(
    ({ from, to }) => room(from) !== room(to) && floor(to) >= floor(from) && !(isEntry(from) && isEntry(to)),
  );
  expect(wrong.map(({ from, to }) => `${relative(lib, from)} -> ${relative(lib, to)}`)).toEqual([]);
});

test('no file needs itself, through whatever others', () => {
  const needs = group(imports);
  const visit = (file: string, path: readonly string[]): string[] => {
    if (path.includes(file))
      return [[...path.slice(path.indexOf(file)), file].map((f) => relative(lib, f)).join(' -> ')];
    if (done.has(file)) return [];
    const found = (needs.get(file) ?? []).flatMap(({ to }) => visit(to, [...path, file]));
    done.add(file);
    return found;
  };
  const done = new Set<string>();
  expect(files.flatMap((file) => visit(file, []))).toEqual([]);
});

test('what the engine needs knows nothing of cdk8s', () => {
  const needs = group(imports);
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const { to } of needs.get(file) ?? []) visit(to);
  };
  visit(join(lib, 'engine.ts'));
  expect(seen.size).toBeGreaterThan(50);
  const cdk8s = [...seen].filter((file) => /from '(?:cdk8s|constructs)'/.test(readFileSync(file, 'utf8')));
  expect(cdk8s.map((file) => relative(lib, file))).toEqual([]);
});

test('no file is longer than 400 lines', () => {
  expect(files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 400)).toEqual([]);
});

function group(list: readonly Import[]): Map<string, Import[]> {
  const groups = new Map<string, Import[]>();
  for (const item of list.filter((i) => i.kind === 'value'))
    groups.set(item.from, [...(groups.get(item.from) ?? []), item]);
  return groups;
}
