import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { isRunning } from './is-running';
import { standbyVariable } from './standby-app';

// Loaded before the app itself, in the process that is to run it (`--require`). Once whatever runs TypeScript is in place, and before the app's own
// code is read, what every app loads is loaded; and then it waits for its turn.

const flag = process.env[standbyVariable];
const [, script = ''] = process.argv;
// Not in those that only start the app, such as npx and tsx.
if (flag !== undefined && script !== '' && !/[\\/](node_modules|npm)[\\/]/.test(script)) {
  delete process.env[standbyVariable];
  const { runMain } = Module;
  const run = (main?: string) => {
    preload();
    waitFor(flag);
    runMain.call(Module, main);
  };
  // By a callback of its own, so that what the app throws is no rejected promise.
  Module.runMain = (main) => void importEarly().then(() => setImmediate(run, main));
}

/**
 * What runs TypeScript may be given as `--import`, as tsx is, and takes long to start. Node would evaluate it only now that it runs the app, and
 * evaluates it once. Just what is given as a URL: names of packages are resolved otherwise from here.
 */
async function importEarly(): Promise<void> {
  const { execArgv } = process;
  const given = execArgv.flatMap((arg, i) =>
    arg === '--import' ? (execArgv[i + 1] ?? []) : arg.startsWith('--import=') ? arg.slice('--import='.length) : [],
  );
  for (const url of given.filter((name) => name.startsWith('file:'))) {
    try {
      await import(url);
    } catch {
      // Node says so when it runs the app.
    }
  }
}

/** Until the file is there; not longer than who would make it, whose process id begins the file's name. */
function waitFor(file: string): void {
  writeFileSync(`${file}.waiting`, '');
  const owner = Number(basename(file).split('-')[0]);
  const beat = new Int32Array(new SharedArrayBuffer(4));
  for (let i = 1; !existsSync(file); i++) {
    Atomics.wait(beat, 0, 0, 5);
    if (i % 100 === 0 && !isRunning(owner)) process.exit(1);
  }
}

function preload(): void {
  const own = createRequire(join(process.cwd(), 'standby.js'));
  for (const name of ['constructs', 'cdk8s', 'tierwall', 'tierwall/plus', ...editions(process.cwd())]) {
    try {
      own(name);
    } catch {
      // The app may do without.
    }
  }
}

/** The cdk8s-plus that the project names. */
function editions(folder: string): string[] {
  try {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    ) as {
      dependencies?: Record<string, string>;
      devDependencies?: Record<string, string>;
    };
    return Object.keys({ ...dependencies, ...devDependencies }).filter((name) => name.startsWith('cdk8s-plus-'));
  } catch {
    const parent = dirname(folder);
    return parent === folder ? [] : editions(parent);
  }
}
