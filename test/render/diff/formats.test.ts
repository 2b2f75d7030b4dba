import { describe, expect, it } from 'vitest';
import { judgeDiff } from '../../../lib/analysis/diff/gate';
import { changeStep } from '../../../lib/check/change-step';
import type { DiffListing } from '../../../lib/model/diff-listing';
import type { RiskId } from '../../../lib/model/risk';
import { diffToCsv } from '../../../lib/render/diff/csv';
import { findingsOfDiff } from '../../../lib/render/diff/findings';
import { diffToDot, diffToMermaid } from '../../../lib/render/diff/graph';
import { diffToMd } from '../../../lib/render/diff/md';
import { findingsToSarif } from '../../../lib/render/findings/sarif';
import { sarifErrors } from '../../support/sarif';
import { after, before, diffOf, policy, type Texts, workload } from './changes';

const listing = diffOf(before, after);

describe('a difference as a comment of a pull request', () => {
  it('says the verdict first, and folds the rest', () => {
    expect(diffToMd(listing)).toMatchInlineSnapshot(`
      "<!-- tierwall diff -->

      ### Network: the meaning changes

      - more is let through between 5 pairs of workloads
      - 2 workloads may talk to, or be reached from, more addresses outside, public ones among them
      - less is let through between 1 pair of workloads
      - 1 workload new

      Risks:

      - **widened** (7): something is let through that was not
      - **internet** (1): more is let through to or from public addresses
      - **unknown** (4): it cannot be said what is let through, where it could be said before, or whether that changed
      - **narrowed** (1): something is no longer let through, which may be in use

      <details><summary>More is let through (3)</summary>

      | From | To | Ports | Cause |
      | --- | --- | --- | --- |
      | \`shop/frontend\` | \`shop/redis\` | \`6379/TCP\` | by shop/redis ingress\\[1\\] \\(redis.yaml:9\\) |
      | \`203.0.113.0/24\` | \`shop/cart\` | \`any port\` | by shop/cart ingress\\[1\\] \\(cart.yaml:9\\) |
      | \`shop/search\` | \`any address\` | \`any port\` | as Deployment shop/search \\(workloads.yaml:28\\) is new |

      </details>

      <details><summary>More of one, less of another (1)</summary>

      | From | To | Ports | Cause |
      | --- | --- | --- | --- |
      | \`shop/frontend\` | \`shop/cart\` | \`+9090/TCP\`<br>\`+(any port but 7070/TCP 9090/TCP) perhaps\`<br>\`-7070/TCP perhaps\` | does an ipBlock match the address of a pod? \\(shop/cart ingress\\[1\\]\\)<br>by shop/cart ingress\\[0\\] \\(cart.yaml:7\\)<br>by shop/cart ingress\\[1\\] \\(cart.yaml:9\\)<br>no longer by shop/cart ingress\\[0\\] \\(cart.yaml:7\\) |

      </details>

      <details><summary>Another certainty, where the API leaves it open (1)</summary>

      | From | To | Ports | Cause |
      | --- | --- | --- | --- |
      | \`shop/* but frontend\` | \`shop/cart\` | \`any port perhaps\` | does an ipBlock match the address of a pod? \\(shop/cart ingress\\[1\\]\\)<br>by shop/cart ingress\\[1\\] \\(cart.yaml:9\\) |

      </details>

      <details><summary>Workloads (1)</summary>

      - new: \`shop/search\`

      </details>

      <details><summary>Notes (2)</summary>

      - policies: shop/cart, shop/redis with other rules
      - 12 boxes of connections compared in 1 namespace

      </details>
      "
    `);
  });

  it('is short where nothing changes', () => {
    expect(diffToMd(diffOf(before, before))).toMatchInlineSnapshot(`
      "<!-- tierwall diff -->

      ### Network: no change in meaning

      Proved for the workloads given, and over every pod, namespace, port and address that could exist.

      <details><summary>Notes (1)</summary>

      - 1 namespace with the same rules in both

      </details>
      "
    `);
  });

  it('fits a comment of GitHub, and says what it leaves out', () => {
    const many = Array.from({ length: 900 }, (_, i) => `\u{1f512}${'name'.repeat(8)}-${i}`);
    const workloads: Texts = {
      'workloads.yaml': many.map((name) => workload(name.replace('\u{1f512}', 'w'))).join('---\n'),
    };
    const large = diffOf({ 'deny.yaml': before['deny.yaml']! }, workloads);
    const rows = Array.from({ length: 900 }, (_, i) => ({
      ...listing.connections[0]!,
      sources: [{ ...listing.workloads.added[0]!, id: many[i]! }],
    }));
    const text = diffToMd({ ...large, connections: rows });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_536);
    expect(Buffer.byteLength(text)).toBeGreaterThan(60_000);
    expect(text).toMatch(/… and \d+ more: `--output json` has all of them\./);
    expect(text.match(/<details>/g)).toHaveLength(text.match(/<\/details>/g)!.length);
  });

  it('lets no name leave its cell', () => {
    const hostile = JSON.parse(
      JSON.stringify(listing).replaceAll('shop/redis', 'shop/<img src=x>|`@all`'),
    ) as DiffListing;
    const text = diffToMd(hostile);
    expect(text).not.toContain('<img');
    expect(text.split('\n').filter((line) => line.startsWith('|') && line.split(/(?<!\\)\|/).length !== 6)).toEqual([]);
  });
});

describe('a difference for spreadsheets', () => {
  it('is a record for each two ends, with the ports on both sides and the causes', () => {
    expect(diffToCsv(listing).split('\r\n').slice(0, 3)).toMatchInlineSnapshot(`
      [
        "change,from,to,before,unknown before,after,unknown after,because,causes",
        "added,shop/cart,shop/cart,,,,*,does an ipBlock match the address of a pod?,by shop/cart ingress[1] (cart.yaml:9)",
        "added,shop/redis,shop/cart,,,,*,does an ipBlock match the address of a pod?,by shop/cart ingress[1] (cart.yaml:9)",
      ]
    `);
  });
});

describe('a difference as a picture', () => {
  it('marks additions and removals, and workloads that are new', () => {
    expect(diffToMermaid(listing)).toMatchInlineSnapshot(`
      "flowchart LR
        subgraph ns0["shop"]
          n0[["#42; but frontend (3)"]]
          n1("cart")
          n2("frontend")
          n3("redis")
          n5("search (new)")
        end
        n4(["203.0.113.0/24"])
        n6(["any address"])
        n0 -.->|"any port perhaps ?"| n1
        n2 -->|"+9090/TCP, +(any port but 7070/TCP 9090/TCP) perhaps, -7070/TCP perhaps"| n1
        n2 ==>|"+6379/TCP"| n3
        n4 ==>|"+any port"| n1
        n5 ==>|"+any port"| n6
        linkStyle 1 stroke:#9a6700
        linkStyle 2 stroke:#1a7f37
        linkStyle 3 stroke:#1a7f37
        linkStyle 4 stroke:#1a7f37
      "
    `);
    const dot = diffToDot(diffOf(after, before));
    expect(dot).toContain('label="search (gone)"');
    expect(dot).toMatch(/label="-6379\/TCP", style=dashed/);
  });
});

describe('a difference of policies without workloads', () => {
  const listing = diffOf(
    { 'deny.yaml': before['deny.yaml']! },
    { 'deny.yaml': before['deny.yaml']!, 'open.yaml': policy('deny-less', '  ingress: [{ports: [{port: 80}]}]\n') },
  );

  it('is no empty table or graph', () => {
    const ends = 'any pod of any namespace,any pod of shop';
    expect(diffToCsv(listing)).toContain(
      `added,${ends},,,80/TCP,,"any pod that could exist, ingress alone",by shop/deny-less`,
    );
    expect(diffToDot(listing)).toContain('+80/TCP, ingress alone');
    expect(diffToMermaid(listing)).toContain('any address');
  });
});

describe('the risks of a difference as findings', () => {
  it('are one for each row, of the gravest of its risks, at the line that causes it', () => {
    const { items, rules } = findingsOfDiff(listing);
    expect(
      items.map(({ rule, severity, message, place }) => [rule, severity, message, `${place.file}:${place.line}`]),
    ).toMatchInlineSnapshot(`
      [
        [
          "internet",
          "error",
          "more is let through from shop/search to any address: any port (also widened)",
          "workloads.yaml:28",
        ],
        [
          "unknown",
          "warning",
          "it is less certain what is let through from shop/* but frontend to shop/cart: any port perhaps (also widened)",
          "cart.yaml:9",
        ],
        [
          "unknown",
          "warning",
          "other ports are let through from shop/frontend to shop/cart: +9090/TCP +(any port but 7070/TCP 9090/TCP) perhaps -7070/TCP perhaps (also widened, narrowed)",
          "cart.yaml:7",
        ],
        [
          "widened",
          "warning",
          "more is let through from shop/frontend to shop/redis: 6379/TCP",
          "redis.yaml:9",
        ],
        [
          "widened",
          "warning",
          "more is let through from 203.0.113.0/24 to shop/cart: any port",
          "cart.yaml:9",
        ],
      ]
    `);
    expect(rules).toHaveLength(9);
    expect(new Set(items.map(({ fingerprint }) => fingerprint)).size).toBe(items.length);
  });

  it('are SARIF that code scanning takes', () => {
    const text = findingsToSarif(findingsOfDiff(listing), '1.0.0');
    expect(sarifErrors(text)).toBeNull();
    expect(text).toContain('"startLine": 9');
  });

  it('are told by a risk that is asked for, though the row carries a graver one', () => {
    const widened = listing.risks.find(({ id }) => id === 'widened')!.rows;
    const failures = [{ risk: 'widened', count: 1, budget: 0 }] as const;
    const gate = { verdict: 'failed', failures, approved: [], open: [], idle: [] } as const;
    const { items } = changeStep([{ ...listing, gate }], 'main', 'gated');
    expect(items.map(({ rule }) => rule)).toEqual(widened.map(() => 'widened'));
  });

  it('propose to approve what they show, workload by workload, and tell what approvals leave of it', () => {
    const spec = (label: string) =>
      policy('x', '  policyTypes: [Egress]\n  egress: [{to: [{ipBlock: {cidr: 8.8.8.0/24}}]}]\n').replace(
        'matchLabels: {app: x}',
        label,
      );
    const shop = ['web', 'api', 'db'].map((name) => workload(name)).join('---\n');
    const files = { 'shop.yaml': shop, 'lab.yaml': workload('probe').replace('namespace: shop', 'namespace: lab') };
    const deny = policy('deny', '  policyTypes: [Ingress, Egress]\n');
    const inLab = (text: string) => text.replace('namespace: shop', 'namespace: lab');
    const old = { ...files, 'deny.yaml': deny, 'deny-lab.yaml': inLab(deny) };
    const joined = diffOf(old, {
      ...old,
      'open.yaml': spec('matchExpressions: [{key: app, operator: In, values: [web, api]}]'),
      'open-lab.yaml': inLab(spec('matchLabels: {app: probe}')),
    });
    const itemsOf = (failOn: readonly RiskId[], at: readonly string[]) => {
      const approvals = at.map((where) => ({ risk: 'internet', at: where, because: 'so', place: {} }) as const);
      const gate = judgeDiff(joined, { failOn, budgets: {} }, approvals, '2026-06-01');
      return changeStep([{ ...joined, gate }], 'main', 'gated').items;
    };
    const told = (...at: string[]) =>
      itemsOf(['internet'], at).map(({ message, hint }) => [
        /from (.*) to /.exec(message)?.[1],
        [...hint.matchAll(/Tierwall-Approve: (.*?) because/g)].map(([, what]) => what),
        [...hint.matchAll(/risk: internet, at: '(.*?)', because/g)].map(([, where]) => `internet at ${where}`),
      ]);
    const all = ['internet at lab/probe', 'internet at shop/api', 'internet at shop/web'];
    expect(told()).toEqual([['lab/probe, shop/api, shop/web', all, all]]);
    expect(told('shop/api')).toEqual([['lab/probe, shop/web', [all[0], all[2]], [all[0], all[2]]]]);
    expect(told('shop/api', 'lab/probe', 'shop/web')).toEqual([]);
    const rules = (...at: string[]) => itemsOf(['internet', 'widened'], at).map(({ rule }) => rule);
    expect([rules('shop/api'), rules('shop/*', 'lab/*')]).toEqual([['internet'], ['widened']]);
  });

  it('are suppressed where they are approved', () => {
    const approval = { risk: 'internet', because: 'crawling', place: {} } as const;
    const rows = listing.risks.find(({ id }) => id === 'internet')!.rows;
    const gate = {
      verdict: 'passed',
      failures: [],
      approved: [{ approval, count: 1, rows }],
      open: [],
      idle: [],
    } as const;
    const { items } = findingsOfDiff({ ...listing, gate });
    expect(
      items.filter(({ suppressed }) => suppressed).map(({ rule, suppressed }) => [rule, suppressed!.reason]),
    ).toEqual([['internet', 'crawling']]);
  });
});
