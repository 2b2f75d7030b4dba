import { Script } from 'node:vm';
import { expect, test } from 'vitest';
import { loadedMapUrl } from '../../lib/origin/loaded-map-urls';

test('the map of a script is found as it was loaded, where a loader leaves it nowhere else', () => {
  const script = new Script('1;\n//# sourceMappingURL=data:application/json,{}', {
    filename: 'file:///work/app/main.ts',
  });
  expect(script.runInThisContext()).toBe(1);
  expect(loadedMapUrl('/work/app/main.ts')).toBe('data:application/json,{}');
  expect(loadedMapUrl('/work/app/other.ts')).toBeUndefined();
});
