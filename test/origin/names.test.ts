import { describe, expect, test } from 'vitest';
import { lastPositionIn } from '../../lib/origin/position-by-formatter';
import { mapUrlIn } from '../../lib/origin/position-by-map';
import { filePathOf } from '../../lib/origin/source-position';

describe('the last position in a stack', () => {
  test.for([
    { stack: 'Error: position\n    at /a/b.ts:3:5', file: '/a/b.ts' },
    { stack: 'Error\n    at /a/first.ts:1:1\n    at /a/b.ts:3:5\n', file: '/a/b.ts' },
    { stack: 'Error\n    at declare (/a/b.ts:3:5)', file: '/a/b.ts' },
    { stack: 'Error\n    at async Shop.declare [as x] (/a/b.ts:3:5)', file: '/a/b.ts' },
    { stack: 'Error\n    at /a (copy)/b.ts:3:5', file: '/a (copy)/b.ts' },
    { stack: 'Error\n    at file:///a%20b/c.ts:3:5', file: '/a b/c.ts' },
    { stack: 'Error\n    at C:\\x\\y.ts:3:5', file: 'C:\\x\\y.ts' },
    { stack: 'Error\n    at declare (C:/x/y.ts:3:5)', file: 'C:/x/y.ts' },
  ])('$stack is in $file', ({ stack, file }) => {
    expect(lastPositionIn(stack)).toEqual({ file, line: 3, column: 5 });
  });

  test.for([
    '',
    'Error',
    'Error: position\n    at <anonymous>',
    'Error\n    at node:fs:3:5',
    'Error\n    at src/b.ts:3:5',
    '/a/b.ts:3',
  ])('%j is none', (stack) => {
    expect(lastPositionIn(stack)).toBeUndefined();
  });
});

describe('the file of a script', () => {
  test.for([
    ['/a/b.ts', '/a/b.ts'],
    ['C:\\x\\y.ts', 'C:\\x\\y.ts'],
    ['\\\\server\\share\\y.ts', '\\\\server\\share\\y.ts'],
    ['file:///a/%C3%BC.mts?t=1', '/a/ü.mts'],
    ['node:internal/modules/cjs/loader', undefined],
    ['[eval]', undefined],
    ['evalmachine.<anonymous>', undefined],
    ['data:text/javascript,0', undefined],
    ['webpack://app/./b.ts', undefined],
    ['file:///a%2Fb.ts', undefined],
  ] as const)('%s is %s', ([scriptName, path]) => {
    expect(filePathOf(scriptName)).toBe(path);
  });
});

describe('the source map of a script', () => {
  test.for([
    { name: 'the last line', script: 'run();\n//# sourceMappingURL=a.map', url: 'a.map' },
    { name: 'the last of two', script: '//# sourceMappingURL=a.map\n//# sourceMappingURL=b.map\n', url: 'b.map' },
    { name: 'Windows line ends', script: 'run();\r\n//# sourceMappingURL=a.map\r\n', url: 'a.map' },
    { name: 'the older sign', script: '//@ sourceMappingURL=a.map', url: 'a.map' },
    { name: 'before the code', script: '//# sourceMappingURL=a.map\nrun();', url: undefined },
    { name: 'in a string', script: "write('\\n//# sourceMappingURL=a.map');", url: undefined },
    { name: 'nowhere', script: '', url: undefined },
  ])('$name', ({ script, url }) => {
    expect(mapUrlIn(script)).toBe(url);
  });
});
