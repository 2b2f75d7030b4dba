import { setTimeout as wait } from 'node:timers/promises';
import { fieldsOf, textOf } from '../validation/json-value';
import { ApiFailure, kindOfStatus } from './api-failure';
import type { ApiServer } from './api-server';
import { listAll, selectionOf } from './list';
import { neededOf } from './needed-fields';
import { pathOf, type Resource, resourceToString } from './resources';

export interface WatchHandler {
  /** All objects of the kind, as they are now. */
  listed(resource: Resource, objects: readonly object[]): void;
  changed(resource: Resource, change: 'set' | 'deleted', object: object): void;
  /** What interrupted the watch, which goes on by itself; undefined: it was answered again. */
  interrupted(resource: Resource, failure: ApiFailure | undefined): void;
}

/** The server ends a watch after so long, so that one that is dead without telling is noticed. */
const watchSeconds = 240;
const [firstPause, longestPause] = [250, 15_000];
/** One that ends before, without a line, was not taken up: whoever ended it would do so again. */
const shortestMs = 1_000;

/**
 * Keeps the handler up to date with all objects of a kind, until the signal ends it: whatever interrupts it, it goes on from where it
 * was, or from a new list where the server no longer knows that. Nothing is missed and nothing is kept that is gone.
 */
export async function watchResource(
  api: ApiServer,
  resource: Resource,
  handler: WatchHandler,
  signal: AbortSignal,
): Promise<void> {
  let version = '';
  let pause = firstPause;
  let listedAnewAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    try {
      if (version === '') {
        const { objects, resourceVersion } = await listAll(api, resource, neededOf, signal);
        handler.listed(resource, objects);
        version = resourceVersion;
      }
      for await (const next of follow(api, resource, version, handler, signal)) {
        version = next;
        pause = firstPause;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiFailure)) throw error;
      // What was deleted while the server was away is known to a new list alone, if it forgot the versions.
      if (error.kind === 'gone' || error.kind === 'refused') version = '';
      if (error.kind === 'gone' && performance.now() - listedAnewAt > longestPause) {
        listedAnewAt = performance.now();
        continue;
      }
      handler.interrupted(resource, error);
      await wait(Math.max(pause * (0.5 + Math.random() / 2), (error.retryAfter ?? 0) * 1000), undefined, {
        signal,
      }).catch(() => {});
      pause = Math.min(2 * pause, longestPause);
    }
  }
}

/** Hands on each change, and gives the version after it. Ends when the server ends it. @throws ApiFailure, also where it ends at once */
async function* follow(
  api: ApiServer,
  resource: Resource,
  version: string,
  handler: WatchHandler,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { group, version: served, kind } = resource;
  const apiVersion = group === '' ? served : `${group}/${served}`;
  const query = new URLSearchParams({
    watch: '1',
    allowWatchBookmarks: 'true',
    resourceVersion: version,
    timeoutSeconds: String(watchSeconds),
    ...selectionOf(resource),
  });
  const what = `watch ${resourceToString(resource)}`;
  const path = `${pathOf(resource)}?${query}`;
  const request = { method: 'GET', path, what, signal, idleMs: (watchSeconds + 30) * 1000 } as const;
  const start = performance.now();
  let lines = 0;
  for await (const line of api.lines(request, () => handler.interrupted(resource, undefined))) {
    lines++;
    const { type, object } = parsed(line, what, api.name);
    if (type === 'ERROR') {
      const { code, message } = fieldsOf(object);
      throw new ApiFailure(kindOfStatus(Number(code)), `${what} of cluster ${api.name}`, textOf(message), Number(code));
    }
    if (type !== 'BOOKMARK') {
      const needed = neededOf({ apiVersion, kind, ...fieldsOf(object) });
      handler.changed(resource, type === 'DELETED' ? 'deleted' : 'set', needed);
    }
    yield textOf(fieldsOf(fieldsOf(object)['metadata'])['resourceVersion']);
  }
  if (lines === 0 && performance.now() - start < shortestMs)
    throw new ApiFailure('unreachable', `${what} of cluster ${api.name}`, 'the answer ended at once');
}

function parsed(line: string, what: string, name: string): Readonly<Record<string, unknown>> {
  try {
    return fieldsOf(JSON.parse(line));
  } catch {
    throw new ApiFailure('unreachable', `${what} of cluster ${name}`, 'the answer broke off');
  }
}
