import type { Direction } from '../../model/policy';
import { LabelBox } from '../../sets/label-box';
import { PortSet } from '../../sets/port-set';
import type { PodSpace } from './meetings';
import { pairBox, type Statement } from './statement';
import { StatementIndex } from './statement-index';

/** Finds statements about pods by their subject in one namespace, or by their peer in all namespaces at once. */
export class PeerIndex<T extends Statement> {
  private readonly bySubject: StatementIndex<T>;
  private readonly byPeer: StatementIndex<Statement & { readonly original: T }>;

  constructor(relation: Iterable<T>) {
    const aboutPods = [...relation].filter(({ addresses }) => addresses === undefined);
    this.bySubject = new StatementIndex(aboutPods);
    this.byPeer = new StatementIndex(aboutPods.map((original) => ({ ...original, namespace: '', original })));
  }

  /** Statements that have all pods of a box as subjects, or some of them. */
  about(namespace: string, direction: Direction, pods: LabelBox): T[] {
    const labels = pairBox(pods);
    const asked = { namespace, direction, labels, addresses: undefined, ports: PortSet.all };
    return this.bySubject.near(asked).filter((statement) => statement.labels.meets(labels));
  }

  /** Statements, of any namespace, that have pods of a space as peers. */
  towards(direction: Direction, peer: PodSpace): T[] {
    const labels = pairBox(LabelBox.everything, peer);
    const asked = { namespace: '', direction, labels, addresses: undefined, ports: PortSet.all };
    return this.byPeer
      .near(asked)
      .filter((statement) => statement.labels.meets(labels))
      .map(({ original }) => original);
  }
}
