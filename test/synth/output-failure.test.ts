import { expect, it, test } from 'vitest';
import { InputError } from '../../lib/model/issue';
import { explained } from '../../lib/synth/output-failure';

const failing = (code: string) => () => {
  throw Object.assign(new Error(`${code}: as the system says it`), { code, syscall: 'rename' });
};

test.for([
  ['EBUSY', 'the output is a mount point, so that it cannot be replaced as a whole; mount the folder around it'],
  ['EROFS', 'the output is on a file system that can only be read; give another folder with `--out`'],
  ['EACCES', 'the output may not be written by this user'],
  ['ENOTDIR', 'the output is below a file'],
  ['ELOOP', 'the output is a symbolic link that leads nowhere but to itself'],
] as const)('%s says why the output cannot be written, and what to do', ([code, message]) => {
  expect(() => explained('/out/policies', failing(code))).toThrow(InputError);
  expect(() => explained('/out/policies', failing(code))).toThrow(`/out/policies: ${message}`);
});

it('leaves every other failure as it is', () => {
  expect(() => explained('/out', failing('EIO'))).toThrow('EIO: as the system says it');
  expect(explained('/out', () => 1)).toBe(1);
});
