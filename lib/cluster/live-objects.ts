import { InputError } from '../model/issue';
import { KeptPlace } from '../read/kept-place';
import type { ReceivedObject } from '../read/received-object';
import { ApiFailure } from './api-failure';
import type { ApiServer } from './api-server';
import { listAll } from './list';
import { neededOf } from './needed-fields';
import { servedResources } from './served';

/** How many kinds are listed at the same time: enough to wait for the network once, too few to be throttled. */
const atOnce = 4;

/**
 * The objects of a live cluster that say something of its network, as they are now. Nothing is written.
 * @param note receives what could not be looked at and need not be
 * @throws InputError for every kind that cannot be listed
 */
export async function* liveObjects(
  api: ApiServer,
  note: (text: string) => void,
  signal?: AbortSignal,
): AsyncGenerator<ReceivedObject> {
  const file = `cluster ${api.name}`;
  const resources = await orInputError(() => servedResources(api, note, signal));
  const failures: ApiFailure[] = [];
  for (let i = 0; i < resources.length; i += atOnce) {
    const lists = resources.slice(i, i + atOnce).map((resource) =>
      listAll(api, resource, neededOf, signal).catch((error: unknown) => {
        if (!(error instanceof ApiFailure)) throw error;
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
  if (failures.length > 0) throw new InputError(failures.map((failure) => failure.toIssue()));
}

/** @throws InputError in place of an `ApiFailure` */
export async function orInputError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ApiFailure ? new InputError([error.toIssue()]) : error;
  }
}
