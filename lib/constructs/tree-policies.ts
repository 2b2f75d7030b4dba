import type { IConstruct } from 'constructs';
import type { TreePolicy } from '../analysis/check/policy-names';
import type { Cluster } from '../model/cluster';
import { InputError, type Issue, type Place, placeToString } from '../model/issue';
import type { EnvironmentModel, Program } from '../model/program';
import { clusterOfObjects } from '../read/cluster';
import { type AnyObject, openObject } from '../read/documents';
import { groupOf, roleOf } from '../read/object-role';
import { mayDecide } from '../read/unread-kinds';
import { fieldsOf, textOf } from '../validation/json-value';
import { isApiObject } from './cdk8s-kinds';
import { environmentsOf } from './labelled-environment';
import { isWritten } from './written-object';

/** What the app itself writes beside ours, from cdk8s-plus, from charts and files, or as plain objects. */
export interface TreePolicies {
  readonly named: readonly TreePolicy[];
  /** Policies that name no namespace: they may be about any. */
  readonly unplaced: readonly Pick<TreePolicy, 'name' | 'source'>[];
  /** Read as the API server would take them, by cluster; without those that have none, or some that cannot be read. */
  readonly clusters: ReadonlyMap<string, Cluster>;
  /** What is wrong with them. */
  readonly issues: readonly Issue[];
}

interface PolicyObject {
  readonly object: AnyObject;
  readonly kind: 'network-policy' | 'unread';
  readonly place: Place;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly labels: Readonly<Record<string, unknown>>;
}

export function treePolicies(tree: readonly IConstruct[], { environments }: Program): TreePolicies {
  const objects = tree.flatMap(policiesIn);
  if (objects.length === 0) return { named: [], unplaced: [], clusters: new Map(), issues: [] };
  const named: TreePolicy[] = [];
  const clusters = new Map<string, Cluster>();
  const issues = new Map<string, Issue>();
  for (const [cluster, own] of byCluster(objects, environments)) {
    for (const { kind, name, namespace, place } of own) {
      if (kind === 'network-policy') named.push({ cluster, namespace, name, source: placeToString(place) });
    }
    try {
      clusters.set(
        cluster,
        clusterOfObjects(
          own.map(({ object }) => object),
          (index) => own[index]!.place,
        ),
      );
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      for (const issue of error.issues) issues.set(`${placeToString(issue.place)} ${issue.message}`, issue);
    }
  }
  const unplaced = objects
    .filter(({ kind, namespace }) => kind === 'network-policy' && namespace === undefined)
    .map(({ name, place }) => ({ name, source: placeToString(place) }));
  return { named, unplaced, clusters, issues: [...issues.values()] };
}

/** The policies of a construct. Those of kinds that are not read count too: what they change is not known. */
function policiesIn(construct: IConstruct): PolicyObject[] {
  if (!isApiObject(construct) || isWritten(construct)) return [];
  const { apiVersion, node } = construct;
  const kind = textOf(construct.kind); // `Include` takes objects without one
  if (!kind.endsWith('List') && !mayBePolicy(apiVersion, kind)) return [];
  const found: PolicyObject[] = [];
  const placeOf = (item: string): Place => ({ construct: node.path, ...(item ? { field: item } : {}) });
  openObject(construct.toJson(), placeOf, {
    object(object, place) {
      const { role } = roleOf(object);
      if (role !== 'network-policy' && role !== 'unread') return;
      const { name, generateName, namespace, labels } = fieldsOf(object['metadata']);
      found.push({
        object,
        kind: role,
        place,
        namespace: textOf(namespace) || undefined,
        name: textOf(name) || textOf(generateName),
        labels: fieldsOf(labels),
      });
    },
    // Other objects of a list are not asked about here.
    stray() {},
    issue() {},
  });
  return found;
}

function mayBePolicy(apiVersion: string, kind: string): boolean {
  return kind === 'NetworkPolicy' || mayDecide(groupOf(apiVersion) ?? '', kind);
}

function byCluster(
  objects: readonly PolicyObject[],
  environments: readonly EnvironmentModel[],
): ReadonlyMap<string, readonly PolicyObject[]> {
  const found = new Map<string, PolicyObject[]>();
  for (const object of objects) {
    for (const cluster of new Set(environmentsOf(object.labels, environments).map((e) => e.cluster))) {
      const list = found.get(cluster) ?? [];
      found.set(cluster, list);
      list.push(object);
    }
  }
  return found;
}
