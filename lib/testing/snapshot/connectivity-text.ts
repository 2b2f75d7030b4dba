import { Connectivity } from '../../analysis/connectivity/connectivity';
import { listConnectivity } from '../../analysis/connectivity/listing';
import type { ConnectivityListing } from '../../model/connectivity-listing';
import type { Issue } from '../../model/issue';
import { partiesOf } from '../../naming/parties';
import { connectivityToMatrix } from '../../render/connectivity/matrix';
import { shownPorts } from '../../render/connectivity/shown-ports';
import { visible } from '../../render/connectivity/visible-text';
import { plain } from '../../render/paint';
import type { Network } from '../network';
import { refuse } from '../network';
import { bad } from '../party';

/** More lines are no snapshot that anybody reads. */
const mostLines = 20_000;
const width = 120;
const divider = '----';

/** Who may talk to whom, for a person: a matrix, and below it one line for each connection, by which two such texts are compared. */
export function connectivityText({ cluster, profile }: Network, focus?: readonly string[]): string {
  const issues: Issue[] = [];
  const filters = focus ? { focus: partiesOf('focus', focus, cluster, (issue) => issues.push(issue)) } : {};
  refuse(issues);
  const listing = listConnectivity(new Connectivity(cluster, profile), filters);
  return `${connectivityToMatrix(listing, width, plain)}${divider}\n${linesOf(listing).join('\n')}\n`;
}

function linesOf({ connections, outside }: ConnectivityListing): string[] {
  const count = connections.reduce((sum, row) => sum + row.sources.length * row.destinations.length, outside.length);
  if (count > mostLines) {
    throw bad(
      `${count} connections are too many for a snapshot`,
      "narrow it, as in `toMatchConnectivity({ focus: 'shop/*' })`",
    );
  }
  const ports = new Map<string, string[]>();
  const note = (from: string, to: string, row: (typeof connections | typeof outside)[number]) => {
    const key = visible(`${from} → ${to}`);
    const list = ports.get(key) ?? [];
    ports.set(key, list);
    for (const port of shownPorts(row.ports)) list.push(row.decision === 'unknown' ? `unknown ${port}` : port);
  };
  for (const row of connections) {
    for (const source of row.sources) for (const destination of row.destinations) note(source.id, destination.id, row);
  }
  for (const row of outside) {
    const { text } = row.addresses;
    for (const { id } of row.workloads) {
      if (row.direction === 'egress') note(id, text, row);
      else note(text, id, row);
    }
  }
  return [...ports].map(([key, list]) => `${key}: ${[...new Set(list)].sort().join(', ')}`).sort();
}

/** Connections that only one of two such texts lists. */
export interface SnapshotChange {
  readonly opened: readonly string[];
  readonly closed: readonly string[];
}

export function snapshotChange(before: string, after: string): SnapshotChange {
  const [old, fresh] = [connectionsIn(before), connectionsIn(after)];
  return { opened: [...fresh].filter((line) => !old.has(line)), closed: [...old].filter((line) => !fresh.has(line)) };
}

/** Port by port, so that one more port is one connection opened, and no other closed. */
function connectionsIn(text: string): Set<string> {
  const lines = text.split('\n');
  const found = new Set<string>();
  for (const line of lines.slice(lines.indexOf(divider) + 1)) {
    const at = line.lastIndexOf(': ');
    if (at < 0) continue;
    for (const port of line.slice(at + 2).split(', ')) found.add(`${line.slice(0, at)} on ${port}`);
  }
  return found;
}
