import type { ConnectivityListing } from '../../model/connectivity-listing';
import { type Term, Terms } from './ends';
import { type ShownRow, shownRows } from './statements';
import { counted, grouped } from './visible-text';

export interface GraphNode {
  readonly id: string;
  readonly label: string;
  /** The box that it is drawn in. */
  readonly namespace: string | undefined;
  /** `junction`: where the lines of many sources meet before they part to many destinations. */
  readonly shape: 'workload' | 'group' | 'address' | 'junction';
}

/** Of a listing, or of a difference. */
export type EdgeStyle = 'allowed' | 'unknown' | 'added' | 'removed' | 'changed';

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly style: EdgeStyle;
}

export interface Graph {
  readonly namespaces: readonly string[];
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** What of a listing is drawn. */
export type GraphSource = Pick<ConnectivityListing, 'connections' | 'outside' | 'workloads' | 'namespaces' | 'totals'>;

/** More pairs than these are drawn through a junction, so that the picture grows with the workloads and not with the pairs. */
const mostPairs = 6;
const mostLonely = 50;

/** The listing as a graph, whose nodes are workloads, or groups of them where a row names them all together. */
export function graphOf(listing: GraphSource): Graph {
  const builder = new GraphBuilder();
  const terms = new Terms(listing, 'with-exceptions');
  for (const decision of ['allowed', 'unknown'] as const) {
    for (const row of shownRows(listing, terms, decision)) builder.row(row, decision);
  }
  const connected = new Set(
    [
      ...listing.connections.flatMap(({ sources, destinations }) => [sources, destinations]),
      ...listing.outside.map(({ workloads }) => workloads),
    ].flatMap((refs) => refs.map(({ id }) => id)),
  );
  const lonely = listing.workloads.filter(({ id }) => !connected.has(id));
  for (const { id, namespace } of lonely.slice(0, mostLonely)) builder.node({ text: id, namespace, count: 1 });
  const rest = lonely.length - mostLonely;
  if (rest > 0)
    builder.node({ text: `${counted(rest, 'more workload')} without connection`, namespace: undefined, count: rest });
  return builder.graph();
}

export class GraphBuilder {
  private readonly nodes = new Map<string, GraphNode>();
  private readonly edges: GraphEdge[] = [];

  row({ from, to, ports }: Pick<ShownRow, 'from' | 'to' | 'ports'>, style: EdgeStyle): void {
    const label = ports.join(', ') + (style === 'unknown' ? ' ?' : '');
    const [sources, destinations] = [from, to].map((terms) => terms.map((term) => this.node(term))) as [
      string[],
      string[],
    ];
    if (sources.length === 1 || destinations.length === 1 || sources.length * destinations.length <= mostPairs) {
      for (const source of sources) for (const target of destinations) this.edge(source, target, label, style);
      return;
    }
    const id = `n${this.nodes.size}`;
    this.nodes.set(id, { id, label: '', namespace: undefined, shape: 'junction' });
    for (const source of sources) this.edge(source, id, '', style);
    for (const target of destinations) this.edge(id, target, label, style);
  }

  node({ text, namespace, count }: Term): string {
    const shape = count === 0 ? 'address' : count === 1 ? 'workload' : 'group';
    const key = `${shape} ${text}`;
    let node = this.nodes.get(key);
    if (!node) {
      const inside = namespace === undefined ? text : text.replace(`${namespace}/`, '');
      const label = count > 1 ? `${inside} (${grouped(count)})` : inside;
      node = { id: `n${this.nodes.size}`, label, namespace, shape };
      this.nodes.set(key, node);
    }
    return node.id;
  }

  graph(): Graph {
    const nodes = [...this.nodes.values()];
    const namespaces = [...new Set(nodes.map(({ namespace }) => namespace))].filter((name) => name !== undefined);
    return { namespaces: namespaces.sort(), nodes, edges: this.edges };
  }

  private edge(from: string, to: string, label: string, style: EdgeStyle): void {
    this.edges.push({ from, to, label, style });
  }
}
