import { namespaceNameKey } from '../../model/selector';
import type { AddressSet } from '../../sets/address-set';
import { LabelBox } from '../../sets/label-box';
import { PortSet } from '../../sets/port-set';
import { pairBox, partsOf, type Statement } from './statement';
import { StatementIndex } from './statement-index';

/** Pods that could exist, by the labels of their namespace and their own. */
export interface PodSpace {
  readonly namespaces: LabelBox;
  readonly pods: LabelBox;
}

/** Who is at one end: pods that could exist, or addresses outside the cluster. */
export type Ends = PodSpace | { readonly addresses: AddressSet };

/** Connections that both sides let through, on the ports that they have in common. */
export interface Encounter<T> {
  readonly source: Ends;
  readonly destination: Ends;
  /** What lets it out of the source's namespace; undefined where that is not known, or an address: nothing isolates it. */
  readonly egress: T | undefined;
  readonly ingress: T | undefined;
}

/** The same on some ports. Named ports stay names, since they resolve on pods that only could exist. */
export interface Meeting<T> extends Encounter<T> {
  readonly ports: PortSet;
}

/**
 * Both sides of a relation at once: a connection needs egress at its source and ingress at its destination.
 *
 * A namespace is known if the relation is about it; pods of any other are not isolated.
 */
export class Meetings<T extends Statement> {
  private readonly index: Pick<StatementIndex<T>, 'near'>;
  private readonly unknown: LabelBox;

  /**
   * @param relation its statements, or where they are looked up
   * @param known namespaces that the relation is about, with their labels
   */
  constructor(
    relation: Iterable<T> | Pick<StatementIndex<T>, 'near'>,
    private readonly known: ReadonlyMap<string, Readonly<Record<string, string>>>,
  ) {
    this.index = 'near' in relation ? relation : new StatementIndex(relation);
    this.unknown = LabelBox.of([
      { key: namespaceNameKey, operator: 'Exists' },
      { key: namespaceNameKey, operator: 'NotIn', values: [...known.keys()] },
    ]);
  }

  /** All connections from one end to the other on these ports, as boxes that may overlap. */
  *between(from: Ends, to: Ends, ports: PortSet = PortSet.all): Generator<Meeting<T>> {
    if ('addresses' in to) {
      if (!('addresses' in from)) yield* this.outOf(from, to, ports);
      return;
    }
    for (const namespace of this.knownIn(to.namespaces)) yield* this.into(namespace, to.pods, from, ports);
    const elsewhere = { namespaces: to.namespaces.intersect(this.unknown), pods: to.pods };
    if (!elsewhere.namespaces.isEmpty && !('addresses' in from)) yield* this.outOf(from, elsewhere, ports);
  }

  /**
   * All connections that one statement lets through, and the other side too.
   * @param statement need not be of the relation
   * @param others where statements of the other side are looked up
   */
  *of(statement: T, others: Pick<StatementIndex<T>, 'near'> = this.index): Generator<Encounter<T>> {
    const { addresses, ports } = statement;
    const { subject, peer } = partsOf(statement.labels);
    const own = { namespaces: named(statement.namespace), pods: subject };
    const isEgress = statement.direction === 'egress';
    const encounter = (here: Ends, there: Ends, other: T | undefined): Encounter<T> =>
      isEgress
        ? { source: here, destination: there, egress: statement, ingress: other }
        : { source: there, destination: here, egress: other, ingress: statement };
    if (addresses) {
      yield encounter(own, { addresses }, undefined);
      return;
    }
    const labels = pairBox(peer.pods, own);
    const direction = isEgress ? 'ingress' : 'egress';
    for (const namespace of this.knownIn(peer.namespaces)) {
      for (const other of others.near({ namespace, direction, labels, addresses: undefined, ports })) {
        if (!other.labels.meets(labels) || !other.ports.mayMeet(ports)) continue;
        const parts = partsOf(other.labels);
        const here = { namespaces: own.namespaces, pods: subject.intersect(parts.peer.pods) };
        yield encounter(here, { namespaces: named(namespace), pods: peer.pods.intersect(parts.subject) }, other);
      }
    }
    const namespaces = peer.namespaces.intersect(this.unknown);
    if (!namespaces.isEmpty) yield encounter(own, { namespaces, pods: peer.pods }, undefined);
  }

  /** What of an encounter is from one end to the other. */
  within(encounter: Encounter<T>, from: Ends, to: Ends): Encounter<T> | undefined {
    const source = this.common(encounter.source, from);
    const destination = source && this.common(encounter.destination, to);
    return destination && { ...encounter, source, destination };
  }

  /** @param ends of an encounter: one known namespace, or others */
  private common(ends: Ends, asked: Ends): Ends | undefined {
    if ('addresses' in ends || 'addresses' in asked) {
      if (!('addresses' in ends && 'addresses' in asked)) return undefined;
      const addresses = ends.addresses.intersect(asked.addresses);
      return addresses.isEmpty ? undefined : { addresses };
    }
    if (!ends.pods.meets(asked.pods)) return undefined;
    const pods = ends.pods.intersect(asked.pods);
    const [name = ''] = ends.namespaces.valuesOf(namespaceNameKey) ?? [];
    if (this.known.has(name))
      return this.isIn(name, asked.namespaces) ? { namespaces: ends.namespaces, pods } : undefined;
    const namespaces = ends.namespaces.intersect(asked.namespaces);
    return namespaces.isEmpty ? undefined : { namespaces, pods };
  }

  private *into(namespace: string, pods: LabelBox, from: Ends, ports: PortSet): Generator<Meeting<T>> {
    const addresses = 'addresses' in from ? from.addresses : undefined;
    const labels = 'addresses' in from ? pairBox(pods) : pairBox(pods, from);
    const asked = { namespace, direction: 'ingress' as const, labels, addresses, ports };
    for (const ingress of this.index.near(asked)) {
      if (!ingress.labels.meets(asked.labels)) continue;
      const open = ingress.ports.intersect(ports);
      const { subject, peer } = partsOf(ingress.labels);
      const destination = { namespaces: named(namespace), pods: subject.intersect(pods) };
      if (addresses && ingress.addresses) {
        const both = ingress.addresses.intersect(addresses);
        if (both.isEmpty || !ingress.ports.mayMeet(ports)) continue;
        yield { source: { addresses: both }, destination, ports: open, egress: undefined, ingress };
      } else if (!('addresses' in from) && ingress.ports.mayMeet(ports)) {
        const source = { namespaces: peer.namespaces.intersect(from.namespaces), pods: peer.pods.intersect(from.pods) };
        if (!source.pods.isEmpty) yield* this.outOfAny(source, destination, ports, ingress);
      }
    }
  }

  private *outOfAny(source: PodSpace, destination: PodSpace, ports: PortSet, ingress: T): Generator<Meeting<T>> {
    for (const namespace of this.knownIn(source.namespaces)) {
      yield* this.outOfOne(namespace, source.pods, destination, ports, ingress);
    }
    const namespaces = source.namespaces.intersect(this.unknown);
    if (namespaces.isEmpty) return;
    const open = ingress.ports.intersect(ports);
    yield { source: { namespaces, pods: source.pods }, destination, ports: open, egress: undefined, ingress };
  }

  /** To pods that nothing isolates, or to addresses. */
  private *outOf(from: PodSpace, to: Ends, ports: PortSet): Generator<Meeting<T>> {
    for (const namespace of this.knownIn(from.namespaces)) {
      yield* this.outOfOne(namespace, from.pods, to, ports, undefined);
    }
  }

  private *outOfOne(
    namespace: string,
    pods: LabelBox,
    to: Ends,
    ports: PortSet,
    ingress: T | undefined,
  ): Generator<Meeting<T>> {
    const addresses = 'addresses' in to ? to.addresses : undefined;
    const labels = 'addresses' in to ? pairBox(pods) : pairBox(pods, to);
    const wanted = ingress ? ingress.ports.intersect(ports) : ports;
    for (const egress of this.index.near({ namespace, direction: 'egress', labels, addresses, ports })) {
      if (!egress.labels.meets(labels) || !egress.ports.mayMeet(ports)) continue;
      if (ingress && !egress.ports.mayMeet(ingress.ports)) continue;
      const { subject, peer } = partsOf(egress.labels);
      const source = { namespaces: named(namespace), pods: subject.intersect(pods) };
      const open = egress.ports.intersect(wanted);
      if ('addresses' in to) {
        const both = egress.addresses!.intersect(to.addresses);
        if (!both.isEmpty) yield { source, destination: { addresses: both }, ports: open, egress, ingress };
      } else {
        const namespaces = peer.namespaces.intersect(to.namespaces);
        const destination = { namespaces, pods: peer.pods.intersect(to.pods) };
        yield { source, destination, ports: open, egress, ingress };
      }
    }
  }

  private knownIn(namespaces: LabelBox): readonly string[] {
    const asked = namespaces.valuesOf(namespaceNameKey);
    const names = asked ? asked.filter((name) => this.known.has(name)) : [...this.known.keys()];
    return namespaces.isEverything ? names : names.filter((name) => this.isIn(name, namespaces));
  }

  private isIn(name: string, namespaces: LabelBox): boolean {
    return namespaces.matches({ ...this.known.get(name), [namespaceNameKey]: name });
  }
}

function named(namespace: string): LabelBox {
  return LabelBox.ofLabels({ [namespaceNameKey]: namespace });
}
