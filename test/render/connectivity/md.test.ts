import { describe, expect, it } from 'vitest';
import { connectivityToMd } from '../../../lib/render/connectivity/md';
import { renamed, shop } from './shop';

describe('connectivity as Markdown', () => {
  const text = connectivityToMd(shop());

  it('is tables with a heading each', () => {
    expect(text).toMatchInlineSnapshot(`
      "# Connectivity

      4 workloads in 3 namespaces, 6 policies

      > **Warning:** CiliumNetworkPolicy elsewhere/l7 \\(14.yaml:1\\): policies of this kind are not read, so whatever it could change is unknown

      ## Allowed

      | From | To | Ports |
      | --- | --- | --- |
      | \`monitoring/prometheus\` | \`monitoring/prometheus\` | \`any port\` |
      | \`monitoring/prometheus\` | \`shop/cart\`<br>\`shop/redis\` | \`9100/TCP\` |
      | \`monitoring/prometheus\` | \`shop/frontend\` | \`8080/TCP\`<br>\`9100/TCP\` |
      | \`shop/cart\` | \`shop/redis\` | \`6379/TCP\` |
      | \`shop/frontend\` | \`shop/cart\` | \`7070/TCP\` |
      | \`any address\` | \`monitoring/prometheus\` | \`any port\` |
      | \`any address\` | \`shop/frontend\` | \`8080/TCP\` |
      | \`monitoring/prometheus\` | \`any address\` | \`any port\` |
      | \`shop/cart\` | \`10.0.0.0/8\` | \`6379-6380/TCP\` |

      ## Unknown

      | From | To | Ports | Because |
      | --- | --- | --- | --- |
      | \`shop/cart\` | \`monitoring/prometheus\` | \`6379-6380/TCP\` | does an ipBlock match the address of a pod? \\(shop/cart egress\\[1\\]\\) |
      | \`shop/cart\` | \`shop/redis\` | \`6380/TCP\` | does an ipBlock match the address of a pod? \\(shop/cart egress\\[1\\]\\) |

      ## Exposed

      - Ingress shop/shop to shop/frontend 8080/TCP: the policies let anyone in

      ## Isolation

      - isolated in both directions: \`shop/*\`
      - selected by no policy, so open in both directions: \`monitoring/prometheus\`

      ## Notes

      - some of what is unknown is known of a network plugin: name yours with --cni
      - 1 policy selects no workload of the input: shop/forgotten
      - no Namespace object is given for elsewhere, monitoring: only the label with their names is assumed; no rule asks for other labels
      - 1 object that says nothing of the network: 1 v1 ConfigMap
      "
    `);
  });

  it('has the same number of cells in each line of a table', () => {
    const cells = (line: string) => line.split(/(?<!\\)\|/).length - 2;
    const hostile = connectivityToMd(renamed(shop(), 'cart', 'a|b`c`\n| d'));
    for (const document of [text, hostile]) {
      const counts = new Set(
        document
          .split('\n')
          .filter((line) => line.startsWith('| '))
          .map(cells),
      );
      expect([...counts].sort()).toEqual([3, 4]);
    }
  });

  it('never lets a name be markup', () => {
    const hostile = connectivityToMd(renamed(shop(), 'cart', '`<img src=x>[a](b)'));
    expect(hostile).not.toContain('<img');
    expect(hostile).not.toContain('[a](b)');
  });
});
