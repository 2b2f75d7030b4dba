import { isDeepStrictEqual } from 'node:util';
import { pathOf, type Resource } from '../cluster/resources';
import type { Cluster, KnownNamespace } from '../model/cluster';
import type { Issue } from '../model/issue';
import { clusterOfReceived } from '../read/cluster';
import { KeptPlace } from '../read/kept-place';
import type { ReceivedObject } from '../read/received-object';
import { fieldsOf, textOf } from '../validation/json-value';

/** What is in no namespace is kept under this one, which is no name of any. */
const clusterScope = '';

interface NamespaceReading {
  readonly cluster: Cluster;
  readonly issues: readonly Issue[];
}

/** The objects of a live cluster as they come, read namespace by namespace: what did not change is not read again. */
export class LiveState {
  /** Of a namespace, by where the API serves them and their names. */
  private readonly objects = new Map<string, Map<string, ReceivedObject>>();
  private readonly readings = new Map<string, NamespaceReading>();
  private readonly changed = new Set<string>();
  private relabelled = false;

  /** @param file how places call the cluster */
  constructor(private readonly file: string) {}

  get count(): number {
    let count = 0;
    for (const own of this.objects.values()) count += own.size;
    return count;
  }

  set(resource: Resource, object: object): void {
    const { namespace, key } = placeOf(resource, object);
    let own = this.objects.get(namespace);
    if (!own) {
      own = new Map();
      this.objects.set(namespace, own);
    }
    // Most changes of pods are of their status, and change nothing that is kept of them.
    if (isDeepStrictEqual(own.get(key)?.object, object)) return;
    own.set(key, { object, place: new KeptPlace(this.file, object) });
    this.touch(resource, namespace);
  }

  delete(resource: Resource, object: object): void {
    const { namespace, key } = placeOf(resource, object);
    if (!this.objects.get(namespace)?.delete(key)) return;
    if (this.objects.get(namespace)!.size === 0) this.objects.delete(namespace);
    this.touch(resource, namespace);
  }

  /** All objects of a kind: others of it are gone. */
  replace(resource: Resource, objects: readonly object[]): void {
    const listed = new Set(
      objects.map((object) => placeOf(resource, object)).map(({ namespace, key }) => `${namespace}\0${key}`),
    );
    const prefix = `${pathOf(resource)}/`;
    for (const [namespace, own] of this.objects) {
      for (const [key, { object }] of own) {
        if (key.startsWith(prefix) && !listed.has(`${namespace}\0${key}`)) this.delete(resource, object);
      }
    }
    for (const object of objects) this.set(resource, object);
  }

  /** The namespaces in which something changed since it was last asked; `all` where labels of namespaces did, which selectors of any may ask for. */
  takeChanged(): ReadonlySet<string> | 'all' {
    const changed = this.relabelled ? 'all' : new Set(this.changed);
    this.changed.clear();
    this.relabelled = false;
    return changed;
  }

  /** What could be read of the objects as they are now, and what is wrong with others. */
  read(): NamespaceReading {
    for (const namespace of this.objects.keys()) {
      if (!this.readings.has(namespace)) {
        this.readings.set(namespace, clusterOfReceived(this.objects.get(namespace)!.values()));
      }
    }
    const all = [...this.readings.values()];
    const clusters = all.map(({ cluster }) => cluster);
    const namespaces = new Map<string, KnownNamespace>();
    for (const namespace of clusters.flatMap((cluster) => cluster.namespaces)) {
      if (namespace.source === 'given' || !namespaces.has(namespace.name)) namespaces.set(namespace.name, namespace);
    }
    return {
      cluster: {
        namespaces: [...namespaces.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
        workloads: clusters.flatMap(({ workloads }) => workloads),
        services: [],
        exposures: [],
        policies: clusters.flatMap(({ policies }) => policies),
        unread: clusters.flatMap(({ unread }) => unread),
        skipped: new Map(),
      },
      issues: all.flatMap(({ issues }) => issues),
    };
  }

  private touch({ kind }: Resource, namespace: string): void {
    this.readings.delete(namespace);
    this.changed.add(namespace);
    if (kind === 'Namespace') this.relabelled = true;
  }
}

function placeOf(resource: Resource, object: object): { readonly namespace: string; readonly key: string } {
  const { name, namespace } = fieldsOf(fieldsOf(object)['metadata']);
  const own = resource.kind === 'Namespace' && resource.group === '' ? textOf(name) : textOf(namespace);
  return { namespace: own || clusterScope, key: `${pathOf(resource)}/${textOf(name)}` };
}
