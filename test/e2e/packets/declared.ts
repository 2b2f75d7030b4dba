import { peerOf, type Statement, subjectOf } from '../../../lib/analysis/open-world/statement';
import { Universe } from '../../../lib/analysis/open-world/universe';
import { declaredStatements } from '../../../lib/analysis/prove/declared';
import type { Synthesized } from '../../../lib/constructs/synthesizer';
import type { Connection, Decision, End } from '../../../lib/model/connection';
import { resolveNames } from '../../../lib/model/named-ports';
import type { Direction } from '../../../lib/model/policy';
import { holdsAddress } from '../../../lib/sets/address-set';
import { PortSet } from '../../../lib/sets/port-set';
import type { StoredPolicy } from './policies';

/** What an app says of one cluster: its policies, and what it declares, worked out without them. */
export interface AppOfCluster {
  readonly policies: readonly StoredPolicy[];
  readonly declares: (connection: Connection) => Decision;
}

export function appOf({ program, active, namespaces }: Synthesized, cluster: string): AppOfCluster {
  const own = namespaces.filter(({ namespace }) => namespace.environment.cluster === cluster);
  const labels = new Map(own.map(({ namespace }) => [namespace.name, namespace.labels]));
  const statements = declaredStatements(program, active, cluster, new Universe(labels));
  const managed = new Set(labels.keys());
  return {
    policies: own.flatMap(({ defaultDeny, policies }) => [
      ...(defaultDeny ? [defaultDeny] : []),
      ...policies,
    ]) as never[],
    declares: (connection) => (areDeclared(statements, managed, connection) ? 'allowed' : 'denied'),
  };
}

/**
 * Both sides have to be declared, as far as they are pods of the app's namespaces. Ranges of addresses are read as Calico reads them, which takes pods for
 * addresses too.
 */
function areDeclared(
  statements: readonly Statement[],
  managed: ReadonlySet<string>,
  { source, destination, protocol, port }: Connection,
): boolean {
  const point = PortSet.of([{ protocol, first: port, last: port }]);
  const side = (direction: Direction, subject: End, peer: End) => {
    if (subject.kind === 'address' || !managed.has(subject.namespace)) return true;
    return statements.some(
      (statement) =>
        statement.direction === direction &&
        statement.namespace === subject.namespace &&
        subjectOf(statement.labels).matches(subject.labels) &&
        isPeer(statement, peer) &&
        point.isSubsetOf(portsOf(statement, destination)),
    );
  };
  return side('egress', source, destination) && side('ingress', destination, source);
}

function isPeer({ addresses, labels }: Statement, peer: End): boolean {
  if (addresses) {
    const own = peer.kind === 'address' ? [peer.address] : peer.addresses;
    return own.some((address) => holdsAddress(addresses, address));
  }
  if (peer.kind === 'address') return false;
  const asked = peerOf(labels);
  return asked.namespaces.matches(peer.namespaceLabels) && asked.pods.matches(peer.labels);
}

function portsOf({ ports }: Statement, destination: End): PortSet {
  return resolveNames(ports, destination.kind === 'pod' ? destination.ports : []);
}
