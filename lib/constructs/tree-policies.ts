import type { IConstruct } from 'constructs';
import type { TreePolicy } from '../analysis/check/policy-names';
import { isApiObject } from './cdk8s-kinds';
import { isWritten } from './written-object';

/** The NetworkPolicies that the app writes beside ours, from cdk8s-plus or as plain objects. */
export function treePolicies(tree: readonly IConstruct[]): TreePolicy[] {
  return tree.flatMap((construct) => {
    if (!isApiObject(construct) || isWritten(construct)) return [];
    const { apiGroup, kind, name, metadata, node } = construct;
    return kind === 'NetworkPolicy' && apiGroup === 'networking.k8s.io'
      ? [{ name, namespace: metadata.namespace, source: node.path }]
      : [];
  });
}
