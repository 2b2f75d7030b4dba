import { type Graph, type GraphNode, type GraphSource, graphOf } from './graph';
import { visible } from './visible-text';

const shapes: Readonly<Record<GraphNode['shape'], string>> = {
  workload: 'shape=box, style="rounded,filled", fillcolor="white"',
  group: 'shape=box3d, style=filled, fillcolor="white"',
  address: 'shape=ellipse, style=filled, fillcolor="#fff3d6"',
  junction: 'shape=point, width=0.08',
};

/** A Graphviz graph, as `dot -Tsvg` draws it: a box for each namespace, dashed lines for what is unknown. */
export function connectivityToDot(listing: GraphSource): string {
  const graph = graphOf(listing);
  return [
    'digraph connectivity {',
    '  rankdir=LR;',
    '  fontname="Helvetica"; node [fontname="Helvetica"]; edge [fontname="Helvetica", fontsize=10];',
    ...graph.namespaces.flatMap((name, i) => [
      `  subgraph cluster_${i} {`,
      `    label=${quoted(name)}; style="rounded,filled"; color="#9db2c9"; fillcolor="#eef3f8";`,
      ...nodesIn(graph, name).map((line) => `    ${line}`),
      '  }',
    ]),
    ...nodesIn(graph, undefined).map((line) => `  ${line}`),
    ...graph.edges.map(({ from, to, label, decision }) => {
      const unknown = decision === 'unknown' ? ['style=dashed', 'color="#b03a2e"', 'fontcolor="#b03a2e"'] : [];
      const attributes = [...(label ? [`label=${quoted(label)}`] : []), ...unknown].join(', ');
      return `  ${from} -> ${to}${attributes && ` [${attributes}]`};`;
    }),
    '}',
    '',
  ].join('\n');
}

function nodesIn({ nodes }: Graph, namespace: string | undefined): string[] {
  return nodes
    .filter((node) => node.namespace === namespace)
    .map(({ id, label, shape }) => `${id} [label=${quoted(label)}, ${shapes[shape]}];`);
}

/** A quoted string of the dot language, where a backslash also begins the escapes of labels. */
function quoted(text: string): string {
  return `"${visible(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
