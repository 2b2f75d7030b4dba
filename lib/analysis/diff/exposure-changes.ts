import type { ListedExposure } from '../../model/connectivity-listing';
import type { ExposureChange } from '../../model/diff-listing';
import type { Connectivity } from '../connectivity/connectivity';
import { refsOf } from '../connectivity/listing';
import { exposuresOf } from '../connectivity/listing-exposures';
import { byKey } from '../grouping';
import type { States } from './states';

/** Ingresses and routes that lead elsewhere than they did, or to workloads whose policies let in others. */
export function exposureChanges({ before, after }: States): ExposureChange[] {
  const [old, fresh] = [exposuresIn(before), exposuresIn(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .flatMap((key): ExposureChange[] => {
      const [was, is] = [old.get(key), fresh.get(key)];
      const peers = { before: was?.peers ?? [], after: is?.peers ?? [] };
      if (was?.admits === is?.admits && peers.before.join() === peers.after.join()) return [];
      const { admits: _admits, peers: _peers, ...known } = (is ?? was)!;
      return [{ ...known, before: was?.admits ?? 'none', after: is?.admits ?? 'none', peers }];
    })
    .sort(byKey(keyOf));
}

function exposuresIn(connectivity: Connectivity): ReadonlyMap<string, ListedExposure> {
  const refs = refsOf(connectivity.cluster.workloads);
  const listed = exposuresOf(
    connectivity,
    (workload) => refs.get(workload)!,
    () => true,
  );
  return new Map(listed.map((exposure) => [keyOf(exposure), exposure] as const));
}

function keyOf({
  kind,
  namespace,
  name,
  service,
  workload,
  ports,
}: Pick<ListedExposure, 'kind' | 'namespace' | 'name' | 'service' | 'workload' | 'ports'>): string {
  return [namespace, name, kind, service, workload?.kind ?? '', workload?.id ?? '', ports.join()].join('\0');
}
