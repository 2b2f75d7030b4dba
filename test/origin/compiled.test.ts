import { afterEach, describe, expect, test } from 'vitest';
import { marked } from './marked';
import { compile, Project } from './project';

const program = marked(`import { show, Statement } from '../tierwall/statement';

interface Erased {
  readonly gone: true;
}
enum Kind { A, B }

const erased: Erased = { gone: true };
const made =      ¦new Statement();
const kinds = [Kind.A].map((kind: Kind) => erased && kind === 0 && made.¦allowFrom());
show(made, kinds[0] as Statement);
`);

const { code, map } = compile(program.text, 'app.ts');
const json = JSON.parse(map) as Record<string, unknown>;
/** The map as a compiler writes it that has the sources in `src/` and its output in `build/`. */
const placedMap = JSON.stringify({ ...json, sources: ['../src/app.ts'] });
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** The places in the code that runs, for what cannot be traced back. */
const running = marked(code.replace('new statement_1', '¦new statement_1').replace('made.', 'made.¦')).places;

const mapped = { file: 'src/app.ts', places: program.places };
const unmapped = { file: 'build/app.js', places: running };

describe('a statement in compiled JavaScript knows the TypeScript line that it was compiled from', () => {
  let project: Project;
  afterEach(() => project.remove());

  const cases: readonly {
    readonly name: string;
    readonly end: string;
    readonly files?: Readonly<Record<string, string>>;
    readonly args?: readonly string[];
    readonly folder?: string;
    readonly expected: typeof mapped;
  }[] = [
    {
      name: 'a map beside it',
      end: '//# sourceMappingURL=app.js.map',
      files: { 'build/app.js.map': placedMap },
      expected: mapped,
    },
    {
      name: 'a map in another folder, with a source root',
      end: '//# sourceMappingURL=../maps/app.map',
      files: { 'maps/app.map': JSON.stringify({ ...json, sourceRoot: '../src/', sources: ['app.ts'] }) },
      expected: mapped,
    },
    {
      name: 'a map of sections',
      end: '//# sourceMappingURL=app.js.map',
      files: {
        'build/app.js.map': JSON.stringify({
          version: 3,
          sections: [{ offset: { line: 0, column: 0 }, map: JSON.parse(placedMap) }],
        }),
      },
      expected: mapped,
    },
    {
      name: 'an inline map',
      end: `//# sourceMappingURL=data:application/json;base64,${base64(placedMap)}`,
      expected: mapped,
    },
    {
      name: 'an inline map without base64',
      end: `//# sourceMappingURL=data:application/json;charset=utf-8,${encodeURIComponent(placedMap)}`,
      expected: mapped,
    },
    {
      name: 'comments after the one that names the map',
      end: '//# sourceMappingURL=app.js.map\n//# debugId=1\n\n',
      files: { 'build/app.js.map': placedMap },
      expected: mapped,
    },
    {
      name: 'a folder whose name is no URL',
      end: '//# sourceMappingURL=app.js.map',
      files: { 'build/app.js.map': placedMap },
      folder: 'C# 100% (new) ü',
      expected: mapped,
    },
    {
      name: 'names that are no URL, of files that are not there',
      end: '//# sourceMappingURL=100%.map',
      files: { 'build/100%.map': JSON.stringify({ ...json, sources: ['100%.ts'] }) },
      expected: { ...mapped, file: 'build/100%.ts' },
    },
    {
      name: 'names that are escaped',
      end: '//# sourceMappingURL=my%20app.map',
      files: { 'build/my app.map': JSON.stringify({ ...json, sources: ['../src/my%20app.ts'] }), 'src/my app.ts': '' },
      expected: { ...mapped, file: 'src/my app.ts' },
    },
    {
      name: 'a map that Node reads itself',
      end: '//# sourceMappingURL=app.js.map',
      files: { 'build/app.js.map': placedMap },
      args: ['--enable-source-maps'],
      expected: mapped,
    },
    {
      name: 'a map that Node reads itself, in a folder whose name is no URL',
      end: '//# sourceMappingURL=app.js.map',
      files: { 'build/app.js.map': placedMap, 'src/app.ts': program.text },
      args: ['--enable-source-maps'],
      folder: 'C# 100% (new) ü',
      expected: mapped,
    },
    { name: 'no map', end: '', expected: unmapped },
    { name: 'a missing map', end: '//# sourceMappingURL=app.js.map', expected: unmapped },
    {
      name: 'a broken map',
      end: '//# sourceMappingURL=app.js.map',
      files: { 'build/app.js.map': '{"version":3,' },
      expected: unmapped,
    },
    { name: 'a broken inline map', end: '//# sourceMappingURL=data:application/json;base64,AAAA', expected: unmapped },
    {
      name: 'a map to what is no file',
      end: '//# sourceMappingURL=app.js.map',
      files: { 'build/app.js.map': JSON.stringify({ ...json, sources: ['webpack://app/./app.ts'] }) },
      expected: unmapped,
    },
    {
      name: 'a map that says nothing of the line',
      end: '//# sourceMappingURL=app.js.map',
      files: { 'build/app.js.map': JSON.stringify({ ...json, mappings: '' }) },
      expected: unmapped,
    },
    { name: 'a map on the network', end: '//# sourceMappingURL=https://example.com/app.js.map', expected: unmapped },
  ];

  test.for(cases)('with $name', ({ end, files = {}, args = [], folder, expected }) => {
    project = Project.create(folder).withTierwall('compiled').write('build/app.js', `${code}${end}`);
    for (const [path, text] of Object.entries(files)) project.write(path, text);
    const file = project.at(expected.file);
    expect(project.shown([...args, 'build/app.js'])).toEqual(expected.places.map((place) => ({ file, ...place })));
  });
});
