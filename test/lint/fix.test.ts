import fc from 'fast-check';
import { dump } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { samePolicies } from '../../lib/lint/same-policies';
import { applyEdits } from '../../lib/model/apply-edits';
import { foundItems } from '../../lib/read/found-items';
import { linted, ruleNamed } from './linted';

/** What `--fix` makes of a text, round by round. */
function fixed(text: string): { text: string; rounds: number } {
  for (let rounds = 0; ; rounds++) {
    const edits = foundItems(linted(text)).flatMap((item) => item.edits);
    const after = applyEdits(text, edits).text;
    if (after === text) return { text, rounds };
    expect(samePolicies('input.yaml', text, after), after).toBe(true);
    text = after;
  }
}

const head = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: web, namespace: shop }\n';

describe('--fix', () => {
  test.for([
    [
      'keeps comments, blank lines and quotes',
      `${head}spec:\n  # who\n  podSelector: {}   # all\n\n  # what\n  egress:\n    - to:\n        - ipBlock: { cidr: '10.0.0.1/8' } # ours\n`,
      `${head}spec:\n  # who\n  podSelector: {}   # all\n  policyTypes: [Ingress, Egress]\n\n  # what\n  egress:\n    - to:\n        - ipBlock: { cidr: '10.0.0.0/8' } # ours\n`,
    ],
    [
      'keeps CRLF',
      `${head}spec:\n  ingress: []\n`.replaceAll('\n', '\r\n'),
      `${head}spec:\n  podSelector: {}\n  policyTypes: [Ingress]\n  ingress: []\n`.replaceAll('\n', '\r\n'),
    ],
    [
      'writes what is missing into a text on one line',
      `${head}spec: {}\n`,
      `${head}spec: { podSelector: {}, policyTypes: [Ingress] }\n`,
    ],
    [
      'fills in a key without a value',
      `${head}spec:\n  podSelector:\n  policyTypes: # all\n  - Ingress\n`,
      `${head}spec:\n  podSelector: {}\n  policyTypes: # all\n  - Ingress\n`,
    ],
    [
      'does not take a comment away with an entry',
      `${head}spec:\n  podSelector: {}\n  policyTypes: [Ingress]\n  ingress:\n  - from:\n    - podSelector: {}\n    # the pods of web\n    - podSelector: { matchLabels: { app: web } }\n`,
      undefined,
    ],
    [
      'does not change what an alias shares',
      `${head}spec:\n  podSelector: {}\n  policyTypes: [Egress]\n  egress:\n  - to: &us\n    - ipBlock: { cidr: 10.0.0.1/8 }\n    ports: [{ port: 1 }]\n  - to: *us\n    ports: [{ port: 2 }]\n`,
      undefined,
    ],
    [
      'mends other documents of a text with an alias',
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, labels: { a: &us web, b: *us } }\n---\n${head}spec: { policyTypes: [Ingress] }\n`,
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, labels: { a: &us web, b: *us } }\n---\n${head}spec: { podSelector: {}, policyTypes: [Ingress] }\n`,
    ],
    [
      'mends exceptions as it does ranges, whatever list they are in',
      `${head}spec:\n  podSelector: {}\n  policyTypes: [Egress]\n  egress:\n  - to:\n    - ipBlock:\n        cidr: 10.0.0.0/8\n        except:\n        - 10.1.0.1/16 # ours\n        - '010.2.0.0/16'\n`,
      `${head}spec:\n  podSelector: {}\n  policyTypes: [Egress]\n  egress:\n  - to:\n    - ipBlock:\n        cidr: 10.0.0.0/8\n        except:\n        - 10.1.0.0/16 # ours\n        - '10.2.0.0/16'\n`,
    ],
    [
      'leaves values of several lines as they are',
      `${head}spec:\n  podSelector: {}\n  policyTypes: [Egress]\n  egress:\n  - to:\n    - ipBlock:\n        cidr: >-\n          10.0.0.1/8\n    - ipBlock:\n        cidr: |-\n          11.0.0.1/8\n    - ipBlock: { cidr: "12.0.0.\\\n        1/8" }\n`,
      undefined,
    ],
    [
      'leaves an egress rule whose being there isolates',
      `${head}spec:\n  podSelector: {}\n  policyTypes: [Ingress, Egress]\n  egress:\n  - to: [{ podSelector: {} }]\n  - to: [{ podSelector: {} }]\n`,
      `${head}spec:\n  podSelector: {}\n  policyTypes: [Ingress, Egress]\n  egress:\n  - to: [{ podSelector: {} }]\n`,
    ],
    [
      'works in lists of objects and in JSON',
      `{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"a","namespace":"shop"},"spec":{"policyTypes":["Egress"],"egress":[{"to":[{"ipBlock":{"cidr":"10.0.0.1/8"}}]}]}}]}`,
      `{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"a","namespace":"shop"},"spec":{"podSelector": {}, "policyTypes":["Egress"],"egress":[{"to":[{"ipBlock":{"cidr":"10.0.0.0/8"}}]}]}}]}`,
    ],
  ] as const)('%s', ([, text, expected]) => expect(fixed(text).text).toBe(expected ?? text));

  test.for([
    ['the value is written over several lines', 'cidr: >-\n          10.0.0.1/8\n'],
    [
      'part of the document stands elsewhere too, by an alias',
      'cidr: 10.0.0.1/8\n    - ipBlock: { cidr: &us 11.0.0.0/8 }\n    - ipBlock: { cidr: *us }\n',
    ],
  ] as const)('says what it leaves: %s', ([reason, block]) => {
    const text = `${head}spec:\n  podSelector: {}\n  policyTypes: [Egress]\n  egress:\n  - to:\n    - ipBlock:\n        ${block}`;
    const [item] = foundItems(linted(text, [ruleNamed('no-host-bits')]));
    expect([item?.edits, item?.notFixed]).toEqual([[], reason]);
  });

  const selector = fc.constantFrom({}, { matchLabels: { app: 'web' } }, { matchLabels: { app: 'api' } });
  const peer = fc.oneof(
    selector.map((podSelector) => ({ podSelector })),
    fc.constantFrom('10.0.0.1/8', '10.0.0.0/8', '010.1.0.0/16', '::1/64').map((cidr) => ({ ipBlock: { cidr } })),
  );
  const port = fc.constantFrom(
    { port: 80 },
    { port: 80, protocol: 'TCP' },
    { port: 1, endPort: 100 },
    { port: 'http' },
  );
  const rule = (list: 'from' | 'to') =>
    fc.record(
      { [list]: fc.array(peer, { minLength: 1, maxLength: 3 }), ports: fc.array(port, { minLength: 1, maxLength: 3 }) },
      { requiredKeys: [list] },
    );
  const spec = fc.record(
    {
      podSelector: fc.oneof(selector, fc.constant(null)),
      policyTypes: fc.constantFrom(['Ingress'], ['Egress'], ['Ingress', 'Egress'], [], null),
      ingress: fc.array(rule('from'), { maxLength: 3 }),
      egress: fc.array(rule('to'), { maxLength: 3 }),
    },
    { requiredKeys: [] },
  );
  const policies = fc.array(
    fc.record({
      spec,
      flowLevel: fc.constantFrom(-1, 1, 2, 3, 4, 5),
      comments: fc.array(fc.nat(20), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 3 },
  );

  test('changes no meaning, keeps every comment, and leaves nothing that it could mend, whatever the text looks like', () => {
    let mended = 0;
    fc.assert(
      fc.property(policies, fc.constantFrom('\n', '\r\n'), (list, lineBreak) => {
        const texts = list.map(({ spec: own, flowLevel, comments }, i) => {
          const metadata = { name: `p${i}`, namespace: 'shop' };
          const lines = dump(
            { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec: own },
            { flowLevel, noRefs: true },
          ).split('\n');
          for (const at of comments) if (at < lines.length - 1) lines[at] += ` # note ${at}`;
          return lines.join(lineBreak);
        });
        const text = texts.join(`---${lineBreak}`);
        const after = fixed(text);
        if (after.rounds > 0) mended++;
        const notes = (of: string) => of.match(/# note \d+/g) ?? [];
        expect(notes(after.text)).toEqual(notes(text));
        expect(after.text.replaceAll(lineBreak, '').includes('\n')).toBe(false);
      }),
      { numRuns: 60 },
    );
    expect(mended).toBeGreaterThan(20);
  });
});
