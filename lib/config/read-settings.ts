import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Problem, readOptions, text } from '../constructs/options';
import { InputError, type Issue, type Place } from '../model/issue';
import { frameOwner } from '../origin/frame-owner';
import { readCdk8sFile } from '../read/cdk8s-file';
import { settingPlace } from './setting-place';
import { configOptions, type TierwallConfig } from './tierwall-config';
import { unknownRules } from './unknown-rules';

/** The settings of a project, and where they stand. */
export interface Settings {
  readonly config: TierwallConfig;
  /** `app` of cdk8s.yaml itself. */
  readonly cdk8sApp: string | undefined;
  /** The file that holds the settings, or would. */
  readonly file: string;
  /** Goes before the name of a setting in that file. */
  readonly prefix: '' | 'tierwall.';
  /** Whether there is any file to hold them. */
  readonly source: 'given' | 'absent';
}

const cdk8sFile = 'cdk8s.yaml';
const scripts = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map((ending) => `tierwall.config.${ending}`);

/** What somebody may write who expects it to be read. */
const neverRead = ['json', 'yaml', 'yml'].map((ending) => `tierwall.config.${ending}`);

/** Files that hold the settings of a project. */
export const settingsFiles: readonly string[] = [cdk8sFile, ...scripts];

/**
 * Reads the settings of the project in `cwd`: what tierwall.config.ts (or .js, .mjs, …) exports by default, else `tierwall` in cdk8s.yaml.
 * Neither has to be there.
 *
 * @throws InputError with every problem: settings and rules that do not exist, values that they cannot have, settings in two places
 */
export async function readSettings(cwd: string): Promise<Settings> {
  const isThere = (file: string) => existsSync(join(cwd, file));
  const cdk8s = isThere(cdk8sFile) ? readCdk8sFile(join(cwd, cdk8sFile)) : undefined;
  const cdk8sApp = cdk8s?.['app'];
  const places = [...scripts.filter(isThere), ...(cdk8s?.['tierwall'] === undefined ? [] : [cdk8sFile])];
  if (places.length > 1) {
    const message = `settings are in more than one place: ${places.map((place) => `\`${place}\``).join(', ')}`;
    throw new InputError([{ code: 'bad-config', message, place: {}, hint: 'keep them in one' }]);
  }
  const [file = cdk8sFile] = places;
  const isScript = file !== cdk8sFile;
  const prefix = isScript ? '' : 'tierwall.';
  const given = isScript ? await exportOf(cwd, file) : (cdk8s?.['tierwall'] ?? {});
  const { usable: config, problems } = readOptions(given as TierwallConfig, configOptions, prefix);
  const issues = [
    ...(cdk8sApp === undefined ? [] : appText(cdk8sApp, 'app')).map((problem) => located(problem, cwd, cdk8sFile)),
    ...[...problems, ...(await unknownRules(given, prefix))].map((problem) => located(problem, cwd, file)),
    ...neverRead.filter(isThere).map(unread),
  ];
  if (issues.length > 0) throw new InputError(issues);
  return {
    config,
    cdk8sApp: cdk8sApp as string | undefined,
    file,
    prefix,
    source: isScript || cdk8s ? 'given' : 'absent',
  };
}

const appText = text('write the command, as `npx tsx main.ts`');

async function exportOf(cwd: string, file: string): Promise<unknown> {
  // It is a program: what runs TypeScript is loaded only for it. Required, since Jest has no `import()` unless it is told to.
  const { createJiti } = require('jiti') as typeof import('jiti');
  try {
    const jiti = createJiti(join(cwd, file), { fsCache: false, moduleCache: false });
    // Node keeps the modules that it loads: while a command watches, settings that change are run anew.
    const options = { filename: join(cwd, file), async: true, forceTranspile: true };
    const exported = (await jiti.evalModule(readFileSync(join(cwd, file), 'utf8'), options)) as { default?: unknown };
    return exported.default ?? exported;
  } catch (error) {
    const message = `it cannot be run: ${error instanceof Error ? error.message.split('\n')[0] : error}`;
    throw new InputError([
      { code: 'bad-config', message, place: failedAt(error, cwd, file), hint: 'correct the program' },
    ]);
  }
}

const frame = /(?:^|[\s(])(?:file:\/\/)?(\/\S+|[A-Za-z]:\\\S+):(\d+):\d+/gm;

/** The line of the user's that a program failed at, in the file of the settings or one that it imports. */
function failedAt(error: unknown, cwd: string, file: string): Place {
  const stack = (error instanceof Error && error.stack) || '';
  const own = [...stack.matchAll(frame)].find(([, path]) => frameOwner(path) === 'user');
  return own ? { file: relative(cwd, own[1]!), line: Number(own[2]) } : { file };
}

function unread(file: string): Issue {
  const hint = 'write them in `tierwall.config.ts`, or under `tierwall:` in `cdk8s.yaml`';
  return { code: 'bad-config', message: 'no settings are read from it', place: { file }, hint };
}

function located(problem: Problem, cwd: string, file: string): Issue {
  const [, field] = /^`([\w.[\]-]+)`/.exec(problem.message) ?? [];
  return { ...problem, code: 'bad-config', place: field ? settingPlace(cwd, file, field) : { file } };
}
