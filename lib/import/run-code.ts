import { posix } from 'node:path';
import { Script } from 'node:vm';
import { App } from 'cdk8s';
import { Environment } from '../constructs/environment';
import { Namespace } from '../constructs/namespace';
import { Peer } from '../constructs/peer';
import { RawPolicy } from '../constructs/raw-policy';
import { Service } from '../constructs/service';
import { Tier } from '../constructs/tier';
import { noDns, nodeLocalDns, openshiftDns } from '../model/known-peers';
import { LabelScheme } from '../model/label-scheme';
import { anyPort, Port } from '../model/port';
import type { AppFiles } from './code/app-code';

type Exports = Record<string, unknown>;

/** What the files of an import use. */
const tierwall: Exports = {
  anyPort,
  Environment,
  LabelScheme,
  Namespace,
  noDns,
  nodeLocalDns,
  openshiftDns,
  Peer,
  Port,
  RawPolicy,
  Service,
  Tier,
};

/**
 * Runs the files of an import, just as they are to be written, up to `app.synth()`: what is proved is then what they say, and not what they
 * were made from. They hold no types and one statement a line begins with `import` or `export` in it, so that a few words make them scripts.
 */
export function runCode(files: AppFiles): App {
  let synthesized: App | undefined;
  class Captured extends App {
    override synth(): void {
      synthesized = this;
    }
  }
  const outside: Readonly<Record<string, Exports>> = { cdk8s: { App: Captured }, tierwall };
  const loaded = new Map<string, Exports>();
  const load = (path: string): Exports => {
    const known = loaded.get(path);
    if (known) return known;
    const exports: Exports = {};
    loaded.set(path, exports);
    const text = files.get(path);
    if (text === undefined) throw new TypeError(`no file \`${path}\` was made`);
    const need = (name: string) => outside[name] ?? load(posix.join(posix.dirname(path), name).replace(/\.js$/, '.ts'));
    new Script(`(function (need, exports) {${asScript(text)}\n})`, { filename: path }).runInThisContext()(
      need,
      exports,
    );
    return exports;
  };
  load('main.ts');
  if (!synthesized) throw new TypeError('the app ended without `app.synth()`');
  return synthesized;
}

/** On the same lines, so that mistakes keep theirs. Imports of files that import each other are looked up where they are used. */
function asScript(text: string): string {
  const imports: string[] = [];
  const names: string[] = [];
  const body = text
    .replace(/^import (?:(\{[^}]*\}) from )?('[^']*');$/gm, (line, given: string | undefined, from: string) => {
      const module = `need(${from})`;
      const words = given?.match(/[\w$]+/g) ?? [];
      const at = imports.push(module) - 1;
      for (const word of words) names.push(`${word}: { get: () => modules[${at}].${word} }`);
      return line.replace(/[^\n]/g, ' ');
    })
    .replace(/^export (const|function) ([\w$]+)/gm, (_, kind: string, name: string) =>
      kind === 'function' ? `exports.${name} = ${name}; function ${name}` : `const ${name} = exports.${name}`,
    );
  const setup = `const modules = [${imports.join(', ')}]; const scope = Object.defineProperties({}, { ${names.join(', ')} }); with (scope) {`;
  return `${setup}${body}}`;
}
