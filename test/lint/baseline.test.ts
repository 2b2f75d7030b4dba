import { describe, expect, test } from 'vitest';
import { acceptBaseline, type BaselinePlace, baselineText, entriesOf, readBaseline } from '../../lib/lint/baseline';
import type { FoundItem } from '../../lib/model/finding-report';
import { InputError } from '../../lib/model/issue';

const item = (object: string | undefined, file: string | undefined, position = 0): FoundItem => ({
  rule: 'no-any-address',
  severity: 'warning',
  message: 'too wide',
  hint: 'narrow it',
  ...(object ? { object } : {}),
  place: { ...(file ? { file } : {}), line: 7, field: `spec.egress[${position}]` },
  excerpt: [],
  related: [],
  edits: [],
  fingerprint: '',
});

/** The baseline is in `/`, and there are these files. */
const place = (...there: string[]): BaselinePlace => ({
  name: 'tierwall-baseline.json',
  fileFrom: (file) => (there.includes(file) ? file : undefined),
  isThere: (file) => there.includes(file),
});

/** Which of the findings are accepted once those before were, and how many are told to be gone. */
function accepted(before: FoundItem[], after: FoundItem[], there: string[], beforeThere = there) {
  const baseline = entriesOf(before, place(...beforeThere).fileFrom);
  const told = acceptBaseline(after, baseline, new Set(there), place(...there));
  return {
    accepted: told
      .filter(({ suppressed }) => suppressed)
      .map((own) => after.findIndex((one) => one.place === own.place)),
    notes: told.length - after.length,
  };
}

describe('a baseline', () => {
  const web = 'NetworkPolicy shop/web';

  test('accepts what is about the same object and field, wherever in a list and on whatever line it is', () => {
    expect(accepted([item(web, 'a.yaml')], [item(web, 'a.yaml', 4)], ['a.yaml'])).toEqual({ accepted: [0], notes: 0 });
  });

  test('accepts each finding once: one more of the same is new', () => {
    expect(accepted([item(web, 'a.yaml')], [item(web, 'a.yaml'), item(web, 'a.yaml', 1)], ['a.yaml']).accepted).toEqual(
      [0],
    );
  });

  test('goes with an object to another file if its own is gone', () => {
    expect(accepted([item(web, 'a.yaml')], [item(web, 'b.yaml')], ['b.yaml'], ['a.yaml']).accepted).toEqual([0]);
  });

  test('does not take an object of the same name in another file for it, as of another overlay', () => {
    const both = ['base/a.yaml', 'prod/a.yaml'];
    expect(accepted([item(web, 'prod/a.yaml')], [item(web, 'base/a.yaml'), item(web, 'prod/a.yaml')], both)).toEqual({
      accepted: [1],
      notes: 0,
    });
    expect(accepted([item(web, 'prod/a.yaml')], [item(web, 'base/a.yaml')], both)).toEqual({ accepted: [], notes: 1 });
  });

  test('accepts by the object alone what comes from no file', () => {
    expect(accepted([item(web, 'a.yaml')], [item(web, 'standard input')], ['a.yaml']).accepted).toEqual([0]);
    expect(accepted([item(web, 'standard input')], [item(web, 'a.yaml')], ['a.yaml']).accepted).toEqual([0]);
  });

  test('accepts what is about no object in its own file only', () => {
    expect(accepted([item(undefined, 'a.yaml')], [item(undefined, 'a.yaml')], ['a.yaml']).accepted).toEqual([0]);
    expect(accepted([item(undefined, 'a.yaml')], [item(undefined, 'b.yaml')], ['b.yaml'], ['a.yaml']).accepted).toEqual(
      [],
    );
  });

  test('is the same text in whatever order things are found', () => {
    const entries = entriesOf(
      [item(web, 'a.yaml'), item('NetworkPolicy shop/api', 'a.yaml')],
      place('a.yaml').fileFrom,
    );
    expect(baselineText(entries)).toBe(baselineText([...entries].reverse()));
    expect(readBaseline(baselineText(entries), 'b.json')).toHaveLength(2);
  });

  test.for([
    ['{', 'b.json: this is no JSON: '],
    ['[]', 'b.json: this is no baseline: an object is wanted'],
    ['{}', 'b.json version: `nothing` is no version that is read'],
    ['{ "version": 1, "findings": [] }', 'b.json version: `1` is no version that is read: `2` is wanted'],
    ['{ "version": 2 }', 'b.json findings: `nothing` is no list'],
    ['{ "version": 2, "finding": [], "findings": [] }', 'b.json finding: there is no such field'],
    ['{ "version": 2, "findings": ["x"] }', 'b.json findings[0]: `"x"` is no object'],
    ['{ "version": 2, "findings": [{ "rule": 1 }] }', 'b.json findings[0].rule: `1` is no text'],
    ['{ "version": 2, "findings": [{ "rule": "a" }] }', 'b.json findings[0].message: it is missing'],
    [
      '{ "version": 2, "findings": [{ "rule": "a", "message": "b", "flie": "c" }] }',
      'b.json findings[0].flie: there is no such field',
    ],
  ] as const)('refuses %s, and names the field and the value', ([text, expected]) => {
    expect(() => readBaseline(text, 'b.json')).toThrow(InputError);
    expect(() => readBaseline(text, 'b.json')).toThrow(expected);
  });
});
