import type { PlacedWorkload } from '../../model/cluster';
import { resolveNames } from '../../model/named-ports';
import type { PodPort } from '../../model/workload';
import type { AddressSet } from '../../sets/address-set';
import { PortSet } from '../../sets/port-set';

/** Known workloads and addresses outside the cluster that a filter names. */
export interface PartySet {
  /** As the user wrote it. */
  readonly text: string;
  readonly workloads: ReadonlySet<PlacedWorkload>;
  readonly addresses: AddressSet;
}

/** What is listed: connections that fit every filter that is given. */
export interface ListingFilters {
  readonly from?: PartySet;
  readonly to?: PartySet;
  /** At either end. */
  readonly focus?: PartySet;
  readonly ports?: {
    readonly text: string;
    /** Names stand for the ports that the destination's containers call so. */
    readonly set: PortSet;
  };
}

/** The ports that the filter lets through at a destination that has these. */
export function filteredPorts({ ports: filter }: ListingFilters, own: readonly PodPort[]): PortSet {
  return filter ? resolveNames(filter.set, own) : PortSet.all;
}
