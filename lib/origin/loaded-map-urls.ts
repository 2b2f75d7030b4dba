import { Session } from 'node:inspector';
import { filePathOf } from './source-position';

let found: ReadonlyMap<string, string> | undefined;

/**
 * The `sourceMappingURL` of a script as it was loaded, by its file: a loader that works in a thread of its own, as ts-node does for ES modules, leaves it
 * neither in the file nor with whoever formats stacks. Undefined if it has none.
 */
export function loadedMapUrl(file: string): string | undefined {
  found ??= askInspector();
  return found.get(file);
}

function askInspector(): ReadonlyMap<string, string> {
  const urls = new Map<string, string>();
  const session = new Session();
  session.connect();
  try {
    session.on('Debugger.scriptParsed', ({ params: { url, sourceMapURL } }) => {
      const file = sourceMapURL ? filePathOf(url) : undefined;
      if (file) urls.set(file, sourceMapURL!);
    });
    session.post('Debugger.enable');
    session.post('Debugger.disable');
  } finally {
    session.disconnect();
  }
  return urls;
}
