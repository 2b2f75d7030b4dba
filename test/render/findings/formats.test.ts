import { describe, expect, test } from 'vitest';
import type { FindingReport } from '../../../lib/model/finding-report';
import { findingsToGithub } from '../../../lib/render/findings/github';
import { findingsToGitlab } from '../../../lib/render/findings/gitlab';
import { findingsToJson } from '../../../lib/render/findings/json';
import { findingsToJunit } from '../../../lib/render/findings/junit';
import { findingsToMd } from '../../../lib/render/findings/md';
import { findingsToSarif } from '../../../lib/render/findings/sarif';
import { findingsToTxt } from '../../../lib/render/findings/txt';
import { plain } from '../../../lib/render/paint';
import { findingsSchema } from '../../../lib/render/schema/findings-schema';
import { schemaErrors } from '../../support/json-schema';
import { sarifErrors } from '../../support/sarif';
import { reportOf, reportSaying } from './report';

const hostile = 'a\u001b[31m `b` | <c> & "d",:%\n::error::e\r\u202e\ud800 @f';
describe('findings as text', () => {
  test('show what is wrong, the line with the place underlined, why, and what to do', () => {
    expect(findingsToTxt(reportOf(), plain)).toMatchInlineSnapshot(`
      "warning[require-pod-selector] policy \`shop/web\` has no \`podSelector\`: it selects every pod of \`shop\`
        ╰ input.yaml:4:1 spec
      3 │ metadata: { name: web, namespace: shop }
      4 │ spec:
        │ ^^^^^
        why The API server accepts it without a word: a selector that was forgotten, or lost in a template, isolates and opens all pods.
        see NSA-CISA-pod-selection Network policies: select pods by podSelector, namespaceSelector, or both
        do  write \`podSelector: {}\` if every pod is meant (--fix does)

      warning[no-host-bits] \`10.0.0.1/8\` is the range \`10.0.0.0/8\`
        ╰ input.yaml:9:13 spec.egress[0].to[0].ipBlock.cidr
      8 │         - ipBlock:
      9 │             cidr: 10.0.0.1/8
        │             ^^^^^^^^^^^^^^^^
        why Whoever reads \`10.0.0.1/8\` may take it for one host, where it is the whole of 10.0.0.0/8. Newer API servers refuse it.
        do  write \`10.0.0.0/8\`, or \`10.0.0.1/32\` if one address is meant (--fix does)

      2 warnings in 1 policy and 0 workloads; --fix mends 2 of them
      "
    `);
  });

  test.for([
    ['text', (report: FindingReport) => findingsToTxt(report, plain), '╰ dev/shop/db (main.ts:9), in dev, prod\n'],
    ['Markdown', findingsToMd, '`dev/shop/db (main.ts:9), in dev, prod`'],
  ] as const)(
    'name the environments of what one line has wrong in several, once, in %s; JSON has each',
    ([, render, where]) => {
      const { items, ...report } = reportOf();
      const [item] = items;
      const own = (environment: string) => ({
        ...item!,
        message: `policy \`shop-${environment}/db\` is long`,
        place: { construct: `${environment}/shop/db`, file: 'main.ts', line: 9 },
        excerpt: [],
      });
      const several = { ...report, items: [own('dev'), own('prod'), { ...own('prod'), rule: 'no-host-bits' }] };
      const text = render(several);
      expect(text).toContain(where);
      expect(text.split('policy `shop-dev/db` is long')).toHaveLength(2);
      expect(text.split('policy `shop-prod/db` is long')).toHaveLength(2);
      expect(text).toContain('3 warnings in');
      expect(JSON.parse(findingsToJson(several)).findings).toHaveLength(3);
    },
  );

  test('say so where there are none', () => {
    expect(findingsToTxt({ ...reportOf(), items: [] }, plain)).toBe('no findings in 1 policy and 0 workloads\n');
  });

  test('keep control characters from the terminal', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
    expect(findingsToTxt(reportSaying(hostile), plain)).not.toMatch(/[\u001b\r\u202e]/);
  });
});

describe('findings as JSON', () => {
  test.for([
    ['as they are', reportOf()],
    ['with hostile text', reportSaying(hostile)],
  ] as const)('fit their schema, %s', ([, report]) => {
    expect(schemaErrors(findingsSchema, JSON.parse(findingsToJson(report)))).toEqual([]);
  });
});

describe('findings as SARIF', () => {
  test.for([
    ['as they are', reportOf()],
    ['with hostile text', reportSaying(hostile)],
  ] as const)('fit the schema of SARIF 2.1.0, %s', ([, report]) =>
    expect(sarifErrors(findingsToSarif(report, '1.2.3'))).toBe(null),
  );

  test('are told from what does not fit it', () => {
    const text = findingsToSarif(reportOf(), '1.2.3').replaceAll('"warning"', '"grave"');
    expect(sarifErrors(text)).not.toBe(null);
  });

  test('name their rule, place and fix; what is accepted is none, since code scanning would alert of it', () => {
    const report = reportOf();
    const accepted = report.items.map((item) => ({
      ...item,
      suppressed: { by: 'comment', reason: 'as agreed' } as const,
    }));
    const { runs } = JSON.parse(findingsToSarif({ ...report, items: [...report.items, ...accepted] }, '1.2.3'));
    const [{ tool, results }] = runs;
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
    expect(results).toHaveLength(report.items.length);
    const cidr = results.find(({ ruleId }: { ruleId: string }) => ruleId === 'no-host-bits');
    expect(cidr.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'input.yaml', uriBaseId: 'SRCROOT' },
      region: { startLine: 9, startColumn: 13, endLine: 9, endColumn: 29 },
    });
    expect(cidr.fixes[0].artifactChanges[0].replacements[0].insertedContent).toEqual({ text: '10.0.0.0/8' });
  });
});

describe('findings as annotations of GitHub', () => {
  test('are a workflow command each, and none comes from the text', () => {
    expect(findingsToGithub(reportOf()).split('\n')).toContain(
      '::warning file=input.yaml,line=9,endLine=9,col=13,endColumn=29,title=no-host-bits::`10.0.0.1/8` is the range `10.0.0.0/8`%0Awrite `10.0.0.0/8`, or `10.0.0.1/32` if one address is meant',
    );
    expect(findingsToGithub(reportSaying(hostile)).trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('findings as code quality of GitLab', () => {
  test('have what GitLab needs, and a fingerprint of their own', () => {
    const list = JSON.parse(findingsToGitlab(reportOf())) as { fingerprint: string }[];
    expect(list.length).toBeGreaterThan(1);
    expect(new Set(list.map(({ fingerprint }) => fingerprint)).size).toBe(list.length);
    expect(list).toContainEqual({
      description: expect.stringContaining('is the range'),
      check_name: 'no-host-bits',
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
      severity: 'major',
      location: { path: 'input.yaml', lines: { begin: 9 } },
    });
  });
});

describe('findings as JUnit', () => {
  test('fail no test for what is only to be known', () => {
    const { items, ...report } = reportOf();
    const text = findingsToJunit({ ...report, items: items.map((item) => ({ ...item, severity: 'info' as const })) });
    expect(text).toContain('failures="0" errors="0">');
    expect(text).not.toContain('<failure');
    expect(text).toContain('<system-out>');
  });

  test.for([
    ['as they are', reportOf()],
    ['with hostile text', reportSaying(hostile)],
  ] as const)('are well-formed, %s', ([, report]) => {
    const text = findingsToJunit(report);
    const tags = [...text.matchAll(/<(\/?)([a-z]+)(?:\s+[a-z]+="[^"<]*")*\s*(\/?)>/g)];
    const open: string[] = [];
    for (const [, end, name, alone] of tags) {
      if (end) expect(open.pop()).toBe(name);
      else if (!alone) open.push(name!);
    }
    expect(open).toEqual([]);
    expect(text.replace(/<\?xml[^>]*>|<(\/?)([a-z]+)(?:\s+[a-z]+="[^"<]*")*\s*(\/?)>/g, '')).not.toMatch(
      /[<>]|&(?!amp;|lt;|gt;|quot;)/,
    );
    const [, tests] = /<testsuites [^>]*tests="(\d+)"/.exec(text) ?? [];
    expect(text.match(/<testcase /g)).toHaveLength(Number(tests));
    expect(text.match(/<failure /g)).toHaveLength(report.items.length);
  });
});

describe('findings as Markdown', () => {
  test('are a row each, whatever they say', () => {
    for (const report of [reportOf(), reportSaying(hostile)]) {
      const rows = findingsToMd(report)
        .split('\n')
        .filter((line) => /^\| (?:error|warning|info) /.test(line));
      expect(rows).toHaveLength(report.items.length);
      for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(6);
    }
    expect(findingsToMd(reportSaying(hostile)).replace(/`[^`]*`/g, '')).not.toMatch(/<c>|@f/);
  });
});

describe('a fingerprint', () => {
  test('stays when lines are added above, and tells alike findings apart', () => {
    const text =
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: a }\nspec: { policyTypes: [Ingress] }\n';
    const before = reportOf(`${text}---\n${text}`).items.map(({ fingerprint }) => fingerprint);
    expect(new Set(before).size).toBe(before.length);
    expect(reportOf(`# later\n\n${text}---\n${text}`).items.map(({ fingerprint }) => fingerprint)).toEqual(before);
  });
});
