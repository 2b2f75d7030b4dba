import { InputError } from '../model/issue';
import { KeptPlace } from '../read/kept-place';
import type { ReceivedObject } from '../read/received-object';
import { ApiFailure } from './api-failure';
import type { ApiServer } from './api-server';
import { listAll } from './list';
import { neededOf } from './needed-fields';
import { accessKinds, configMaps } from './resources';
import { servedResources } from './served';

/** How many kinds are listed at the same time: enough to wait for the network once, too few to be throttled. */
const atOnce = 4;

/**
 * `settings`: with the settings of workloads too, in which they name each other, with ConfigMaps, and with what tells who may use the API server, as
 * far as that may be listed.
 */
export type LiveDetail = 'network' | 'settings';

/**
 * The objects of a live cluster that say something of its network, as they are now. Nothing is written.
 * @param note receives what could not be looked at and need not be
 * @throws InputError for every kind that cannot be listed
 */
export async function* liveObjects(
  api: ApiServer,
  note: (text: string) => void,
  { detail = 'network', signal }: { readonly detail?: LiveDetail; readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<ReceivedObject> {
  const file = `cluster ${api.name}`;
  const served = await orInputError(() => servedResources(api, note, signal));
  const resources = detail === 'settings' ? [...served, configMaps, ...accessKinds] : served;
  const keep = detail === 'settings' ? (object: unknown) => object as object : neededOf;
  const failures: ApiFailure[] = [];
  for (let i = 0; i < resources.length; i += atOnce) {
    const lists = resources.slice(i, i + atOnce).map((resource) =>
      listAll(api, resource, keep, signal).catch((error: unknown) => {
        if (!(error instanceof ApiFailure)) throw error;
        if (accessKinds.includes(resource) && (error.kind === 'forbidden' || error.kind === 'not-found')) {
          const { message, hint } = error.toIssue();
          note(`${message}: as far as is known, every workload may use the API server; ${hint}`);
          return { objects: resource.kind === 'ServiceAccount' ? [] : [bindingOfAll], resourceVersion: '' };
        }
        failures.push(error);
        return { objects: [], resourceVersion: '' };
      }),
    );
    for (const { objects } of await Promise.all(lists)) {
      for (const object of objects) yield { object, place: new KeptPlace(file, object) };
    }
    // Where nothing answers, the other kinds would have to be waited for as well, to say the same.
    if (failures.some(({ kind }) => kind !== 'forbidden')) break;
  }
  const issues = failures.map((failure) => failure.toIssue());
  if (issues.length > 0) throw new InputError(issues.sort((a, b) => (a.message < b.message ? -1 : 1)));
}

/** In place of bindings that may not be listed: they may name anybody. */
const bindingOfAll = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  subjects: [{ kind: 'Group', name: 'system:serviceaccounts' }],
};

/** @throws InputError in place of an `ApiFailure` */
export async function orInputError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ApiFailure ? new InputError([error.toIssue()]) : error;
  }
}
