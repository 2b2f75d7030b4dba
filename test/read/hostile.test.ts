import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, test } from 'vitest';
import { readCluster } from '../../lib/read/cluster';
import { HeldBlocks } from '../../lib/read/source-text';
import { clusterOf, policyText, problemsOf, problemsOfAsync } from './reading';

const folder = mkdtempSync(join(tmpdir(), 'tierwall-'));
afterAll(() => rmSync(folder, { recursive: true }));

const deep = 100_000;
const indented = (levels: number) => Array.from({ length: levels }, (_, i) => `${' '.repeat(i)}a:\n`).join('');
const bomb = (levels: number, width: number) =>
  `a0: &a0 [x]\n${Array.from({ length: levels }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(width).fill(`*a${i}`).join(',')}]\n`).join('')}`;

test.for([
  ['flow lists', '['.repeat(deep), 'nesting exceeded'],
  ['flow maps', '{a: '.repeat(deep), 'nesting exceeded'],
  ['JSON', '{"a":'.repeat(deep), 'nesting exceeded'],
  ['dashes', '- '.repeat(deep), 'nesting exceeded'],
  ['question marks', '? '.repeat(deep), 'nesting exceeded'],
  ['block indentation', indented(2000), 'nesting exceeded'],
  [
    'a list of lists, one below the other',
    Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}-\n`).join(''),
    'nesting exceeded',
  ],
  ['anchors on nested lists', '&a [ '.repeat(deep), 'nesting exceeded'],
  ['aliases that stand for very much', bomb(60, 10), 'the aliases stand for far more than what is written'],
  ['very many aliases', `a: &a x\nb: [${'*a,'.repeat(2000)}]`, 'aliases exceeded'],
  ['an alias inside what it stands for', 'a: &a [*a]', 'an alias stands for a value that it is part of'],
  [
    'merge keys that stand for very much',
    `a: &a {${Array.from({ length: 200 }, (_, i) => `k${i}: 1`)}}\nb:\n${'- {<<: *a}\n'.repeat(100)}`,
    'merge keys exceeded',
  ],
  ['bytes of zero', 'a: \0', 'this is no UTF-8 text'],
  ['a character that does not exist', 'a: "\\UFFFFFFFF"', ''],
  ['five million blanks', ' '.repeat(5_000_000) + 'x: [', ''],
  ['a text without end', `a: "${'x'.repeat(5_000_000)}`, 'deficient indentation'],
  ['a million keys without value', `${'? a\n'.repeat(1000)}`, 'duplicated mapping key'],
] as const)('%s: refused in bounded time, and the next document is read', ([, text, message]) => {
  const start = process.cpuUsage();
  const problems = problemsOf(() => clusterOf(`${text}\n---\n${policyText('{x: 1}')}`));
  const { user, system } = process.cpuUsage(start);
  expect(problems.map((problem) => problem.slice(0, 300))).toEqual([
    expect.stringContaining(message),
    expect.stringContaining('spec.x: NetworkPolicy `shop/cart`: there is no such field'),
  ]);
  expect(problems[0]).toMatch(/^all\.yaml:\d+: .*; ./);
  expect((user + system) / 1e6).toBeLessThan(3);
});

it('few aliases of something small are read', () => {
  expect(clusterOf(`kind: Unknown\n${bomb(2, 5)}`).skipped).toEqual(new Map([['Unknown', 1]]));
});

it('a custom resource definition nests 60 levels', () => {
  const text = `kind: CustomResourceDefinition\nspec: ${'{properties: '.repeat(60)}x${'}'.repeat(60)}`;
  expect(clusterOf(text).skipped).toEqual(new Map([['CustomResourceDefinition', 1]]));
});

it('a line of 1 GB is refused without holding it', async () => {
  const file = openSync(join(folder, 'long.yaml'), 'w');
  writeSync(file, 'a: "');
  // A hole reads as zeros, and costs no disk.
  ftruncateSync(file, 1024 ** 3);
  closeSync(file);
  const before = process.memoryUsage().rss;
  expect(await problemsOfAsync(() => readCluster(['long.yaml'], { cwd: folder }))).toEqual([
    'long.yaml:1: the document is longer than 64 MB; split it at lines of `---`; nothing after it was read',
  ]);
  expect(process.memoryUsage().rss - before).toBeLessThan(512 * 1024 ** 2);
});

it('a file of 5 GB is refused unread', async () => {
  const file = openSync(join(folder, 'huge.yaml'), 'w');
  ftruncateSync(file, 5 * 1024 ** 3);
  closeSync(file);
  expect(await problemsOfAsync(() => readCluster(['huge.yaml'], { cwd: folder }))).toEqual([
    'huge.yaml: the file is larger than 4096 MB; split it into files of a folder',
  ]);
});

it('standard input of more than 512 MB is refused', async () => {
  const blocks = new HeldBlocks();
  const block = Buffer.alloc(16 * 1024 ** 2);
  const stdin = () => {
    for (let i = 0; i < 33; i++) blocks.add(block);
    return blocks.whole();
  };
  expect(await problemsOfAsync(() => readCluster(['-'], { cwd: folder, stdin }))).toEqual([
    'standard input: the input is larger than 512 MB; split it into files of a folder',
  ]);
});

it('standard input that is no UTF-8 text is refused', async () => {
  const stdin = () => Buffer.from([0x6b, 0x3a, 0x20, 0xff, 0xfe, 0x80]);
  expect(await problemsOfAsync(() => readCluster(['-'], { cwd: folder, stdin }))).toEqual([
    'standard input:1: this is no UTF-8 text; leave it out, or save it as UTF-8',
  ]);
});

it('a large document of too many values is refused before it is parsed', () => {
  const problems = problemsOf(() => clusterOf(`a: [${'[],'.repeat(4_000_000)}]`));
  expect(problems).toEqual([expect.stringMatching(/^all\.yaml:1: the document has more than 4000000 values; /)]);
});

it('a binary file is refused', async () => {
  writeFileSync(join(folder, 'binary.yaml'), Buffer.from([0x6b, 0x3a, 0x20, 0xff, 0xfe, 0x80]));
  writeFileSync(join(folder, 'utf16.yaml'), Buffer.from('\uFEFFkind: Pod\n', 'utf16le'));
  const files = ['binary.yaml', 'utf16.yaml'];
  expect(await problemsOfAsync(() => readCluster(files, { cwd: folder }))).toEqual(
    files.map((name) => `${name}:1: this is no UTF-8 text; leave it out, or save it as UTF-8`),
  );
});

it('reporting ends after a thousand problems of one text', () => {
  const problems = problemsOf(() => clusterOf('[\n---\n'.repeat(50_000)));
  expect(problems.length).toBeLessThan(2000);
  expect(problems.at(-1)).toContain('there are more than 1000 problems; the rest is not read');
});

test.for([
  ['documents', '{}\n---\n', 300_000],
  ['JSON objects in a row', '{}', 300_000],
] as const)('hundreds of thousands of problems are counted: %s', ([, text, times]) => {
  const start = process.cpuUsage();
  const problems = problemsOf(() => clusterOf(text.repeat(times)));
  const { user, system } = process.cpuUsage(start);
  expect(problems).toHaveLength(10_001);
  expect(problems.at(-1)).toMatch(/^there are [\d,]+ more problems; correct these first$/);
  expect((user + system) / 1e6).toBeLessThan(8);
});

test.for([
  ['one after the other', (texts: string[]) => texts.map((text) => text.repeat(2))],
  ['once and then again', (texts: string[]) => [...texts, ...texts]],
  ['once and then again the other way round', (texts: string[]) => [...texts, ...[...texts].reverse()]],
] as const)('thousands of policies that are given twice are read in bounded time: %s', ([, twice]) => {
  const texts = Array.from({ length: 5000 }, (_, i) => `${policyText('{podSelector: {}}', `p${i}`)}---\n`);
  const start = process.cpuUsage();
  expect(clusterOf(twice(texts).join('')).policies).toHaveLength(5000);
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1e6).toBeLessThan(6);
});

it('items of a list that leave out their kind are the same when they are given twice', () => {
  const text =
    'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicyList\nitems:\n- {metadata: {name: a}, spec: {podSelector: {}}}\n';
  expect(clusterOf(`${text}---\n${text}`).policies).toHaveLength(1);
});
