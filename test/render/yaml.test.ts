import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { load, YAML11_SCHEMA } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { InputError } from '../../lib/model/issue';
import { toYaml } from '../../lib/render/yaml';
import { anyDocument, documentWith, halfCharacters, hostileStrings, hostileText } from './hostile-strings';

const readers = [
  ['js-yaml', (text: string): unknown => load(text)],
  ['js-yaml in version 1.1', (text: string): unknown => load(text, { schema: YAML11_SCHEMA })],
  ['yaml in version 1.1', (text: string): unknown => parse(text, { version: '1.1' })],
  ['yaml in version 1.2', (text: string): unknown => parse(text, { version: '1.2' })],
] as const;
const listStyles = ['flush', 'indented'] as const;

describe.for(readers)('%s', ([, read]) => {
  test.for(listStyles)('reads every hostile string as it was, as key and value, with lists %s', (lists) => {
    const changed = hostileStrings.filter((text) => {
      const document = documentWith(text);
      return !isDeepStrictEqual(
        outcome(() => read(toYaml(document, lists))),
        document,
      );
    });
    expect(changed).toEqual([]);
  });

  test.for(listStyles)('reads any document as it was, with lists %s', (lists) => {
    fc.assert(
      fc.property(anyDocument, (value) => isDeepStrictEqual(read(toYaml(value, lists)), value)),
      { numRuns: 500 },
    );
  });
});

describe('the text', () => {
  test('is laid out as kubectl does, with keys in the given order', () => {
    const policy = {
      kind: 'NetworkPolicy',
      apiVersion: 'networking.k8s.io/v1',
      metadata: { name: 'tierwall-api', labels: {}, annotations: undefined },
      spec: {
        podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['a', 'on'] }] },
        ingress: [{ ports: [{ port: 80 }, { port: 443 }], from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }, {}],
        egress: [],
        policyTypes: ['Ingress', 'Egress'],
      },
    };
    expect(toYaml(policy)).toMatchInlineSnapshot(`
      "kind: NetworkPolicy
      apiVersion: networking.k8s.io/v1
      metadata:
        name: tierwall-api
        labels: {}
      spec:
        podSelector:
          matchExpressions:
          - key: app
            operator: In
            values:
            - a
            - "on"
        ingress:
        - ports:
          - port: 80
          - port: 443
          from:
          - ipBlock:
              cidr: 10.0.0.0/8
        - {}
        egress: []
        policyTypes:
        - Ingress
        - Egress
      "
    `);
    expect(toYaml(policy.spec.podSelector, 'indented')).toMatchInlineSnapshot(`
      "matchExpressions:
        - key: app
          operator: In
          values:
            - a
            - "on"
      "
    `);
  });

  test('of several lines stands as a block, where it is plain enough', () => {
    const value = { because: 'first: line\n# second\n\nlast', list: ['a\nb\n'], quoted: 'a \nb', other: 'a\n\n' };
    expect(toYaml(value)).toMatchInlineSnapshot(`
      "because: |-
        first: line
        # second

        last
      list:
      - |
        a
        b
      quoted: "a \\nb"
      other: "a\\n\\n"
      "
    `);
  });

  test('of several lines that is the whole document is indented all the same', () => {
    expect(toYaml('... a\n\na')).toBe('|-\n  ... a\n\n  a\n');
  });

  test.for([
    ['a', 'a'],
    ['shop.example.com/team-a_b', 'shop.example.com/team-a_b'],
    ['two words, (and) [more]', 'two words, (and) [more]'],
    ['https://example.com:80/#a', 'https://example.com:80/#a'],
    ['10.1.2.3', '10.1.2.3'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['', '""'],
    ['on', '"on"'],
    ['y', '"y"'],
    ['1e3', '"1e3"'],
    ['0o7', '"0o7"'],
    ['2001:db8::/32', '"2001:db8::/32"'],
    ['--- a', '"--- a"'],
    ['a: b', '"a: b"'],
    ['a #b', '"a #b"'],
    ['=', '"="'],
    ['\t"\\', '"\\t\\"\\\\"'],
    ['a\u2028b\x85', '"a\\Lb\\N"'],
  ] as const)('of %j is %s, as value and as key', ([text, written]) => {
    expect(toYaml({ [text]: text })).toBe(`${written}: ${written}\n`);
  });

  test('has the same bytes for equal objects, and no anchors for shared ones', () => {
    fc.assert(
      fc.property(anyDocument, fc.constantFrom(...listStyles), (value, lists) => {
        const copy: unknown = JSON.parse(JSON.stringify(value));
        expect(toYaml([value, value], lists)).toBe(toYaml([copy, JSON.parse(JSON.stringify(value))], lists));
      }),
    );
  });

  test('never folds a line, leaves no blanks at the end of one, and ends with a single line end', () => {
    fc.assert(
      fc.property(fc.oneof(hostileText, fc.lorem({ maxCount: 100 })), (text) => {
        const lines = toYaml({ a: { [text]: 1 }, b: [text] }).split('\n');
        expect(lines.pop()).toBe('');
        expect(lines.filter((line) => /[ \t]$/.test(line))).toEqual([]);
        const block = lines.some((line) => /^- \|-?$/.test(line));
        // A key of more than 1,024 characters takes two lines: `? key` and `: value`.
        const keyLines = lines.some((line) => line.startsWith('  ? ')) ? 2 : 1;
        expect(lines.length).toBe(3 + keyLines + (block ? text.replace(/\n$/, '').split('\n').length : 0));
      }),
    );
  });
});

describe('what YAML cannot hold is an error:', () => {
  test.for(halfCharacters)('half of a character, %j', (text) => {
    expect(() => toYaml({ labels: { a: text } })).toThrow(InputError);
    expect(() => toYaml({ labels: { [text]: 'a' } })).toThrow(/half of a character \(a lone surrogate\)/);
  });

  test.for([
    ['no number', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a big integer', 1n],
    ['a function', () => 1],
    ['a symbol', Symbol('a')],
    ['a map', new Map([['a', 1]])],
    ['a set', new Set(['a'])],
    ['a date', new Date(0)],
  ] as const)('%s', ([, value]) => {
    expect(() => toYaml({ a: [value] })).toThrow(TypeError);
    expect(() => toYaml({ a: value })).toThrow(/^YAML cannot say `/);
  });

  test('a hole in a list', () => {
    expect(() => toYaml({ a: ['a', undefined] })).toThrow(TypeError);
  });
});

/** What came back, or the error, which equals no document. */
function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error;
  }
}
