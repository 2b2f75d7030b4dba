import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Origin } from '../../lib/origin/origin';
import { Project } from './project';

describe('capturing leaves the stack settings of the process alone', () => {
  const settings = () => [
    Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace'),
    Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit'),
  ];
  const { prepareStackTrace, stackTraceLimit, captureStackTrace } = Error;
  afterEach(() => {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit, captureStackTrace });
  });

  test.for([
    { name: 'as they are', change: () => {} },
    {
      name: 'a formatter of another library',
      change: () => Object.assign(Error, { prepareStackTrace: () => 'theirs' }),
    },
    { name: 'no formatter', change: () => Reflect.deleteProperty(Error, 'prepareStackTrace') },
    { name: 'no frames at all', change: () => Object.assign(Error, { stackTraceLimit: 0 }) },
    { name: 'no limit', change: () => Reflect.deleteProperty(Error, 'stackTraceLimit') },
  ])('$name', ({ change }) => {
    change();
    const before = settings();
    const origin = Origin.capture();
    expect(settings()).toEqual(before);
    expect(origin).toBeDefined();
  });

  test('also when the capture fails, which is not the statement’s problem', () => {
    Error.captureStackTrace = () => {
      throw new Error('no stack');
    };
    const before = settings();
    const origin = Origin.capture();
    expect(settings()).toEqual(before);
    expect(origin).toBeUndefined();
  });

  test('and has no origin where they cannot be set', () => {
    const project = Project.create().withTierwall('compiled');
    const program = `Object.freeze(Error); const { show, Statement } = require('./tierwall/statement'); show(new Statement())`;
    expect(project.write('app.js', program).shown(['app.js'])).toEqual([null]);
    project.remove();
  });

  test.for([
    { name: 'that fails', formatter: () => JSON.parse('') },
    { name: 'that gives no text', formatter: () => ({ no: 'text' }) },
    { name: 'that names no position', formatter: () => 'Error' },
    { name: 'that makes it no file', formatter: () => 'Error\n    at <anonymous>:1:1' },
  ])('and takes no position from a formatter $name', ({ formatter }) => {
    Error.prepareStackTrace = formatter;
    // A script of its own, so that it is a statement of its own.
    const statement = runInThisContext('(capture) => capture()', { filename: `/a/${formatter}.js` });
    const origin = statement(Origin.capture);
    expect(origin?.resolve()).toEqual({ file: `/a/${formatter}.js`, line: 1, column: 14 });
  });
});

describe('an origin', () => {
  afterEach(() => void vi.restoreAllMocks());

  test('has one position a place, however often the statement runs', () => {
    const [first, second] = [1, 2].map(() => Origin.capture()?.resolve());
    const other = Origin.capture()?.resolve();
    expect(first).toBe(second);
    expect(other).not.toEqual(first);
  });

  test('reads no source map until somebody asks', () => {
    const project = Project.create().withTierwall('compiled');
    const program = `const { Origin } = require('./tierwall/origin/origin');
const loaded = () => Object.keys(require.cache).some((file) => file.includes('trace-mapping'));
const origin = Origin.capture();
const before = loaded();
origin.resolve();
console.log(before, loaded());
//# ${'sourceMappingURL'}=data:application/json,{"version":3,"sources":[],"names":[],"mappings":""}`;
    expect(project.write('app.js', program).run(['app.js'])).toBe('false true\n');
    project.remove();
  });

  test.for([
    { name: 'relative to the working directory', cwd: join(__dirname, '..'), file: 'origin/capture.test.ts' },
    { name: 'by its name alone in the working directory', cwd: __dirname, file: 'capture.test.ts' },
    { name: 'absolute outside of it', cwd: join(__dirname, 'capture'), file: __filename },
    { name: 'absolute beside it', cwd: join(__dirname, '../sets'), file: __filename },
  ])('names the file $name', ({ cwd, file }) => {
    vi.spyOn(process, 'cwd').mockReturnValue(cwd);
    const origin = Origin.capture();
    expect(String(origin)).toBe(`${file}:${origin?.resolve().line}`);
  });
});
