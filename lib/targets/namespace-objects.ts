import type { NetworkPolicy, ObjectMeta } from '../model/network-policy';
import { policyLabels } from '../model/policy-labels';
import { defaultDenyOf, type NamespaceModel, type RawPolicyModel } from '../model/program';
import { annotationsOf, becauseAnnotation, onOneLine } from './annotations';
import { policyTypesOf, rawPolicyName } from './names';

export interface NamespaceObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Namespace';
  readonly metadata: ObjectMeta;
}

/** Denies everything, in the directions that the namespace isolates, to every pod of it; undefined where pods that no service names stay open. */
export function defaultDeny(namespace: NamespaceModel): NetworkPolicy | undefined {
  const policyTypes = policyTypesOf(defaultDenyOf(namespace));
  if (policyTypes.length === 0) return undefined;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: {
      name: namespace.defaultDenyName,
      namespace: namespace.name,
      labels: policyLabels,
      annotations: annotationsOf(namespace, []),
    },
    spec: { podSelector: {}, policyTypes },
  };
}

/** A policy as it was given, under a name of ours. */
export function rawPolicy(raw: RawPolicyModel): NetworkPolicy {
  const because = { [becauseAnnotation]: onOneLine(raw.because) };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: {
      name: rawPolicyName(raw),
      namespace: raw.namespace.name,
      labels: policyLabels,
      annotations: { ...because, ...annotationsOf(raw, []) },
    },
    spec: raw.spec,
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
