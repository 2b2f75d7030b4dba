import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listRedundancy } from '../../../lib/analysis/redundancy-listing';
import { clusterOfTexts } from '../../../lib/read/cluster';
import { plain } from '../../../lib/render/paint';
import { redundancyToJson } from '../../../lib/render/redundancy/json';
import { redundancyToMd } from '../../../lib/render/redundancy/md';
import { redundancyToTxt } from '../../../lib/render/redundancy/txt';
import { redundancySchema } from '../../../lib/render/schema/redundancy-schema';
import { cluster } from '../../support/arbitrary-cluster';
import { schemaErrors } from '../../support/json-schema';

const policy = (name: string, spec: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: ${name}, namespace: shop }\nspec:\n${spec}---\n`;
const texts = [
  policy('deny', '  podSelector: {}\n  policyTypes: [Ingress, Egress]\n'),
  policy(
    'web',
    `  podSelector: { matchLabels: { app: web } }
  ingress:
    - ports: [{ port: 80 }]
    - from: [{ podSelector: {} }]
      ports: [{ port: 80 }]
    - from: [{ podSelector: { matchLabels: { app: api }, matchExpressions: [{ key: app, operator: DoesNotExist }] } }]
    - from: [{ podSelector: { matchLabels: { app: db } } }]
      ports: [{ port: 80 }, { port: 81 }]
`,
  ),
  policy('same', '  podSelector: { matchLabels: { app: web } }\n  ingress:\n    - ports: [{ port: 80 }]\n'),
];
const listing = (...more: string[]) =>
  listRedundancy(clusterOfTexts([{ file: 'shop.yaml', text: [...texts, ...more].join('') }]), { overlaps: 'listed' });

describe('what is redundant', () => {
  it('is shown with file and line of what can go and of what covers it', () => {
    expect(redundancyToTxt(listing(), plain)).toMatchInlineSnapshot(`
      "3 policies with 5 rules in 1 namespace: 1 policy and 2 rules can be deleted without changing what is allowed

      Policies that can be deleted
        shop/same (shop.yaml:21)
            covered by
              shop/deny (shop.yaml:1)
              shop/web (shop.yaml:8)

      Rules that can be deleted
        shop/web ingress[1] (shop.yaml:15)
            covered by shop/web ingress[0] (shop.yaml:14)
        shop/web ingress[2] (shop.yaml:17)
            its selectors can match nothing

      1 pair of other rules allows some of the same connections
        shop/web ingress[0] (shop.yaml:14) and shop/web ingress[3] (shop.yaml:18), on 80/TCP
      "
    `);
  });

  it('is a table in Markdown', () => {
    expect(redundancyToMd(listing())).toMatchInlineSnapshot(`
      "# Redundant policies and rules

      3 policies with 5 rules in 1 namespace: 1 policy and 2 rules can be deleted without changing what is allowed

      ## Policies that can be deleted

      | Can go | Because |
      | --- | --- |
      | shop/same \\(shop.yaml:21\\) | covered by<br>shop/deny \\(shop.yaml:1\\)<br>shop/web \\(shop.yaml:8\\) |

      ## Rules that can be deleted

      | Can go | Because |
      | --- | --- |
      | shop/web ingress\\[1\\] \\(shop.yaml:15\\) | covered by<br>shop/web ingress\\[0\\] \\(shop.yaml:14\\) |
      | shop/web ingress\\[2\\] \\(shop.yaml:17\\) | its selectors can match nothing |

      ## 1 pair of other rules allows some of the same connections

      - shop/web ingress\\[0\\] \\(shop.yaml:14\\) and shop/web ingress\\[3\\] \\(shop.yaml:18\\), on 80/TCP
      "
    `);
  });

  it('is unknown where a policy of a kind that is not read decides for the same pods', () => {
    const cilium = (namespace: string) =>
      `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: l7, namespace: ${namespace} }\nspec: {}\n---\n`;
    const decisions = ({ policies, rules }: ReturnType<typeof listing>) => [
      ...new Set([...policies, ...rules].map(({ decision }) => decision)),
    ];
    expect(decisions(listing(cilium('shop')))).toEqual(['unknown']);
    expect(decisions(listing(cilium('elsewhere')))).toEqual(['certain']);
    expect(redundancyToTxt(listing(cilium('shop')), plain)).toContain(
      'Unknown: policies that can be deleted, as far as the policies go that are read',
    );
  });

  it('is what the schema describes, in JSON', () => {
    expect(schemaErrors(redundancySchema, JSON.parse(redundancyToJson(listing())))).toEqual([]);
    fc.assert(
      fc.property(cluster, fc.constantFrom({}, { overlaps: 'listed' } as const), (world, options) => {
        const text = redundancyToJson(listRedundancy(world, options));
        expect(schemaErrors(redundancySchema, JSON.parse(text))).toEqual([]);
      }),
    );
  });

  it('does not depend on the order of the input', () => {
    const reversed = clusterOfTexts([{ file: 'shop.yaml', text: [...texts].reverse().join('') }]);
    const names = ({ policies, rules, overlaps }: ReturnType<typeof listing>) =>
      [...policies, ...rules].map(({ name }) => name).concat(overlaps!.map((o) => `${o.first.name} ${o.second.name}`));
    expect(names(listRedundancy(reversed, { overlaps: 'listed' }))).toEqual(names(listing()));
  });

  it('keeps a name from steering the terminal', () => {
    const { rules, ...rest } = listing();
    const hostile = { ...rest, rules: [{ ...rules[0]!, name: 'a\u001b[2J' }] };
    expect(redundancyToTxt(hostile, plain)).toContain('a\\u001b[2J');
    expect(redundancyToMd(hostile)).not.toContain('\u001b');
  });
});
