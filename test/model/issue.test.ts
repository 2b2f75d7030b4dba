import { describe, expect, test } from 'vitest';
import { InputError, type Issue, issueLines } from '../../lib/model/issue';

const issue = (construct: string, message: string, more: Partial<Issue> & { line?: number } = {}): Issue => {
  const { line = 7, ...rest } = more;
  return { code: 'unknown-port', message, place: { construct, file: 'main.ts', line }, ...rest };
};
const port = (path: string, more = {}) =>
  issue(path, `port \`sqll\` is not declared by \`${path}\``, { hint: `\`${path}\` declares \`sql\``, ...more });

describe('the same mistake of one line of code', () => {
  test('in several environments is one line that names them', () => {
    const issues = ['dev/shop/db', 'prod/shop/db', 'staging/shop/db'].map((path) => port(path));
    const lines = [
      'dev/shop/db (main.ts:7): in dev, prod, staging: port `sqll` is not declared by `dev/shop/db`; `dev/shop/db` declares `sql`',
    ];
    expect(issueLines(issues)).toEqual(lines);
    const error = new InputError(issues);
    expect([error.message, error.issues]).toEqual([lines.join('\n'), issues]);
  });

  test.for([
    ['of environments themselves', ['dev', 'prod'], 'dev (main.ts:7): in dev, prod: '],
    [
      'of environments in a chart',
      ['all/dev/shop/db', 'all/prod/shop/db'],
      'all/dev/shop/db (main.ts:7): in dev, prod: ',
    ],
    ['of namespaces', ['dev/a/db', 'dev/b/db'], 'dev/a/db (main.ts:7): in a, b: '],
    ['of both', ['dev/a/db', 'prod/b/db'], 'dev/a/db (main.ts:7): in dev/a, prod/b: '],
    ['whose names are symbols of patterns', ['d.*v/db', '(prod/db'], 'd.*v/db (main.ts:7): in d.*v, (prod: '],
  ] as const)('is told once in scopes %s', ([, paths, start]) => {
    expect(issueLines(paths.map((path) => port(path)))).toEqual([expect.stringContaining(start)]);
  });

  test('may be told by names that are made of that of the environment', () => {
    const issues = ['dev', 'prod'].map((name) => issue(`${name}/shop`, `the name \`shop_${name}\` is no DNS label`));
    expect(issueLines(issues)).toEqual(['dev/shop (main.ts:7): in dev, prod: the name `shop_dev` is no DNS label']);
  });
});

describe('mistakes are told apart', () => {
  test.for([
    ['of other lines', [port('dev/shop/db'), port('prod/shop/db', { line: 8 })]],
    ['of other kinds', [port('dev/shop/db'), port('prod/shop/db', { code: 'bad-port' })]],
    ['of other words', [port('dev/shop/db'), issue('prod/shop/db', 'port `sqlll` is not declared by `prod/shop/db`')]],
    ['with another hint', [port('dev/shop/db'), port('prod/shop/db', { hint: 'nothing' })]],
    ['of other constructs of one scope', [issue('dev/shop/web', 'no labels'), issue('dev/shop/db', 'no labels')]],
    [
      'whose names only contain that of the environment',
      [issue('a/shop', '`xa` is no label'), issue('b/shop', '`xb` is no label')],
    ],
    [
      'without a line, which may be of any declaration',
      ['dev/shop', 'prod/shop'].map((construct) => ({ ...issue(construct, 'none'), place: { construct } })),
    ],
    ['of manifests', [4, 5].map((line) => ({ code: 'x', message: 'none', place: { file: 'a.yaml', line } }))],
  ] as const)('%s', ([, issues]) => {
    expect(issueLines(issues)).toHaveLength(2);
  });
});
