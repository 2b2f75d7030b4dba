import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { readCluster } from '../../lib/read/cluster';
import { isInRevision } from '../../lib/read/git-range';
import { Manifests } from '../../lib/read/manifests';
import { policyText, problemsOf, problemsOfAsync } from './reading';

const folder = mkdtempSync(join(tmpdir(), 'tierwall-'));
afterAll(() => rmSync(folder, { recursive: true }));

const policy = (name: string) => policyText('{podSelector: {}}', name);

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const git = (...words: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'commit.gpgsign=false', ...words], {
    cwd: folder,
    stdio: 'pipe',
  });

beforeAll(() => {
  write('deploy/b.yaml', policy('b'));
  write('deploy/a.yml', policy('a'));
  write(
    'deploy/sub/c.json',
    JSON.stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'c' } }),
  );
  write('deploy/sub/values.yaml', 'replicas: 1\n');
  write('deploy/sub/list.json', '[1]\n');
  write('deploy/README.md', 'kind: [');
  write('deploy/.hidden/d.yaml', policy('d'));
  write('deploy/node_modules/e.yaml', policy('e'));
  write('empty/README.md', '');
  write('only/values.yaml', 'replicas: 1\n');
  write('nothing.yaml', '# nothing\n');
  write('bad/one.yaml', 'a: [\n');
  write('bad/two.yaml', `${policy('a')}---\nkind: {{ .x }}\n`);
  write('linked/here.yaml', policy('here'));
  symlinkSync('..', join(folder, 'linked/up'));
  symlinkSync('../deploy/b.yaml', join(folder, 'linked/b.yaml'));
  symlinkSync('nowhere.yaml', join(folder, 'broken.yaml'));
  write('main:odd/a.yaml', policy('odd'));
  write('[x].yaml', policy('brackets'));
  git('init', '-q', '-b', 'main');
  git('add', 'deploy', 'empty', 'linked');
  git('commit', '-q', '-m', 'one');
  git('tag', 'v1');
  write('deploy/b.yaml', policy('changed'));
});

const names = async (...words: string[]) =>
  (await readCluster(words, { cwd: folder, stdin: () => policy('stdin') })).policies.map(({ name }) => name);
const problems = (...words: string[]) =>
  problemsOfAsync(() => readCluster(words, { cwd: folder, stdin: () => policy('stdin') }));

describe('a source is', () => {
  test.for([
    ['a file', ['deploy/b.yaml'], ['changed']],
    ['an absolute path', [join(folder, 'deploy/b.yaml')], ['changed']],
    [
      'a folder with those below it, in order; no dot folders, packages and other files',
      ['deploy'],
      ['a', 'changed', 'c'],
    ],
    ['a folder with a slash at its end', ['deploy/'], ['a', 'changed', 'c']],
    ['a pattern', ['deploy/*.yaml'], ['changed']],
    ['a pattern of many folders', ['deploy/**/*.{yml,json}'], ['a', 'c']],
    ['a pattern of folders', ['deploy/s*'], ['c']],
    ['a file whose name looks like a pattern', ['[x].yaml'], ['brackets']],
    ['standard input', ['-'], ['stdin']],
    ['a file of a revision', ['main:deploy/b.yaml'], ['b']],
    ['a folder of a revision', ['v1:deploy'], ['a', 'b', 'c']],
    ['a folder of a revision with a slash at its end', ['HEAD~0:deploy/sub/'], ['c']],
    ['a path that looks like a revision', ['main:odd'], ['odd']],
    ['several at once', ['-', 'deploy/a.yml', 'main:deploy/b.yaml'], ['stdin', 'a', 'b']],
    ['read once, though it is named twice', ['deploy/a.yml', 'deploy', './deploy/a.yml'], ['a', 'changed', 'c']],
  ] as const)('%s', async ([, words, expected]) => {
    expect(await names(...words)).toEqual(expected);
  });

  it('a folder whose links lead round', async () => {
    await expect(readCluster(['linked'], { cwd: folder })).rejects.toThrow('bad/one.yaml');
    rmSync(join(folder, 'linked/up'));
    symlinkSync('.', join(folder, 'linked/round'));
    expect(await names('linked')).toEqual(['changed', 'here']);
  });

  describe('of a partial clone only what it has', () => {
    const cloned = (filter: string) => {
      const clone = mkdtempSync(join(folder, '.clone-'));
      git('config', 'uploadpack.allowFilter', 'true');
      git('clone', '-q', '--no-checkout', `--filter=${filter}`, `file://${folder}`, clone);
      return clone;
    };

    it.for(['blob:none', 'tree:0'])('--filter=%s', async (filter) => {
      const problems = await problemsOfAsync(() => readCluster(['HEAD:'], { cwd: cloned(filter) }));
      expect(problems.join()).toMatch(/some (?:of its )?objects (?:are not in this repository|may not be available)/);
    });

    it('and it is not taken for absent', () => {
      const clone = cloned('tree:0');
      expect(() => isInRevision('HEAD', 'deploy', clone)).toThrow('cannot be read');
      expect(isInRevision('HEAD', 'gone', folder)).toBe(false);
      expect(isInRevision('HEAD', 'deploy', folder)).toBe(true);
    });
  });

  it('nothing of a submodule, which is said', async () => {
    git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},module`);
    git('commit', '-q', '-m', 'with a submodule');
    expect(await problemsOfAsync(() => readCluster(['HEAD:module'], { cwd: folder }))).toEqual([
      expect.stringContaining('of a submodule, ask in its own folder'),
    ]);
    git('reset', '-q', '--soft', 'HEAD~1');
    git('rm', '-q', '--cached', 'module');
  });

  it('a path on Windows, where it looks like a revision', async () => {
    expect(await problems('C:\\deploy', 'D:/x')).toEqual([
      expect.stringMatching(/^C:\\deploy: there is no `C:\\deploy`; give a file, a folder/),
      expect.stringMatching(/^D:\/x: there is no `D:\/x`; /),
    ]);
  });

  it('a revision seen from a folder of the repository', async () => {
    const read = async (word: string) =>
      (await readCluster([word], { cwd: join(folder, 'deploy') })).policies.map((p) => [p.name, p.place.file]);
    expect(await read('main:deploy/sub')).toEqual([['c', 'main:deploy/sub/c.json']]);
    expect(await read('main:./sub')).toEqual([['c', 'main:./sub/c.json']]);
  });
});

describe('places name', () => {
  test.for([
    ['deploy', ['deploy/a.yml', 'deploy/b.yaml', 'deploy/sub/c.json']],
    ['./deploy/', ['deploy/a.yml', 'deploy/b.yaml', 'deploy/sub/c.json']],
    ['deploy/*.yaml', ['deploy/b.yaml']],
    ['main:deploy', ['main:deploy/a.yml', 'main:deploy/b.yaml', 'main:deploy/sub/c.json']],
    ['main:deploy/b.yaml', ['main:deploy/b.yaml']],
    ['-', ['standard input']],
  ] as const)('the files of %s', async ([word, files]) => {
    const { policies } = await readCluster([word], { cwd: folder, stdin: async () => policy('stdin') });
    expect(policies.map(({ place }) => place.file)).toEqual(files);
    expect(policies.map(({ place }) => place.at('metadata.name').line)).toEqual(
      policies.map(({ name }) => (name === 'c' ? 1 : 3)),
    );
  });
});

describe('patches that a kustomization names', () => {
  const patched = (kustomization: string) => {
    const top = mkdtempSync(join(tmpdir(), 'sources-'));
    writeFileSync(join(top, 'a.yaml'), policy('a'));
    writeFileSync(join(top, 'change.yaml'), policy('a').replace('podSelector', 'policyTypes: [Egress], podSelector'));
    writeFileSync(join(top, 'kustomization.yaml'), kustomization);
    return readCluster(['.'], { cwd: top });
  };

  it.for([
    'patches: [{ path: change.yaml }]\n',
    'patchesStrategicMerge: [./change.yaml]\n',
    'patches:\n- path: change.yaml\n  target: { kind: NetworkPolicy }\n',
  ])('are no objects of their own: %s', (text) =>
    expect(patched(text)).rejects.toThrow(/change\.yaml.* this is a patch of a NetworkPolicy, which kustomize merges/),
  );

  it('and all else is', () => expect(patched('resources: [change.yaml]\n')).rejects.toThrow('is given twice'));
});

describe('documents that are no objects', () => {
  it('are counted among many files', async () => {
    expect([...(await readCluster(['deploy'], { cwd: folder })).skipped]).toEqual([['no apiVersion and kind', 2]]);
    expect([...(await readCluster(['main:deploy'], { cwd: folder })).skipped]).toEqual([['no apiVersion and kind', 2]]);
  });

  it('are counted too where they are a Chart.yaml of Helm, which has an apiVersion', async () => {
    const chart = mkdtempSync(join(tmpdir(), 'sources-'));
    writeFileSync(join(chart, 'a.yaml'), policy('a'));
    writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: shop\nversion: 0.1.0\n');
    expect([...(await readCluster(['.'], { cwd: chart })).skipped]).toEqual([['no apiVersion and kind', 1]]);
    writeFileSync(join(chart, 'b.yaml'), 'apiVersion: v1\nmetadata: { name: shop }\nversion: 0.1.0\nname: shop\n');
    await expect(readCluster(['.'], { cwd: chart })).rejects.toThrow('`kind` is missing');
  });

  it('are counted once, though their file is named again', async () => {
    const { skipped } = await readCluster(['deploy', 'deploy/sub/values.yaml', 'deploy/../deploy'], { cwd: folder });
    expect([...skipped.values()]).toEqual([2]);
  });

  it('are a problem of the file that is named', async () => {
    expect(await problems('only/values.yaml')).toEqual([
      'only/values.yaml:1: this is no Kubernetes object; an object has apiVersion, kind and metadata',
    ]);
  });
});

describe('what is wrong with sources is said of all at once', () => {
  const lookedFor = 'looked for objects with apiVersion and kind in files that end in .yaml, .yml or .json';
  test.for([
    [['empty'], [`empty: \`empty\` holds no Kubernetes object; ${lookedFor}`]],
    [['only'], [`only: \`only\` holds no Kubernetes object; ${lookedFor}`]],
    [['nothing.yaml'], [`nothing.yaml: \`nothing.yaml\` holds no Kubernetes object; ${lookedFor}`]],
    [['main:empty'], [`main:empty: \`main:empty\` holds no Kubernetes object; ${lookedFor}`]],
    [['-', '-'], ['standard input: `-` is given twice; standard input can be read once']],
    [
      ['missing', 'gone.yaml', 'deploy'],
      ['missing', 'gone.yaml'].map(
        (word) =>
          `${word}: there is no \`${word}\`; give a file, a folder, a pattern, \`-\` for standard input, or \`REV:path\` of a git revision`,
      ),
    ],
    [
      ['x/*.yaml'],
      [
        'x/*.yaml: nothing fits the pattern `x/*.yaml`; a pattern finds folders, and files that end in .yaml, .yml or .json',
      ],
    ],
    [
      ['broken.yaml'],
      [
        'broken.yaml: there is no `broken.yaml`; give a file, a folder, a pattern, `-` for standard input, or `REV:path` of a git revision',
      ],
    ],
    [
      ['bad'],
      [
        'bad/one.yaml:2: deficient indentation; correct the YAML',
        'bad/two.yaml:6: this is a template, not YAML: object-based map does not support complex keys; render it first, as with `helm template`',
      ],
    ],
    [['main:linked'], ['main:linked/b.yaml: this is a symbolic link; name the file that it leads to']],
  ] as const)('%s', async ([words, expected]) => {
    expect(await problems(...words)).toEqual(expected);
  });

  test.for(['main:missing', 'nope:deploy', 'nope:', ':x', '--help:x'])('%s', async (word) => {
    const [problem, ...more] = await problems(word);
    expect(more).toEqual([]);
    expect(problem).toMatch(
      word.startsWith(':') || word.startsWith('-') ? /there is no `/ : /there is no such path, and git says: ./,
    );
  });

  it('a commit is no source', async () => {
    const commit = git('rev-parse', 'HEAD').toString().trim();
    expect(await problems(commit)).toEqual([expect.stringContaining('there is no `')]);
  });

  it('empty standard input, also after sources that overlap', async () => {
    const read = () => readCluster(['deploy', 'deploy', '-'], { cwd: folder, stdin: () => '' });
    expect(await problemsOfAsync(read)).toEqual([
      'standard input: standard input holds no Kubernetes object; is the command before the pipe right?',
    ]);
  });

  it('there may be no standard input, no git and no repository', async () => {
    expect(await problemsOfAsync(() => readCluster(['-'], { cwd: folder }))).toEqual([
      'standard input: there is no standard input; name files or folders',
    ]);
    expect(await problemsOfAsync(() => readCluster(['main:deploy'], { cwd: tmpdir() }))).toEqual([
      expect.stringContaining('git says: not a git repository'),
    ]);
  });
});

describe('a live cluster as a source', () => {
  const place = { file: 'cluster kind', at: (field: string) => ({ file: 'cluster kind', field }) };
  async function* live(context: string) {
    const metadata = { name: `shop-${context || 'current'}` };
    yield { object: { apiVersion: 'v1', kind: 'Namespace', metadata }, place };
  }

  it('is named by its context, beside others', async () => {
    const cluster = await readCluster(['cluster:kind', 'cluster:'], { cwd: folder, live });
    expect(cluster.namespaces.map(({ name }) => name)).toEqual(['shop-current', 'shop-kind']);
  });

  it('is a mistake where no network may be used', async () => {
    expect(await problemsOfAsync(() => readCluster(['cluster:kind'], { cwd: folder }))).toEqual([
      'cluster:kind: no cluster can be read here; name files or folders',
    ]);
  });
});

describe('manifests for constructs are read in the same way', () => {
  it('from a folder, with lines', () => {
    const { policies } = Manifests.fromFolder(join(folder, 'deploy'));
    expect(policies.map(({ name, namespace, place }) => [name, namespace, place.line])).toEqual([
      ['a', 'shop', 1],
      ['changed', 'shop', 1],
      ['c', undefined, 1],
    ]);
  });

  it('with every problem of every file', () => {
    expect(problemsOf(() => Manifests.fromFolder(join(folder, 'bad')))).toHaveLength(2);
    expect(problemsOf(() => Manifests.fromFile(join(folder, 'missing')))).toEqual([
      expect.stringContaining('there is no `'),
    ]);
  });
});
