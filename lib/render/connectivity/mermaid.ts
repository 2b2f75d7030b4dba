import { type EdgeStyle, type Graph, type GraphNode, type GraphSource, graphOf } from './graph';
import { visible } from './visible-text';

const brackets: Readonly<Record<GraphNode['shape'], readonly [string, string]>> = {
  workload: ['(', ')'],
  group: ['[[', ']]'],
  address: ['([', '])'],
  junction: ['((', '))'],
};

const arrows: Readonly<Record<EdgeStyle, string>> = {
  allowed: '-->',
  unknown: '-.->',
  added: '==>',
  removed: '-.->',
  changed: '-->',
};
const colours: Readonly<Partial<Record<EdgeStyle, string>>> = {
  added: '#1a7f37',
  removed: '#b03a2e',
  changed: '#9a6700',
};

/** A Mermaid flowchart, as GitHub and GitLab draw it in Markdown: a box for each namespace, dotted lines for what is unknown. */
export function connectivityToMermaid(listing: GraphSource): string {
  return graphToMermaid(graphOf(listing));
}

export function graphToMermaid(graph: Graph): string {
  const nodesIn = (namespace: string | undefined) =>
    graph.nodes
      .filter((node) => node.namespace === namespace)
      .map(({ id, label, shape }) => {
        const [open, close] = brackets[shape];
        return `${id}${open}${quoted(label)}${close}`;
      });
  return [
    'flowchart LR',
    ...graph.namespaces.flatMap((name, i) => [
      `  subgraph ns${i}[${quoted(name)}]`,
      ...nodesIn(name).map((line) => `    ${line}`),
      '  end',
    ]),
    ...nodesIn(undefined).map((line) => `  ${line}`),
    ...graph.edges.map(({ from, to, label, style }) => {
      const arrow = arrows[style];
      return `  ${from} ${arrow}${label && `|${quoted(label)}|`} ${to}`;
    }),
    ...graph.edges.flatMap(({ style }, i) => (colours[style] ? [`  linkStyle ${i} stroke:${colours[style]}`] : [])),
    '',
  ].join('\n');
}

/** A quoted text, in which Mermaid writes characters as `#quot;`; it would read Markdown and HTML in it otherwise. */
function quoted(text: string): string {
  const written = visible(text).replace(/[#"&<>`*_~\\|[\]{}]/g, (char) => `#${char.charCodeAt(0)};`);
  return `"${written === '' ? ' ' : written}"`;
}
