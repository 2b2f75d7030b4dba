import { describe, expect, it } from 'vitest';
import { connectivityToDot } from '../../../lib/render/connectivity/dot';
import { connectivityToMermaid } from '../../../lib/render/connectivity/mermaid';
import { renamed, shop } from './shop';

describe('connectivity as a Graphviz graph', () => {
  it('has a box for each namespace and a line for each row', () => {
    expect(connectivityToDot(shop())).toMatchInlineSnapshot(`
      "digraph connectivity {
        rankdir=LR;
        fontname="Helvetica"; node [fontname="Helvetica"]; edge [fontname="Helvetica", fontsize=10];
        subgraph cluster_0 {
          label="monitoring"; style="rounded,filled"; color="#9db2c9"; fillcolor="#eef3f8";
          n0 [label="prometheus", shape=box, style="rounded,filled", fillcolor="white"];
        }
        subgraph cluster_1 {
          label="shop"; style="rounded,filled"; color="#9db2c9"; fillcolor="#eef3f8";
          n1 [label="cart", shape=box, style="rounded,filled", fillcolor="white"];
          n2 [label="redis", shape=box, style="rounded,filled", fillcolor="white"];
          n3 [label="frontend", shape=box, style="rounded,filled", fillcolor="white"];
        }
        n4 [label="any address", shape=ellipse, style=filled, fillcolor="#fff3d6"];
        n5 [label="10.0.0.0/8", shape=ellipse, style=filled, fillcolor="#fff3d6"];
        n0 -> n0 [label="any port"];
        n0 -> n1 [label="9100/TCP"];
        n0 -> n2 [label="9100/TCP"];
        n0 -> n3 [label="8080/TCP, 9100/TCP"];
        n1 -> n2 [label="6379/TCP"];
        n3 -> n1 [label="7070/TCP"];
        n4 -> n0 [label="any port"];
        n4 -> n3 [label="8080/TCP"];
        n0 -> n4 [label="any port"];
        n1 -> n5 [label="6379-6380/TCP"];
        n1 -> n0 [label="6379-6380/TCP ?", style=dashed, color="#b03a2e", fontcolor="#b03a2e"];
        n1 -> n2 [label="6380/TCP ?", style=dashed, color="#b03a2e", fontcolor="#b03a2e"];
      }
      "
    `);
  });

  it('keeps quotes, backslashes and line ends inside the label', () => {
    const dot = connectivityToDot(renamed(shop(), 'cart', 'a"] x\\N\n'));
    expect(dot).toContain('[label="a\\"] x\\\\N\\\\u000a", ');
  });
});

describe('connectivity as a Mermaid flowchart', () => {
  it('has a subgraph for each namespace and a line for each row', () => {
    expect(connectivityToMermaid(shop())).toMatchInlineSnapshot(`
      "flowchart LR
        subgraph ns0["monitoring"]
          n0("prometheus")
        end
        subgraph ns1["shop"]
          n1("cart")
          n2("redis")
          n3("frontend")
        end
        n4(["any address"])
        n5(["10.0.0.0/8"])
        n0 -->|"any port"| n0
        n0 -->|"9100/TCP"| n1
        n0 -->|"9100/TCP"| n2
        n0 -->|"8080/TCP, 9100/TCP"| n3
        n1 -->|"6379/TCP"| n2
        n3 -->|"7070/TCP"| n1
        n4 -->|"any port"| n0
        n4 -->|"8080/TCP"| n3
        n0 -->|"any port"| n4
        n1 -->|"6379-6380/TCP"| n5
        n1 -.->|"6379-6380/TCP ?"| n0
        n1 -.->|"6380/TCP ?"| n2
      "
    `);
  });

  it('keeps quotes, brackets and markup out of labels', () => {
    const labels = connectivityToMermaid(renamed(shop(), 'cart', '"]<b>`#end')).match(/"[^"]*"/g)!;
    expect(labels).toContain('"#34;#93;#60;b#62;#96;#35;end"');
    for (const label of labels) expect(label.slice(1, -1)).toMatch(/^(?:[^"<>`[\]#]|#\d+;)*$/);
  });
});

describe('the size of a picture', () => {
  it('grows with the workloads and not with the pairs', () => {
    const listing = shop();
    const [row] = listing.connections;
    const some = (letter: string) =>
      Array.from({ length: 30 }, (_, i) => ({ ...row!.sources[0]!, id: `shop/${letter}${i}`, name: `${letter}${i}` }));
    const large = { ...listing, connections: [{ ...row!, sources: some('a'), destinations: some('b') }], outside: [] };
    expect(connectivityToDot(large).match(/->/g)).toHaveLength(60);
    expect(connectivityToMermaid(large).match(/-->/g)).toHaveLength(60);
  });
});
