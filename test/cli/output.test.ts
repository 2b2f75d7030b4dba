import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it, test } from 'vitest';
import { outputOption } from '../../lib/cli/options/output';

const commands = resolve(__dirname, '../../lib/cli/commands');

describe('-o', () => {
  const given = (...args: string[]) =>
    new Command()
      .exitOverride()
      .configureOutput({ writeErr: () => {} })
      .addOption(outputOption(['txt', 'md', 'json']))
      .parse(args, { from: 'user' })
      .opts()['output'] as unknown;

  it('is text unless something else is asked for', () => expect(given()).toBe('txt'));

  test.for([
    ['txt', 'txt'],
    ['text', 'txt'],
    ['markdown', 'md'],
    ['json', 'json'],
  ] as const)('takes %s', ([name, format]) => expect(given('-o', name)).toBe(format));

  it('refuses what there is not', () => expect(() => given('-o', 'xml')).toThrow(/Allowed choices are txt, md, json/));

  test.for(readdirSync(commands).filter((name) => /new Command\(/.test(readFileSync(join(commands, name), 'utf8'))))(
    'is an option of %s',
    (name) => expect(readFileSync(join(commands, name), 'utf8')).toContain('outputOption('),
  );
});
