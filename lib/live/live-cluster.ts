import type { ApiServer } from '../cluster/api-server';
import { liveObjects } from '../cluster/live-objects';
import type { Cluster } from '../model/cluster';
import { readCluster } from '../read/cluster';
import { livePrefix } from '../read/sources';

/** A live cluster as every analysis reads it. @throws InputError */
export function readLiveCluster(api: ApiServer, note: (text: string) => void, signal?: AbortSignal): Promise<Cluster> {
  return readCluster([livePrefix], { cwd: '.', live: () => liveObjects(api, note, { signal }) });
}
