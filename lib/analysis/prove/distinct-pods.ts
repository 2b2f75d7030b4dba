import { mayShare, type NamespaceModel, type ServiceModel } from '../../model/program';
import { namespaceNameKey } from '../../model/selector';
import type { LabelBox } from '../../sets/label-box';
import { PortSet } from '../../sets/port-set';
import { SupersetIndex } from '../../sets/superset-index';
import type { Ends, PodSpace } from '../open-world/meetings';
import { covers } from '../open-world/uncovered';

/**
 * Tells pods that two services of an app select, though neither says that they share pods. Where such a pod is known it is an error, and
 * where it is only possible a finding: guarantees are about pods of one service each.
 */
export class DistinctPods {
  private readonly namespaces: ReadonlyMap<string, NamespaceModel>;
  private readonly indexes = new Map<NamespaceModel, SupersetIndex<ServiceModel>>();

  /** @param namespaces managed ones of one cluster */
  constructor(namespaces: readonly NamespaceModel[]) {
    this.namespaces = new Map(namespaces.map((namespace) => [namespace.name, namespace] as const));
  }

  /** Whether there can be such an end that is not of two services at once. */
  mayExist(ends: Ends): boolean {
    if ('addresses' in ends) return true;
    const [name, ...more] = ends.namespaces.valuesOf(namespaceNameKey) ?? [];
    const namespace = name !== undefined && more.length === 0 ? this.namespaces.get(name) : undefined;
    return !namespace || this.hasDistinct(ends, namespace);
  }

  private hasDistinct({ pods }: PodSpace, namespace: NamespaceModel): boolean {
    const whole = this.indexOf(namespace).supersetsOf(pods);
    if (whole.length === 0) return !pods.isEmpty;
    if (whole.some((a) => whole.some((b) => a !== b && !mayShare(a, b)))) return false;
    const strangers = namespace.services.filter(
      (service) => !whole.includes(service) && !whole.every((one) => mayShare(one, service)),
    );
    const of = (labels: LabelBox) => ({ labels, addresses: undefined, ports: PortSet.all });
    return !covers(
      strangers.map((service) => of(service.pods)),
      of(pods),
    );
  }

  private indexOf(namespace: NamespaceModel): SupersetIndex<ServiceModel> {
    let index = this.indexes.get(namespace);
    if (!index) {
      index = new SupersetIndex(namespace.services.map((service) => [service.pods, service] as const));
      this.indexes.set(namespace, index);
    }
    return index;
  }
}
