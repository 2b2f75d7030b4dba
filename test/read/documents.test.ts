import { describe, expect, it, test } from 'vitest';
import { clusterOf, policyText, problemsOf } from './reading';

const names = (text: string) => clusterOf(text).policies.map(({ name }) => name);
const lines = (text: string) => clusterOf(text).policies.map(({ place }) => place.line);
const policy = (name: string) => policyText('{podSelector: {}}', name);

const object = (name: string) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name },
});
const json = (name: string) => JSON.stringify(object(name));
const indented = (name: string) => JSON.stringify(object(name), undefined, 2);

describe('one text holds many objects', () => {
  test.for([
    ['separated by lines of dashes', `${policy('a')}---\n${policy('b')}`, ['a', 'b'], [1, 6]],
    ['after comments and empty documents', `# x\n---\n---\n# Source: chart\n${policy('a')}---\n`, ['a'], [5]],
    ['with a comment on the line of dashes', `--- # one\n${policy('a')}--- # two\n${policy('b')}`, ['a', 'b'], [2, 7]],
    [
      'on the line of dashes itself',
      '--- {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}}\n',
      ['a'],
      [1],
    ],
    ['ended by dots', `${policy('a')}...\n---\n${policy('b')}...\n`, ['a', 'b'], [1, 7]],
    ['after a directive', `%YAML 1.1\n---\n${policy('a')}...\n%YAML 1.1\n---\n${policy('b')}`, ['a', 'b'], [3, 10]],
    ['with line breaks of Windows', `${policy('a')}---\n${policy('b')}`.replaceAll('\n', '\r\n'), ['a', 'b'], [1, 6]],
    ['after a byte order mark', `\uFEFF${policy('a')}---\n${policy('b')}`, ['a', 'b'], [1, 6]],
    [
      'in a List',
      `kind: List\napiVersion: v1\nitems:\n- ${policy('a').trim().replaceAll('\n', '\n  ')}\n- ${policy('b').trim().replaceAll('\n', '\n  ')}\n`,
      ['a', 'b'],
      [4, 8],
    ],
    [
      'in a list of one kind, which items do not repeat',
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicyList\nitems:\n- metadata: {name: a}\n- metadata: {name: b}\n',
      ['a', 'b'],
      [4, 5],
    ],
    [
      'in a List inside a List',
      `{kind: List, items: [{kind: List, items: [{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy,\n metadata: {name: a}}]}]}`,
      ['a'],
      [1],
    ],
    [
      'as JSON',
      `{\n\t"apiVersion": "networking.k8s.io/v1",\n\t"kind": "NetworkPolicy",\n\t"metadata": {"name": "a\\u002db"}\n}\n`,
      ['a-b'],
      [1],
    ],
    [
      'with brackets and quotes that are closed further left, as kubectl takes them',
      `kind: A\ndata:\n  config: '{\n    a\n  }'\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {\nname: a\n}\nspec: {\n  podSelector: {\n  }\n}\n---\n${policy('b')}`,
      ['a', 'b'],
      [7, 17],
    ],
    ['as JSON objects in a row', `${json('a')}\n${json('b')}\n`, ['a', 'b'], [1, 2]],
    ['as JSON objects without a blank between them', json('a') + json('b'), ['a', 'b'], [1, 1]],
    ['as indented JSON objects in a row', `\uFEFF${indented('a')}\r\n${indented('b{"}')}`, ['a', 'b{"}'], [1, 8]],
    ['as JSON objects in a row, and YAML', `${json('a')}${json('b')}\n---\n${policy('c')}`, ['a', 'b', 'c'], [1, 1, 3]],
  ] as const)('%s', ([, text, expectedNames, expectedLines]) => {
    expect(names(text)).toEqual(expectedNames);
    expect(lines(text)).toEqual(expectedLines);
  });

  it('with anchors, aliases and merge keys', () => {
    const text = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: a}
x: &base {matchLabels: &labels {app: web}}
spec:
  podSelector: {<<: *base}
  ingress:
    - from: [{podSelector: {matchLabels: *labels}}]
`;
    expect(problemsOf(() => clusterOf(text))).toEqual([
      'all.yaml:4 x: NetworkPolicy `default/a`: there is no such field; the API server refuses it; correct the manifest',
    ]);
    const inline = text
      .replace(/^x:.*\n/m, '')
      .replace('{<<: *base}', '&base {matchLabels: &labels {app: web}}')
      .replace('{matchLabels: *labels}', '{<<: *base}');
    expect(clusterOf(inline).policies[0]?.rules[0]?.peers).toMatchObject([
      { pods: clusterOf(inline).policies[0]?.pods },
    ]);
  });

  it('with merge keys between keys that they do not give, or above those that they do', () => {
    const labels = '{x: a, <<: [{app: web, z: b}, {app: db}], app: shop}';
    const text = policyText(`{podSelector: {matchLabels: ${labels}}}`, 'a');
    expect(clusterOf(text).policies[0]?.pods.toString()).toBe('app=shop,x=a,z=b');
  });

  it('one bad JSON object of many in a row is named by its line, and the others are read', () => {
    const text = `${json('a')}\n{"kind": "ConfigMap",, }\n${json('b')}\n{"apiVersion": "v1"}`;
    expect(problemsOf(() => clusterOf(text))).toEqual([
      "all.yaml:2: expected the node content, but found ','; correct the YAML",
      'all.yaml:4: `kind` is missing; an object has apiVersion, kind and metadata',
    ]);
  });

  it('an empty List holds nothing', () => {
    expect(clusterOf('{apiVersion: v1, kind: List, items: null}').skipped.size).toBe(0);
  });

  it('texts of many thousand documents, in order', () => {
    const many = Array.from({ length: 3000 }, (_, i) => `p${i}`);
    const read = clusterOf(many.map(policy).join('---\n')).policies;
    expect(read.map(({ name }) => name)).toEqual(many);
    expect([read[0], read[1499], read[2999]].map((p) => p?.place.line)).toEqual([1, 1499 * 5 + 1, 2999 * 5 + 1]);
  });
});

describe('a scalar is what kubectl reads', () => {
  // Each was given to sigs.k8s.io/yaml 1.6.0.
  test.for([
    ['y', true],
    ['No', false],
    ['on', true],
    ['0777', 511],
    ['-0777', -511],
    ['0o17', 15],
    ['0b11', 3],
    ['-0b11', -3],
    ['0X1F', 31],
    ['1_000', 1000],
    ['08', 8],
    ['1e3', 1000],
    ['1_0.5', 10.5],
    ['.5', 0.5],
    ['1.', 1],
    ['123e456', '123e456'],
    ['_1', '_1'],
    ['2024-01-01', '2024-01-01'],
    ['12:30', '12:30'],
    ['0xg', '0xg'],
    ['=', '='],
    ['!!str 5', '5'],
    ['"5"', '5'],
    ['yEs', 'yEs'],
    ['~', ''],
  ] as const)('%s', ([text, value]) => {
    const read = () =>
      clusterOf(
        `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - ports:\n        - {containerPort: 1, name: ${text}}\n`,
      );
    if (typeof value === 'string') expect(read().workloads[0]?.ports[0]?.name ?? '').toBe(value);
    else
      expect(problemsOf(read)).toEqual([
        expect.stringContaining(`\`${value}\` is of the wrong type: must be a string`),
      ]);
  });
});

describe('every problem is reported at its line, and the other documents are read', () => {
  test.for([
    ['bad YAML', 'a: [1\n', 'all.yaml:7: ', 'correct the YAML'],
    ['a key that is there twice', 'kind: Pod\nkind: Pod\n', 'all.yaml:7: duplicated mapping key', 'correct the YAML'],
    [
      'a template',
      'kind: {{ .Values.kind }}\n',
      'all.yaml:6: this is a template, not YAML: ',
      'render it first, as with `helm template`',
    ],
    ['an alias without anchor', 'a: 1\nb: *a\n', 'all.yaml:7: unidentified alias "a"', 'correct the YAML'],
    ['a tab as indentation', 'a:\n\tb: 1\n', 'all.yaml:7: ', 'correct the YAML'],
    [
      'a document that kubectl does not read, after dots',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n...\n# and\nkind: Pod\n',
      'all.yaml:11: kubectl reads no document after `...`, though other tools do: begin it with a line of `---`',
      'correct the YAML',
    ],
    [
      'a document that kubectl does not read, between lines that end with CR alone',
      'kind: A\r---\rkind: B\n',
      'all.yaml:6: kubectl reads no document after a line that ends with CR alone, though other tools do: ',
      'correct the YAML',
    ],
    [
      'a merge key below a key that it gives: for kubectl it counts more',
      'a: {app: web,\n <<: {app: db}}\n',
      'all.yaml:7: kubectl takes `app` from this `<<`, other tools from above it: write `<<` first, and once',
      'correct the YAML',
    ],
    [
      'a merge key below another one',
      'a: &a {app: db}\nb:\n  <<: {app: web}\n  <<: [{x: y}, *a]\n',
      'all.yaml:9: kubectl takes `app` from this `<<`',
      'correct the YAML',
    ],
    ['a text', 'hello\n', 'all.yaml:6: this is no Kubernetes object', 'an object has apiVersion, kind and metadata'],
    ['no kind', 'apiVersion: v1\n', 'all.yaml:6: `kind` is missing', 'an object has apiVersion, kind and metadata'],
    [
      'neither apiVersion nor kind',
      'replicas: 1\n',
      'all.yaml:6: this is no Kubernetes object',
      'an object has apiVersion',
    ],
    [
      'no name',
      'apiVersion: v1\nkind: Pod\n',
      'all.yaml:6 metadata.name: Pod: a value is missing',
      'the API server refuses it',
    ],
    [
      'a name that is a number',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: 1\n',
      'all.yaml:9 metadata.name: Pod: `1` is of the wrong type',
      '',
    ],
    [
      'no apiVersion',
      'kind: Pod\nmetadata: {name: a}\n',
      'all.yaml:6 apiVersion: Pod `default/a`: a value is missing',
      '',
    ],
  ] as const)('%s', ([, text, start, hint]) => {
    const problems = problemsOf(() => clusterOf([policy('a'), text, policyText('{x: 1}', 'b')].join('---\n')));
    expect(problems[0]).toContain(hint);
    expect(problems[0]?.startsWith(start), problems[0]).toBe(true);
    // That of the document after it.
    expect(problems.at(-1)).toMatch(/^all\.yaml:\d+ spec\.x: NetworkPolicy `shop\/b`: there is no such field/);
  });

  it('in items of a List, by their position', () => {
    const text =
      'kind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {}}\n- apiVersion: v1\n  kind: Pod\n- 5\n';
    expect(problemsOf(() => clusterOf(text)).map((problem) => problem.split(';')[0])).toEqual(
      [
        'all.yaml:4 items[1].metadata.name: Pod: a value is missing: name or generateName is required',
        'all.yaml:6 items[2]: this is no Kubernetes object',
      ].map((problem) => problem.replace(': name or generateName is required', '')),
    );
  });
});

describe('no value runs into the next document', () => {
  test.for([
    ['a list in brackets', 'a: [x,', ['all.yaml:2', 'all.yaml:3', 'all.yaml:8']],
    ['a text in double quotes', 'a: "x', ['all.yaml:2', 'all.yaml:3', 'all.yaml:8']],
    ['a text in single quotes', "a: 'x", ['all.yaml:2', 'all.yaml:3', 'all.yaml:8']],
    ['a bare text', 'x', ['all.yaml:1', 'all.yaml:3', 'all.yaml:8']],
    ['a block of text', '|', ['all.yaml:2', 'all.yaml:3', 'all.yaml:8']],
  ] as const)('%s', ([, text, places]) => {
    const problems = problemsOf(() => clusterOf(`${text}\n---\nb]\n---\n${policyText('{x: 1}')}`));
    expect(problems.map((problem) => problem.split(/:? /)[0])).toEqual(places);
  });
});
