import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Issue, Place } from '../model/issue';
import type { DocumentPlace } from '../model/policy';
import { type ObjectReader, openObject, readDocuments } from './documents';
import { gitRevisionOf, readGitTexts } from './git-revision';
import { isKustomization, kustomizationIn, type Patching, readingPatches } from './kustomization';
import type { SourceOptions } from './source-options';
import { FileText, HeldText, type SourceText, tooLargeCode } from './source-text';
import { wordPath } from './word-path';

/** What reads the texts; it says how many objects they held. */
export interface SourceReader extends ObjectReader<DocumentPlace>, Patching<DocumentPlace> {
  readonly objects: number;
  readonly issues: readonly Issue[];
  /** What becomes of documents that are no objects: among many files they are expected. */
  strays: 'skipped' | 'refused';
}

/** Of files that a folder or a pattern is read for. */
export const manifestName = /\.(?:ya?ml|json)$/i;
/** A source that is the live cluster of a context, or of the current one. */
export const livePrefix = 'cluster:';
const patternSign = /[*?[{(]/;
const lookedFor = 'looked for objects with apiVersion and kind in files that end in .yaml, .yml or .json';

/** One text after the other, so that no more than one is in memory. Whatever cannot be read is reported, and the rest is read. */
export async function readSources(
  words: readonly string[],
  { cwd, stdin, live, empty = 'refused', only = () => true }: SourceOptions,
  reader: SourceReader,
): Promise<void> {
  const sources = new Sources(cwd, reader, only);
  for (const [i, word] of words.entries()) {
    const [objects, issues] = [reader.objects, reader.issues.length];
    sources.mayBeEmpty = false;
    if (word.startsWith(livePrefix)) {
      const received = live?.(word.slice(livePrefix.length));
      if (received) for await (const { object, place } of received) openObject(object, () => place, reader);
      else reader.issue(badSource(word, 'no cluster can be read here', 'name files or folders'));
    } else if (word !== '-') sources.read(word);
    else if (words.indexOf('-') < i) {
      reader.issue(badSource('-', '`-` is given twice', 'standard input can be read once'));
    } else if (stdin) await sources.readInput(stdin);
    else reader.issue(badSource('-', 'there is no standard input', 'name files or folders'));
    if (empty === 'refused' && reader.objects === objects && reader.issues.length === issues && !sources.mayBeEmpty) {
      const what = word === '-' ? 'standard input' : `\`${word}\``;
      const message = `${what} holds no Kubernetes object`;
      const hint = word === '-' ? 'is the command before the pipe right?' : lookedFor;
      reader.issue(badSource(word, message, hint));
    }
  }
}

/** Reads what one path names, a file or a folder. */
export function readPath(path: string, reader: SourceReader): void {
  new Sources('', reader, () => true).readPath(path, resolve(path));
}

class Sources {
  /** Whether the last word named what was read before, or a kustomization: it need not hold objects. */
  mayBeEmpty = false;
  private readonly done = new Set<string>();
  private readonly patches = new Set<string>();

  constructor(
    private readonly cwd: string,
    private readonly reader: SourceReader,
    private readonly only: (file: string) => boolean,
  ) {}

  read(word: string): void {
    const isThere = statOf(wordPath(this.cwd, word)) !== undefined;
    const revision = isThere ? undefined : gitRevisionOf(word);
    if (revision) readGitTexts(revision, this.cwd, manifestName, this);
    else if (!isThere && isPattern(word)) this.readPattern(word);
    else this.readPath(word, resolve(this.cwd, word));
  }

  /** @param shown how messages call it */
  readPath(shown: string, path: string): void {
    const stats = this.tryTo(shown, () => statSync(path));
    if (!stats) return;
    if (stats.isDirectory()) this.readFolder(shown, path);
    else this.readFile(shown, path, stats, this.kustomize(shown, path) === 'kustomization' ? 'skipped' : 'refused');
  }

  readText(text: SourceText, strays: SourceReader['strays'], reader: ObjectReader<DocumentPlace> = this.reader): void {
    if (!this.only(text.file)) return;
    this.reader.strays = strays;
    this.tryTo(text.file, () => readDocuments(text, reader));
  }

  async readInput(stdin: NonNullable<SourceOptions['stdin']>): Promise<void> {
    const name = 'standard input';
    try {
      this.readText(HeldText.of(name, await stdin()), 'refused');
    } catch (error) {
      this.unreadable(name, error);
    }
  }

  issue(place: Place, message: string, hint: string): void {
    this.reader.issue({ code: 'unreadable', message, place, hint });
  }

  private readPattern(word: string): void {
    const found = fitting(word, this.cwd || '.');
    for (const shown of found) this.kustomize(shown, resolve(this.cwd, shown));
    let fit = 0;
    for (const shown of found) {
      const path = resolve(this.cwd, shown);
      const stats = statOf(path);
      if (stats?.isDirectory()) this.readFolder(shown.replace(/\/$/, ''), path);
      else if (stats && manifestName.test(shown)) this.readFile(shown, path, stats, 'skipped');
      else continue;
      fit++;
    }
    if (fit > 0) return;
    this.issue(
      { file: word },
      `nothing fits the pattern \`${word}\``,
      'a pattern finds folders, and files that end in .yaml, .yml or .json',
    );
  }

  private readFolder(shown: string, path: string): void {
    const real = this.tryTo(shown, () => realpathSync(path));
    // Also how links that lead round come to an end.
    if (real === undefined || !this.isFirst(real)) return;
    const entries = this.tryTo(shown, () => readdirSync(path, { withFileTypes: true })) ?? [];
    const names = entries.map(({ name }) => name);
    this.kustomizeFolder(shown, path, names);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      this.readEntry(entry, join(shown, entry.name).replaceAll('\\', '/'), join(path, entry.name));
    }
  }

  /** A kustomization that is named by itself tells of its folder too. */
  private kustomize(shown: string, path: string): 'kustomization' | 'other' {
    if (!isKustomization(basename(path))) return 'other';
    this.kustomizeFolder(dirname(shown), dirname(path), [basename(path)]);
    this.mayBeEmpty = true;
    return 'kustomization';
  }

  /** Comes before what is in the folder. */
  private kustomizeFolder(shown: string, path: string, names: readonly string[]): void {
    const kustomization = kustomizationIn(path, shown.replace(/\/+$/, ''), names);
    if (!kustomization) return;
    for (const patch of kustomization.patches) this.patches.add(patch);
    this.reader.kustomization?.(kustomization);
  }

  private readEntry(entry: Dirent, shown: string, path: string): void {
    const isManifest = manifestName.test(entry.name);
    if (entry.isDirectory()) {
      this.readFolder(shown, path);
    } else if (entry.isSymbolicLink()) {
      const stats = isManifest ? this.tryTo(shown, () => statSync(path)) : statOf(path);
      if (stats?.isDirectory()) this.readFolder(shown, path);
      else if (stats?.isFile() && isManifest) this.readFile(shown, path, stats, 'skipped');
    } else if (entry.isFile() && isManifest) {
      this.readFile(shown, path, undefined, 'skipped');
    }
  }

  private readFile(shown: string, path: string, stats: Stats | undefined, strays: SourceReader['strays']): void {
    if (!this.isFirst(path)) return;
    const text = new FileText(shown, path);
    if (!stats || stats.isFile()) {
      const isPatch = strays === 'skipped' && this.patches.has(path);
      this.readText(text, strays, isPatch ? readingPatches(this.reader) : this.reader);
      return;
    }
    // A pipe can be read once.
    const content = this.tryTo(shown, () => text.whole());
    if (content) this.readText(new HeldText(shown, content), strays);
  }

  /** Whether the path has not been read before: sources may overlap. */
  private isFirst(path: string): boolean {
    const known = this.done.has(path);
    this.mayBeEmpty ||= known;
    this.done.add(path);
    return !known;
  }

  private tryTo<T>(shown: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.unreadable(shown, error);
      return undefined;
    }
  }

  /** @throws the error itself if it is not one of the system */
  private unreadable(shown: string, error: unknown): void {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === 'ENOENT') {
      const hint = 'give a file, a folder, a pattern, `-` for standard input, or `REV:path` of a git revision';
      this.issue({ file: shown }, `there is no \`${shown}\``, hint);
    } else {
      const hint = code === tooLargeCode ? 'split it into files of a folder' : 'correct the path, or who may read it';
      this.issue({ file: shown }, message, hint);
    }
  }
}

/** Whether a word that names nothing by itself is a pattern. */
export function isPattern(word: string): boolean {
  return patternSign.test(word);
}

/** The files and folders that fit a pattern, sorted. */
export function fitting(word: string, cwd: string): string[] {
  // Loaded only here, since few words are patterns; required, since Jest has no `import()` unless it is told to.
  const { globSync } = require('tinyglobby') as typeof import('tinyglobby');
  return globSync(asPattern(word), { cwd, onlyFiles: false, ignore: ['**/node_modules/**'] }).sort();
}

/** Undefined where there is nothing, or nothing that can be looked at. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** Patterns are written with forward slashes; on Windows a word may have the other ones. */
function asPattern(word: string): string {
  return process.platform === 'win32' ? word.replaceAll('\\', '/') : word;
}

function badSource(file: string, message: string, hint: string): Issue {
  return { code: 'bad-source', message, place: { file: file === '-' ? 'standard input' : file }, hint };
}
