import { Script } from 'node:vm';
import { afterEach, expect, test, vi } from 'vitest';
import { loadedMapUrl } from '../../lib/origin/loaded-map-urls';
import { positionByMap } from '../../lib/origin/position-by-map';

afterEach(() => vi.unstubAllEnvs());

/** Loaded before the first question, since that is asked once. */
const map = { version: 3, sources: ['test.js'], names: [], mappings: 'AAGA' };
new Script(`1;\n//# sourceMappingURL=data:application/json,${JSON.stringify(map)}`, {
  filename: 'file:///work/app/test.js',
}).runInThisContext();

test('the map of a script is found as it was loaded, where a loader leaves it nowhere else', () => {
  const script = new Script('1;\n//# sourceMappingURL=data:application/json,{}', {
    filename: 'file:///work/app/main.ts',
  });
  expect(script.runInThisContext()).toBe(1);
  expect(loadedMapUrl('/work/app/main.ts')).toBe('data:application/json,{}');
  expect(loadedMapUrl('/work/app/other.ts')).toBeUndefined();
});

test('so is that of JavaScript in Jest, which compiles it too', () => {
  vi.stubEnv('JEST_WORKER_ID', '1');
  const running = { scriptName: 'file:///work/app/test.js', line: 1, column: 1 };
  expect(positionByMap(running)).toEqual({ file: '/work/app/test.js', line: 4, column: 1 });
});
