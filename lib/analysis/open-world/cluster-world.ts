import type { Cluster } from '../../model/cluster';
import { namespaceNameKey } from '../../model/selector';
import { LabelBox, type Requirement } from '../../sets/label-box';
import { Meetings, type PodSpace } from './meetings';
import { PeerIndex } from './peer-index';
import { type PolicyStatement, relationOf } from './relation';
import { Universe } from './universe';

/** The policies of a cluster over every pod that could exist, beside those that do. */
export class ClusterWorld {
  readonly universe: Universe;
  readonly relation: readonly PolicyStatement[];
  /** Namespaces outside the input: they have any other name. */
  readonly elsewhere: LabelBox;
  /** The known namespaces with the labels that are known of them. */
  readonly labels: ReadonlyMap<string, Readonly<Record<string, string>>>;
  private readonly keys: ReadonlySet<string>;
  private meetingsFound: Meetings<PolicyStatement> | undefined;
  private statementsFound: PeerIndex<PolicyStatement> | undefined;

  /** @param unpicked see {@link Universe} */
  constructor(cluster: Cluster, unpicked?: Universe['unpicked']) {
    this.labels = new Map(cluster.namespaces.map(({ name, labels }) => [name, labels] as const));
    this.universe = new Universe(this.labels, unpicked);
    this.relation = relationOf(cluster.policies, this.labels.keys(), this.universe);
    this.elsewhere = LabelBox.of([
      { key: namespaceNameKey, operator: 'Exists' },
      { key: namespaceNameKey, operator: 'NotIn', values: [...this.labels.keys()] },
    ]);
    const selectors = cluster.policies.flatMap(({ pods, rules }) => [
      pods,
      ...rules.flatMap(({ peers }) => peers.flatMap((peer) => (peer.kind === 'pods' ? [peer.pods] : []))),
    ]);
    this.keys = new Set(selectors.flatMap((selector) => selector.keys));
  }

  get meetings(): Meetings<PolicyStatement> {
    this.meetingsFound ??= new Meetings(this.relation, this.labels);
    return this.meetingsFound;
  }

  get statements(): PeerIndex<PolicyStatement> {
    this.statementsFound ??= new PeerIndex(this.relation);
    return this.statementsFound;
  }

  /** Just the pods with these labels: a key that some selector asks for and that they lack is absent. */
  exactly(namespace: string, labels: Readonly<Record<string, string>>): PodSpace {
    const absent = [...this.keys]
      .filter((key) => !Object.hasOwn(labels, key))
      .map((key): Requirement => ({ key, operator: 'DoesNotExist' }));
    const pods = LabelBox.of([...LabelBox.ofLabels(labels).requirements(), ...absent]);
    return { namespaces: LabelBox.ofLabels({ [namespaceNameKey]: namespace }), pods };
  }

  /** Every pod of a namespace that could exist in it. */
  anyPodOf(namespace: string): PodSpace {
    return { namespaces: LabelBox.ofLabels({ [namespaceNameKey]: namespace }), pods: LabelBox.everything };
  }
}

export const anyPod: PodSpace = { namespaces: LabelBox.everything, pods: LabelBox.everything };
