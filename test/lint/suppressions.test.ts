import { describe, expect, test } from 'vitest';
import { lint } from '../../lib/lint/lint';
import { defaultSettings } from '../../lib/lint/settings';
import { readSuppression } from '../../lib/model/suppression';
import { rawManifestsOfTexts } from '../../lib/read/raw-manifests';

const off = ['require-default-deny-ingress', 'require-default-deny-egress', 'no-allow-all-ports'];
const settings = {
  ...defaultSettings('2026-06-01'),
  severities: Object.fromEntries(off.map((id) => [id, 'off' as const])),
};

/** What is found, as `rule`, or `(rule)` where it is accepted, with its line. */
function found(text: string): string[] {
  const input = rawManifestsOfTexts([{ file: 'a.yaml', text }]);
  return lint([input], settings)
    .map(({ rule, suppressed, place }) => `${place.line} ${suppressed ? `(${rule})` : rule}`)
    .sort();
}

const policy = (above: string, rule: string, annotations = '') => `${above}apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop${annotations} }
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to: # the first
        - ipBlock:
            cidr: 10.0.0.1/8
${rule}        - ipBlock:
            cidr: 20.0.0.1/8
`;

describe('a comment', () => {
  test.for([
    [
      'above an entry is about all of the entry',
      policy('', '        # tierwall-ignore no-host-bits: as the provider writes it\n'),
      ['10 no-host-bits', '13 (no-host-bits)'],
    ],
    [
      'at the end of a line is about that line and what is below it',
      policy('', '').replace('# the first', '# tierwall-ignore no-host-bits: as the provider writes it'),
      ['10 (no-host-bits)', '12 (no-host-bits)'],
    ],
    [
      'above a document is about all of it',
      policy('# tierwall-ignore no-host-bits: as the provider writes it\n', ''),
      ['11 (no-host-bits)', '13 (no-host-bits)'],
    ],
    [
      'above the line that begins a document, too',
      policy('# tierwall-ignore no-host-bits: as it is\n---\n', ''),
      ['12 (no-host-bits)', '14 (no-host-bits)'],
    ],
    [
      'holds through the last day that it names',
      policy('# tierwall-ignore no-host-bits until 2026-06-01: soon\n', ''),
      ['11 (no-host-bits)', '13 (no-host-bits)'],
    ],
    [
      'accepts nothing after that, and is found itself',
      policy('# tierwall-ignore no-host-bits until 2026-05-31: soon\n', ''),
      ['1 no-expired-suppression', '11 no-host-bits', '13 no-host-bits'],
    ],
    [
      'accepts nothing without a reason',
      policy('# tierwall-ignore no-host-bits\n', ''),
      ['1 no-malformed-suppression', '11 no-host-bits', '13 no-host-bits'],
    ],
    [
      'accepts nothing with a day that does not exist',
      policy('# tierwall-ignore no-host-bits until 2026-02-30: soon\n', ''),
      ['1 no-malformed-suppression', '11 no-host-bits', '13 no-host-bits'],
    ],
    [
      'that accepts nothing is found',
      policy('# tierwall-ignore no-host-bits, no-any-address: both\n', ''),
      ['1 no-unused-suppression', '11 (no-host-bits)', '13 (no-host-bits)'],
    ],
    [
      'of a rule that does not exist is found',
      policy('# tierwall-ignore no-host-bit: slip\n', ''),
      ['1 no-unused-suppression', '11 no-host-bits', '13 no-host-bits'],
    ],
    [
      'of every rule at once is none, and is found',
      policy('# tierwall-ignore *: all of it\n', ''),
      ['1 no-malformed-suppression', '11 no-host-bits', '13 no-host-bits'],
    ],
    [
      'is none inside a text',
      `${policy('', '')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  a: |\n    # tierwall-ignore no-host-bits: not here\n`,
      ['10 no-host-bits', '12 no-host-bits'],
    ],
    [
      'is about its own document alone',
      `${policy('# tierwall-ignore no-host-bits: this\n', '')}---\n${policy('', '').replace('name: web', 'name: other')}`,
      ['11 (no-host-bits)', '13 (no-host-bits)', '24 no-host-bits', '26 no-host-bits'],
    ],
  ] as const)('%s', ([, text, expected]) => {
    const others = found(text).filter((line) => !/no-duplicate-policy|no-redundant/.test(line));
    expect(others).toEqual([...expected].sort());
    expect(
      found(text.replaceAll('\n', '\r\n')).filter((line) => !/no-duplicate-policy|no-redundant/.test(line)),
    ).toEqual([...expected].sort());
  });
});

test.for([
  '# Tierwall-Ignore',
  '# TIERWALL-IGNORE',
  '# tierwall:ignore',
  '# tierwall_ignore',
  '# tierwall.ignore',
  '# tierwall ignore',
  '#tierwallignore',
  '## tierwall-ignore',
  '# @tierwall-ignore',
  '# tierwall-ignored',
  '# tierwall-ingore',
  '# tierwall-ignore-next-line',
  '# tierwall-disable',
  '# tierwall-suppress',
])('a comment `%s` accepts nothing, and is found, since its author believes that it does', (word) => {
  expect(found(policy(`${word} no-host-bits: slip\n`, ''))).toEqual(
    ['1 no-malformed-suppression', '11 no-host-bits', '13 no-host-bits'].sort(),
  );
});

test.for([
  '# written by tierwall; tierwall-ignore is explained there',
  '# tierwall init made this file',
  '# tierwall-web is the policy of web',
  '# tierwall allows what the code declares',
])('a comment `%s` is prose', (comment) => {
  expect(found(policy(`${comment}\n`, ''))).toEqual(['11 no-host-bits', '13 no-host-bits']);
});

describe('an annotation', () => {
  test.for(['tierwall.dev/Ignore', 'tierwall.dev/ignores', 'tierwall.io/ignore', 'tierwall/suppress'])(
    '%s is no word that is known, and is found',
    (key) => {
      const annotations = `, annotations: { ${key}: "no-host-bits: as it is" }`;
      expect(found(policy('', '', annotations))).toEqual(
        ['10 no-host-bits', '12 no-host-bits', '3 no-malformed-suppression'].sort(),
      );
    },
  );

  test('is about its object, a line for each rule', () => {
    const annotations = ', annotations: { tierwall.dev/ignore: "no-host-bits: as it is\\nno-any-address: never" }';
    expect(found(policy('', '', annotations))).toEqual(
      ['10 (no-host-bits)', '12 (no-host-bits)', '3 no-unused-suppression'].sort(),
    );
  });
});

test.for([
  ['no-host-bits', 'it gives no reason'],
  ['no-host-bits until 2026-06-30', 'it gives no reason'],
  ['no-host-bits: ', 'it gives no reason'],
  ['no-host-bits until tomorrow: x', '`tomorrow` is no day'],
  ['because I say so: x', 'it names no rule'],
] as const)('`%s` is told what it lacks: %s', ([text, problem]) => {
  expect(readSuppression(text, 'comment', {}).problem).toBe(problem);
});
