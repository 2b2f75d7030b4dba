import type { DiffListing } from '../../model/diff-listing';
import { graphToDot } from '../connectivity/dot';
import { type EdgeStyle, type Graph, GraphBuilder } from '../connectivity/graph';
import { graphToMermaid } from '../connectivity/mermaid';
import { shownPorts } from '../connectivity/shown-ports';
import { possibleEnds, type Sign, shownChanges, shownPossible, termsOf } from './words';

const styles: Readonly<Record<Sign, EdgeStyle>> = { '+': 'added', '-': 'removed', '~': 'changed', '?': 'unknown' };

/** What changed as a graph: additions and removals marked by signs as well as colours, workloads that are new or gone by words. */
function graphOfDiff(listing: DiffListing): Graph {
  const builder = new GraphBuilder();
  const terms = termsOf(listing);
  const { added, removed } = listing.workloads;
  for (const { sign, from, to, ports } of shownChanges(listing, terms)) {
    const isWhole = sign === '+' || sign === '-';
    const marked = ports.map((port) => (isWhole && !port.startsWith(sign) ? `${sign}${port}` : port));
    builder.row({ from, to, ports: marked }, styles[sign]);
  }
  for (const row of shownPossible(listing)) {
    const sign = row.kind === 'gained' ? '+' : '-';
    const { from, to } = possibleEnds(row);
    const terms = (texts: readonly string[]) => texts.map((text) => ({ text, namespace: undefined, count: 0 }));
    const ports = shownPorts(row.ports).map((port) => `${sign}${port}`);
    const label = [...ports, `${row.direction} alone`, ...(row.extent === 'part' ? ['in part'] : [])];
    builder.row({ from: terms(from), to: terms(to), ports: label }, styles[sign]);
  }
  for (const { id, namespace } of [...added, ...removed]) builder.node({ text: id, namespace, count: 1 });
  const words = new Map([
    ...added.map(({ id }) => [id, 'new'] as const),
    ...removed.map(({ id }) => [id, 'gone'] as const),
  ]);
  const { nodes, ...graph } = builder.graph();
  return {
    ...graph,
    nodes: nodes.map((node) => {
      const word = node.shape === 'workload' ? words.get(`${node.namespace}/${node.label}`) : undefined;
      return word ? { ...node, label: `${node.label} (${word})` } : node;
    }),
  };
}

/** A Graphviz graph, as `dot -Tsvg` draws it. */
export function diffToDot(listing: DiffListing): string {
  return graphToDot(graphOfDiff(listing), 'difference');
}

/** A Mermaid flowchart, as GitHub and GitLab draw it in Markdown. */
export function diffToMermaid(listing: DiffListing): string {
  return graphToMermaid(graphOfDiff(listing));
}
