import type { NetworkPolicy } from '../model/network-policy';
import { fieldsOf, textOf } from '../validation/json-value';
import type { ApiServer } from './api-server';

/** Under which tierwall applies, so that the API server knows what is its own. */
export const fieldManager = 'tierwall';

/** `dry-run`: the server does all but keep it. */
export type WriteMode = 'real' | 'dry-run';

/** What was last seen under the name: a write that meets anything else is refused by the server. */
export interface Seen {
  readonly uid: string;
  readonly resourceVersion: string;
}

/** Of an object as the server gave it. */
export function seenOf(object: unknown): Seen {
  const { uid, resourceVersion } = fieldsOf(fieldsOf(object)['metadata']);
  return { uid: textOf(uid), resourceVersion: textOf(resourceVersion) };
}

/**
 * Writes a policy by server-side apply. What is not there is created, unless somebody else creates another one meanwhile; what is
 * there is replaced as far as its meaning goes, whoever changed it, unless it changed since it was seen.
 * @returns the policy as it is then
 * @throws ApiFailure of kind `conflict` if it is not as it was seen
 */
export function applyPolicy(
  api: ApiServer,
  policy: NetworkPolicy,
  seen: Seen | undefined,
  mode: WriteMode,
  signal?: AbortSignal,
): Promise<unknown> {
  const { name, namespace, labels, annotations } = policy.metadata;
  const query = new URLSearchParams({
    fieldManager,
    fieldValidation: 'Strict',
    ...(seen ? { force: 'true' } : {}),
    ...dryRun(mode),
  });
  const metadata = { name, namespace, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}), ...seen };
  // Lists that somebody added are gone only if they are said to be empty.
  const spec = { ingress: [], egress: [], ...policy.spec };
  return api.ask({
    method: 'PATCH',
    path: `${pathOf(namespace!, name)}?${query}`,
    what: `apply networkpolicy ${namespace}/${name}`,
    body: { apiVersion: policy.apiVersion, kind: policy.kind, metadata, spec },
    type: 'application/apply-patch+yaml',
    signal,
  });
}

/** Deletes a policy, if it is the one that was seen. One that is gone already is no failure. @throws ApiFailure */
export async function deletePolicy(
  api: ApiServer,
  namespace: string,
  name: string,
  preconditions: Seen,
  mode: WriteMode,
  signal?: AbortSignal,
): Promise<void> {
  // Where there is a body, the server takes no option from the query, and so no dry run either.
  const options = { preconditions, ...(mode === 'dry-run' ? { dryRun: ['All'] } : {}) };
  await api
    .ask({
      method: 'DELETE',
      path: pathOf(namespace, name),
      what: `delete networkpolicy ${namespace}/${name}`,
      body: { apiVersion: 'v1', kind: 'DeleteOptions', ...options },
      signal,
    })
    .catch((error: { readonly kind?: string }) => {
      if (error.kind !== 'not-found') throw error;
    });
}

/** Creates or updates a Namespace, as far as the object says. @throws ApiFailure */
export function applyNamespace(api: ApiServer, object: object, name: string, mode: WriteMode): Promise<unknown> {
  const query = new URLSearchParams({ fieldManager, ...dryRun(mode) });
  return api.ask({
    method: 'PATCH',
    path: `/api/v1/namespaces/${name}?${query}`,
    what: `apply namespace ${name}`,
    body: object,
    type: 'application/apply-patch+yaml',
  });
}

function dryRun(mode: WriteMode): Record<string, string> {
  return mode === 'dry-run' ? { dryRun: 'All' } : {};
}

function pathOf(namespace: string, name: string): string {
  return `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/${name}`;
}
