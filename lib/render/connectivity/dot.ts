import { type EdgeStyle, type Graph, type GraphNode, type GraphSource, graphOf } from './graph';
import { visible } from './visible-text';

const shapes: Readonly<Record<GraphNode['shape'], string>> = {
  workload: 'shape=box, style="rounded,filled", fillcolor="white"',
  group: 'shape=box3d, style=filled, fillcolor="white"',
  address: 'shape=ellipse, style=filled, fillcolor="#fff3d6"',
  junction: 'shape=point, width=0.08',
};

const coloured = (style: string, colour: string) => [`style=${style}`, `color="${colour}"`, `fontcolor="${colour}"`];
const lines: Readonly<Record<EdgeStyle, readonly string[]>> = {
  allowed: [],
  unknown: coloured('dashed', '#b03a2e'),
  added: coloured('bold', '#1a7f37'),
  removed: coloured('dashed', '#b03a2e'),
  changed: coloured('solid', '#9a6700'),
};

/** A Graphviz graph, as `dot -Tsvg` draws it: a box for each namespace, dashed lines for what is unknown. */
export function connectivityToDot(listing: GraphSource): string {
  return graphToDot(graphOf(listing), 'connectivity');
}

export function graphToDot(graph: Graph, name: string): string {
  return [
    `digraph ${name} {`,
    '  rankdir=LR;',
    '  fontname="Helvetica"; node [fontname="Helvetica"]; edge [fontname="Helvetica", fontsize=10];',
    ...graph.namespaces.flatMap((name, i) => [
      `  subgraph cluster_${i} {`,
      `    label=${quoted(name)}; style="rounded,filled"; color="#9db2c9"; fillcolor="#eef3f8";`,
      ...nodesIn(graph, name).map((line) => `    ${line}`),
      '  }',
    ]),
    ...nodesIn(graph, undefined).map((line) => `  ${line}`),
    ...graph.edges.map(({ from, to, label, style }) => {
      const attributes = [...(label ? [`label=${quoted(label)}`] : []), ...lines[style]].join(', ');
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
