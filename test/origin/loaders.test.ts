import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Origin } from '../../lib/origin/origin';
import { marked } from './marked';
import { loader, Project } from './project';

// Types and enums, so that no line of the program stays where it was.
const program = marked(`import { show, Statement } from './tierwall/statement';

interface Erased {
  readonly gone: true;
}
enum Kind { A, B }

const erased: Erased = { gone: true };
const made =      ¦new Statement();
const kinds = [Kind.A].map((kind: Kind) => erased && kind === 0 && made.¦allowFrom());
show(made, kinds[0] as Statement);
`);

describe('a statement in TypeScript knows its own line and column', () => {
  let project: Project;
  beforeAll(() => {
    // A folder whose name is no URL.
    project = Project.create('C# (new) ü')
      .withTierwall('source')
      .write('app.ts', program.text)
      .write('app.mts', program.text);
  });
  afterAll(() => project.remove());

  test.for([
    { name: 'tsx', args: [...loader.tsx, 'app.ts'], env: {} },
    { name: 'tsx, as an ES module', args: [...loader.tsx, 'app.mts'], env: {} },
    { name: 'ts-node', args: [...loader.tsNode, 'app.ts'], env: {} },
    { name: 'ts-node, transpile only', args: [...loader.tsNode, 'app.ts'], env: { TS_NODE_TRANSPILE_ONLY: '1' } },
    {
      name: 'ts-node with source maps of Node',
      args: ['--enable-source-maps', ...loader.tsNode, 'app.ts'],
      env: { TS_NODE_TRANSPILE_ONLY: '1' },
    },
  ])('under $name', ({ args, env }) => {
    const file = project.at(args.at(-1) ?? '');
    expect(project.shown(args, env)).toEqual(program.places.map((place) => ({ file, ...place })));
  });

  test('under vitest', () => {
    const origin = Origin.capture();
    const lines = readFileSync(__filename, 'utf8').split('\n');
    const line = lines.findIndex((text) => text.includes('const origin = Origin')) + 1;
    const column = (lines[line - 1] ?? '').indexOf('capture') + 1;
    expect(origin?.resolve()).toEqual({ file: __filename, line, column });
  });
});
