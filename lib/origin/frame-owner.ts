import { dirname } from 'node:path';
import { filePathOf } from './source-position';

/**
 * Whose code a stack frame runs: the user's, a dependency's (anything below a `node_modules`), tierwall's own, or the
 * runtime's (Node itself, and code that is in no file).
 */
export type FrameOwner = 'user' | 'dependency' | 'tierwall' | 'runtime';

const withSlashes = (path: string) => path.replaceAll('\\', '/');

/** `lib/` in the source tree, `dist/` in the package. */
const ownFolder = `${withSlashes(dirname(__dirname))}/`;

const owners = new Map<string | null | undefined, FrameOwner>();

/** The owner of the frames of one script, by the script's name as V8 gives it. */
export function frameOwner(scriptName: string | null | undefined): FrameOwner {
  const known = owners.get(scriptName);
  if (known) return known;
  const owner = classify(scriptName);
  owners.set(scriptName, owner);
  return owner;
}

function classify(scriptName: string | null | undefined): FrameOwner {
  const path = scriptName && filePathOf(scriptName);
  if (!path) return 'runtime';
  const file = withSlashes(path);
  // Own frames first: an installed tierwall lies below node_modules itself.
  if (file.startsWith(ownFolder)) return 'tierwall';
  return file.includes('/node_modules/') ? 'dependency' : 'user';
}
