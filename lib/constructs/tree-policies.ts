import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { TreePolicy } from '../analysis/check/policy-names';
import type { Cluster } from '../model/cluster';
import { InputError, type Issue } from '../model/issue';
import { clusterOfObjects } from '../read/cluster';
import { isApiObject } from './cdk8s-kinds';
import { isWritten } from './written-object';

/** What the app itself writes beside ours, from cdk8s-plus or as plain objects. */
export interface TreePolicies {
  readonly named: readonly TreePolicy[];
  /** Read as the API server would take them; undefined if there are none, or some cannot be read. */
  readonly cluster: Cluster | undefined;
  /** What is wrong with them. */
  readonly issues: readonly Issue[];
}

export function treePolicies(tree: readonly IConstruct[]): TreePolicies {
  const objects = tree.filter((construct) => isPolicy(construct));
  const named = objects
    .filter(({ kind, apiGroup }) => kind === 'NetworkPolicy' && apiGroup === 'networking.k8s.io')
    .map(({ name, metadata, node }) => ({ name, namespace: metadata.namespace, source: node.path }));
  if (objects.length === 0) return { named, cluster: undefined, issues: [] };
  const place = (index: number) => ({ construct: objects[index]!.node.path });
  try {
    return {
      named,
      cluster: clusterOfObjects(
        objects.map((object) => object.toJson() as unknown),
        place,
      ),
      issues: [],
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { named, cluster: undefined, issues: error.issues };
  }
}

/** Kinds of policies that are not read count too: what they change is not known. */
function isPolicy(construct: IConstruct): construct is ApiObject {
  return isApiObject(construct) && !isWritten(construct) && construct.kind.endsWith('NetworkPolicy');
}
