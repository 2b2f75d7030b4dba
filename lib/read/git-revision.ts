import { execFileSync, spawnSync } from 'node:child_process';
import type { Place } from '../model/issue';
import { askGit, asPath, partialHint } from './git-range';
import { SourceText } from './source-text';

/** A file or folder of a revision, as in `main:deploy/`; git itself defines what the two halves may be. */
export interface GitRevision {
  readonly word: string;
}

/** Receives the texts of a revision, and what of it cannot be read. */
interface TextReader {
  readText(text: SourceText, strays: 'skipped' | 'refused'): void;
  issue(place: Place, message: string, hint: string): void;
}

interface Entry {
  readonly mode: string;
  readonly id: string;
  readonly size: number;
  readonly path: string;
}

/** Blobs that are read by one process: as many as fit into this many bytes together, or one. */
const batchSize = 32 * 1024 * 1024;
const longestFile = 512 * 1024 * 1024;
const windowsPath = /^[A-Za-z]:(?:[\\/]|$)/;

/** What the word names if it is no path: `REV:path`. Undefined for what cannot be one, such as `C:\deploy`. */
export function gitRevisionOf(word: string): GitRevision | undefined {
  const colon = word.indexOf(':');
  return colon <= 0 || word.startsWith('-') || windowsPath.test(word) || word.includes('\n') ? undefined : { word };
}

/** Reads a file, or the files of a folder and those below it, out of the object store. Nothing is checked out. */
export function readGitTexts({ word }: GitRevision, cwd: string, manifestName: RegExp, reader: TextReader): void {
  const id = resolved(word, cwd);
  if (typeof id !== 'string') {
    const hint = 'give a path, or a revision and a path from the root of its repository, as in `main:deploy`';
    reader.issue({ file: word }, `there is no such path, and git says: ${id.problem}`, hint);
    return;
  }
  const type = askGit(['cat-file', '-t', id], cwd);
  if (type === undefined) {
    const hint = `${partialHint}; of a submodule, ask in its own folder`;
    reader.issue({ file: word }, 'the object is not in this repository', hint);
    return;
  }
  const isFolder = type === 'tree';
  if (!isFolder && type !== 'blob') {
    reader.issue({ file: word }, `\`${word}\` is a ${type}`, 'name a file or folder, as in `main:deploy`');
    return;
  }
  const below = isFolder ? entriesBelow(id, cwd) : [];
  if (!below) {
    reader.issue({ file: word }, 'some of its objects are not in this repository', partialHint);
    return;
  }
  const entries = isFolder
    ? below.filter(({ path, mode }) => isRead(path, mode, manifestName))
    : [{ mode: '100644', id, size: Number(git(['cat-file', '-s', id], cwd).toString('utf8')), path: '' }];
  const files = entries.filter((entry) => isReadable(entry, word, reader));
  for (const batch of batchesOf(files)) {
    for (const [i, content] of contentsOf(batch, cwd).entries()) {
      const entry = batch[i]!;
      const file = entry.path === '' ? word : `${word}${/[:/]$/.test(word) ? '' : '/'}${entry.path}`;
      if (content) reader.readText(new GitText(file, entry.id, cwd, content), isFolder ? 'skipped' : 'refused');
      else reader.issue({ file }, 'the object is not in this repository', partialHint);
    }
  }
}

/** A blob; it is held while it is read, and asked for again when a line of it is wanted. */
class GitText extends SourceText {
  #content: Buffer | undefined;

  constructor(
    file: string,
    private readonly id: string,
    private readonly cwd: string,
    content: Buffer,
  ) {
    super(file);
    this.#content = content;
  }

  *blocks(): Iterable<Buffer> {
    const content = this.content();
    // From here on only lines are asked for, and of few files.
    this.#content = undefined;
    yield content;
  }

  bytes(start: number, end: number): Buffer {
    return this.content().subarray(start, end);
  }

  private content(): Buffer {
    return this.#content ?? git(['cat-file', 'blob', this.id], this.cwd);
  }
}

/** Undefined where objects are missing. Sizes are unknown for submodules. */
function entriesBelow(tree: string, cwd: string): Entry[] | undefined {
  const words = ['ls-tree', '-r', '-z', '-l', '--full-tree', tree];
  const { status, stdout } = spawnSync('git', words, { cwd, env: environment(), maxBuffer: 2 * longestFile });
  if (status !== 0) return undefined;
  return stdout
    .toString('utf8')
    .split('\0')
    .flatMap((line): Entry[] => {
      const [, mode, id, size, path] = /^(\d+) \w+ ([\da-f]+) +(\d+|-)\t([\s\S]+)$/.exec(line) ?? [];
      return mode && id && path ? [{ mode, id, size: Number(size) || 0, path }] : [];
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** As in a folder on disk: no dot folders, no `node_modules`. Links and submodules are looked at later, since they cannot be read. */
function isRead(path: string, mode: string, manifestName: RegExp): boolean {
  const parts = path.split('/');
  if (parts.some((part) => part.startsWith('.') || part === 'node_modules')) return false;
  return manifestName.test(path) || mode === '160000';
}

function isReadable({ path, mode, size }: Entry, word: string, reader: TextReader): boolean {
  const file = `${word}${path && !/[:/]$/.test(word) ? '/' : ''}${path}`;
  if (mode === '120000') reader.issue({ file }, 'this is a symbolic link', 'name the file that it leads to');
  else if (mode === '160000')
    reader.issue({ file }, 'this is a submodule, whose files are in another repository', 'name folders beside it');
  else if (size > longestFile)
    reader.issue({ file }, `the file is larger than ${longestFile / 1024 ** 2} MB`, 'split it, or leave it out');
  else return true;
  return false;
}

function* batchesOf(entries: readonly Entry[]): Iterable<readonly Entry[]> {
  let batch: Entry[] = [];
  let size = 0;
  for (const entry of entries) {
    if (batch.length > 0 && size + entry.size > batchSize) {
      yield batch;
      batch = [];
      size = 0;
    }
    batch.push(entry);
    size += entry.size;
  }
  if (batch.length > 0) yield batch;
}

/** The content of each blob; undefined for one that is missing. */
function contentsOf(batch: readonly Entry[], cwd: string): (Buffer | undefined)[] {
  const output = git(['cat-file', '--batch'], cwd, batch.map(({ id }) => `${id}\n`).join(''));
  let at = 0;
  return batch.map(() => {
    const end = output.indexOf(10, at);
    const size = /^[\da-f]+ blob (\d+)$/.exec(output.toString('utf8', at, end))?.[1];
    at = end + 1;
    if (size === undefined) return undefined;
    const content = output.subarray(at, at + Number(size));
    at += content.length + 1;
    return content;
  });
}

function resolved(word: string, cwd: string): string | { readonly problem: string } {
  const { status, stdout, stderr, error } = spawnSync(
    'git',
    ['rev-parse', '--verify', '--end-of-options', asPath(word)],
    {
      cwd,
      encoding: 'utf8',
      env: environment(),
    },
  );
  if (error) return { problem: error.message };
  const id = stdout.trim().split('\n').at(-1) ?? '';
  if (status === 0 && /^[\da-f]{40,}$/.test(id)) return id;
  return {
    problem:
      stderr
        .trim()
        .replace(/^fatal: /, '')
        .split('\n')[0] || 'it is no revision',
  };
}

function git(words: readonly string[], cwd: string, input = ''): Buffer {
  const options = { cwd, input, env: environment(), maxBuffer: 2 * longestFile };
  return execFileSync('git', words, { ...options, stdio: ['pipe', 'pipe', 'ignore'] });
}

/** Nothing is fetched from anywhere to answer a question. */
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, GIT_NO_LAZY_FETCH: '1', LC_ALL: 'C' };
}
