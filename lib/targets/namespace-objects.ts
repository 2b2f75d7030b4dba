import type { NetworkPolicy, ObjectMeta } from '../model/network-policy';
import type { NamespaceModel } from '../model/program';
import { annotationsOf } from './annotations';
import { policyLabels } from './names';

export interface NamespaceObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Namespace';
  readonly metadata: ObjectMeta;
}

/** Denies everything, in both directions, to every pod of the namespace. */
export function defaultDeny(namespace: NamespaceModel): NetworkPolicy {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: {
      name: namespace.defaultDenyName,
      namespace: namespace.name,
      labels: policyLabels,
      annotations: annotationsOf(namespace, []),
    },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  };
}

/**
 * The Namespace itself, for a namespace that is written and not only expected. Argo CD and Flux must not delete it, and all
 * that runs in it, with a deleted line of code.
 */
export function namespaceObject(namespace: NamespaceModel): NamespaceObject | undefined {
  if (namespace.object === 'expected') return undefined;
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: namespace.name,
      labels: { ...policyLabels, ...namespace.labels },
      annotations: {
        'argocd.argoproj.io/sync-options': 'Delete=false,Prune=false',
        'kustomize.toolkit.fluxcd.io/prune': 'disabled',
        ...annotationsOf(namespace, []),
      },
    },
  };
}
