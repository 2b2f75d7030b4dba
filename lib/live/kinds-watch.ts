import { setTimeout as wait } from 'node:timers/promises';
import { ApiFailure } from '../cluster/api-failure';
import type { ApiServer } from '../cluster/api-server';
import { pathOf, type Resource, saysWho } from '../cluster/resources';
import { servedResources } from '../cluster/served';
import { type WatchHandler, watchResource } from '../cluster/watch';

/** How often it is looked for kinds that were installed or removed. */
const discoverMs = 20_000;
const retryMs = 2_000;

export interface KindsHandler extends WatchHandler {
  /** The kinds that are watched from now on; of others, all objects are gone. */
  served(resources: readonly Resource[]): void;
  undiscovered(failure: ApiFailure): void;
  note(text: string): void;
}

/** Watches all kinds that the server serves, also those that are installed later, until the signal. */
export async function watchKinds(api: ApiServer, handler: KindsHandler, signal: AbortSignal): Promise<void> {
  const watches = new Map<string, { readonly stop: AbortController; readonly ended: Promise<void> }>();
  const noted = new Set<string>();
  const note = (text: string) => {
    if (!noted.has(text)) handler.note(text);
    noted.add(text);
  };
  let failed: unknown;
  while (!signal.aborted && failed === undefined) {
    let pause = discoverMs;
    try {
      const resources = (await servedResources(api, note, signal)).filter(saysWho);
      const served = new Set(resources.map(pathOf));
      for (const [path, { stop }] of watches) {
        if (served.has(path)) continue;
        stop.abort();
        watches.delete(path);
      }
      handler.served(resources);
      for (const resource of resources) {
        if (watches.has(pathOf(resource))) continue;
        const stop = new AbortController();
        const own = AbortSignal.any([signal, stop.signal]);
        const ended = watchResource(api, resource, handler, own).catch((error: unknown) => {
          failed = error;
        });
        watches.set(pathOf(resource), { stop, ended });
      }
    } catch (error) {
      if (signal.aborted) break;
      if (!(error instanceof ApiFailure)) throw error;
      handler.undiscovered(error);
      pause = retryMs;
    }
    await wait(pause, undefined, { signal }).catch(() => {});
  }
  for (const { stop } of watches.values()) stop.abort();
  await Promise.all([...watches.values()].map(({ ended }) => ended));
  if (failed !== undefined) throw failed;
}
