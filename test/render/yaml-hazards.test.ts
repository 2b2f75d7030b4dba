import { isDeepStrictEqual } from 'node:util';
import { Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isMisreadInPlainYaml, stringsMisreadInPlainYaml } from '../../lib/render/yaml-hazards';
import { documentWith, halfCharacters, hostileStrings, hostileText } from './hostile-strings';

const readers = [
  ['js-yaml', (text: string): unknown => load(text)],
  ['yaml in version 1.1', (text: string): unknown => parse(text, { version: '1.1' })],
  ['yaml in version 1.2', (text: string): unknown => parse(text, { version: '1.2' })],
] as const;

// All readers, those of Go and Python too, are asked in test/slow/yaml-readers.test.ts.
describe.for(readers)('of what a plain cdk8s App writes, %s', ([, read]) => {
  const comesBack = (text: string) => {
    const document = documentWith(text);
    try {
      return isDeepStrictEqual(read(Yaml.stringify(document)), document);
    } catch {
      return false;
    }
  };

  test('reads every hostile string as it was, unless it is flagged', () => {
    expect(hostileStrings.filter((text) => !isMisreadInPlainYaml(text) && !comesBack(text))).toEqual([]);
  });

  test('reads any string as it was, unless it is flagged', () => {
    fc.assert(
      fc.property(hostileText, (text) => isMisreadInPlainYaml(text) || comesBack(text)),
      { numRuns: 2000 },
    );
  });
});

describe('a string is flagged', () => {
  test.for([
    ['=', 'a value to YAML 1.1'],
    ['<<', 'a merge'],
    ['0o7', 'octal'],
    ['-0o7', 'octal with a sign'],
    [`0o${'7'.repeat(400)}`, 'octal of any length'],
    ['0X1F', 'hexadecimal with a capital X'],
    ['0XFFFFFFFFFFFFFFFF', 'hexadecimal of 64 bits'],
    ['0B1', 'binary with a capital B'],
    [`0B${'1'.repeat(64)}`, 'binary of 64 bits'],
    [`0O1${'7'.repeat(21)}`, 'octal of 64 bits'],
    ['0b-1', 'binary with the sign inside'],
    ['0o-7', 'octal with the sign inside'],
    ['1e1_0', 'a number with an underscore in its exponent'],
    ['-_1', 'a number that starts with an underscore'],
    ['a\tb', 'a tab within plain text'],
    ['\ta\nb', 'a tab before the first of several lines'],
    [' \n\n', 'nothing but blanks and line ends'],
    ['a\x7f', 'a control character that stays bare'],
    ['a\x85b', 'a line end to YAML 1.1'],
    ['a\u2028b', 'a line end to YAML 1.1'],
    ['\ufeffa', 'a byte order mark, lost where it starts a file'],
    ['a\ufeffb', 'a byte order mark, which derails Go where it starts a buffer'],
    ...halfCharacters.map((text) => [text, 'half of a character'] as const),
  ] as const)('%j: %s', ([text]) => {
    expect(isMisreadInPlainYaml(text)).toBe(true);
  });
});

const rightlyWritten = [
  '|a|on|yes|null|~|1|010|0x1F|0b1|1e3|1_000|12:30:45|2001-01-01|0o8|0B2|10.0.0.0/8|2001:db8::/32|0X|0O|0B-1|1e|_1|==|<',
  '<<<|# a|a: b|- a|--- a|"| a|a |\ta|a\t|a\nb|a\n\tb|a\n|\n|\n |\ta\n |a\tb\0| \ta\nb|é|😀|because: it\nis so',
].flatMap((line) => line.split('|'));

test.for(rightlyWritten)('%j is not flagged', (text) => {
  expect(isMisreadInPlainYaml(text)).toBe(false);
});

test('keys and values are collected at any depth of an object, each once, in order of appearance', () => {
  const object = { a: ['0o7', { '<<': '0o7', b: [['=']] }], '0X1F': { c: 7, d: null, e: true, f: undefined }, g: '<<' };
  expect(stringsMisreadInPlainYaml(object)).toEqual(['0o7', '<<', '=', '0X1F']);
});
