import type { Exposure } from '../model/cluster';
import { isWorkloadKind } from '../model/workload';
import { fieldsOf, textOf } from '../validation/json-value';
import type { AnyObject } from './documents';
import { type UnreadScope, unreadScope } from './unread-kinds';

/** What an object is to the reader, by its API group and kind: other groups have kinds of the same names. */
export type ObjectRole =
  | { readonly role: 'workload' | 'service' | 'namespace' | 'network-policy' }
  | { readonly role: 'exposure'; readonly kind: Exposure['kind'] }
  | { readonly role: 'unread'; readonly scope: UnreadScope }
  | { readonly role: 'none' };

/** API groups of the kinds that are read; the core group is the empty text. */
const groups: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['apps', 'extensions'],
  StatefulSet: ['apps'],
  DaemonSet: ['apps', 'extensions'],
  ReplicaSet: ['apps', 'extensions'],
  ReplicationController: [''],
  Job: ['batch'],
  CronJob: ['batch'],
  Pod: [''],
  Service: [''],
  Namespace: [''],
  NetworkPolicy: ['networking.k8s.io', 'extensions'],
  Ingress: ['networking.k8s.io', 'extensions'],
  HTTPRoute: ['gateway.networking.k8s.io'],
  // The core group is how OpenShift 3 wrote it.
  Route: ['route.openshift.io', ''],
};

const none: ObjectRole = { role: 'none' };
const roles: Readonly<Record<string, ObjectRole>> = {
  Service: { role: 'service' },
  Namespace: { role: 'namespace' },
  NetworkPolicy: { role: 'network-policy' },
  Ingress: { role: 'exposure', kind: 'Ingress' },
  HTTPRoute: { role: 'exposure', kind: 'HTTPRoute' },
  Route: { role: 'exposure', kind: 'Route' },
};
const workload: ObjectRole = { role: 'workload' };

/** The group of an `apiVersion`, empty for the core group; undefined where there is no `apiVersion`. */
export function groupOf(apiVersion: unknown): string | undefined {
  const text = textOf(apiVersion);
  if (text === '') return undefined;
  return text.includes('/') ? text.slice(0, text.lastIndexOf('/')) : '';
}

/** An object without `apiVersion` is taken for the kind that is read, so that its lack is reported. */
export function roleOf(object: AnyObject): ObjectRole {
  const group = groupOf(object['apiVersion']);
  const read = Object.hasOwn(groups, object.kind) ? groups[object.kind] : undefined;
  if (read && (group === undefined || read.includes(group))) {
    return isWorkloadKind(object.kind) ? workload : (roles[object.kind] ?? none);
  }
  const scope = unreadScope(group ?? '', object.kind, fieldsOf(object['metadata']), fieldsOf(object['spec']));
  return scope === 'none' ? none : { role: 'unread', scope };
}

/** The kind that is meant by one that its group does not have: `NetworkPolicy` by `Networkpolicy` or `NetworkPolicies`. */
export function misspelledKind({ apiVersion, kind }: AnyObject): string | undefined {
  const group = groupOf(apiVersion);
  if (group === undefined) return undefined;
  const meant = Object.keys(groups).find((own) => groups[own]!.includes(group) && singular(own) === singular(kind));
  return meant === kind ? undefined : meant;
}

function singular(kind: string): string {
  return kind.toLowerCase().replace(/ies$/, 'y').replace(/s$/, '');
}
