import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { type Baseline, type BaselinePlace, readBaseline } from './baseline';

/** What a baseline is called, unless the settings say otherwise. */
const usualName = 'tierwall-baseline.json';

/** The file of a baseline, which need not be there. */
export interface BaselineFile extends BaselinePlace {
  readonly path: string;
}

/**
 * The baseline of a project. Without a name it is the nearest one in a folder above too, as far as the repository goes, so that the findings
 * of a folder are accepted from within it as well.
 *
 * @param named in the settings
 */
export function baselineFile(cwd: string, named: string | undefined): BaselineFile {
  const path = resolve(cwd, named ?? join(nearestFolder(cwd), usualName));
  const folder = existsSync(dirname(path)) ? realpathSync(dirname(path)) : dirname(path);
  const known = new Map<string, string | undefined>();
  return {
    path,
    name: shown(cwd, path),
    isThere: (file) => existsSync(join(folder, file)),
    fileFrom: (file) => {
      if (!known.has(file)) {
        const own = resolve(cwd, file);
        known.set(file, existsSync(own) ? shown(folder, realpathSync(own)) : undefined);
      }
      return known.get(file);
    },
  };
}

/** Nothing where there is no such file. @throws InputError for what is no baseline */
export function readBaselineFile({ path, name }: BaselineFile): Baseline {
  return existsSync(path) ? readBaseline(readFileSync(path, 'utf8'), name) : [];
}

/** The folder of the nearest baseline; `cwd` where there is none. Above a repository is nothing of ours. */
function nearestFolder(cwd: string): string {
  const folders = [cwd];
  while (!existsSync(join(folders.at(-1)!, '.git'))) {
    const above = dirname(folders.at(-1)!);
    if (above === folders.at(-1)) return cwd;
    folders.push(above);
  }
  return folders.find((folder) => existsSync(join(folder, usualName))) ?? cwd;
}

function shown(folder: string, path: string): string {
  return (relative(folder, path) || '.').split(sep).join('/');
}
