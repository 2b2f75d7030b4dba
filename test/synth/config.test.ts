import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { InputError } from '../../lib/model/issue';
import { readConfig } from '../../lib/synth/config';

test.for([
  [{ out: '' }, '', {}, '`--out` is empty'],
  [{ out: '.' }, '', {}, '`.` is the project itself or a folder around it'],
  [
    {},
    'out: .',
    { file: 'cdk8s.yaml', line: 2, field: 'tierwall.out' },
    '`.` is the project itself or a folder around it',
  ],
] as const)(
  'a folder for the output is blamed on whoever names it: %j %s',
  async ([flags, settings, place, message]) => {
    const folder = mkdtempSync(join(tmpdir(), 'config-'));
    writeFileSync(join(folder, 'cdk8s.yaml'), `app: x\ntierwall: { ${settings} }\n`);
    const error = await readConfig(folder, flags).catch((thrown: InputError) => thrown);
    expect(error).toMatchObject({ issues: [{ message, place }] });
    expect((error as InputError).issues[0]!.place).toEqual(place);
  },
);
