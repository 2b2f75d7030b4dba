import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Connectivity } from '../../../lib/analysis/connectivity/connectivity';
import { listBlastRadius } from '../../../lib/analysis/reach-listing';
import { listReachRanking } from '../../../lib/analysis/reach-ranking';
import { listStolenReach } from '../../../lib/analysis/stolen-listing';
import { defaultProfile } from '../../../lib/model/cni-profiles';
import type { ReachListing } from '../../../lib/model/reach-listing';
import { reachToJson } from '../../../lib/render/reach/json';
import { reachSchema } from '../../../lib/render/schema/reach-schema';
import { addressesOf } from '../../../lib/sets/address-set';
import { IntervalSet } from '../../../lib/sets/interval-set';

import { cluster, profile } from '../../support/arbitrary-cluster';
import { schemaErrors } from '../../support/json-schema';

const errors = (listing: ReachListing) => schemaErrors(reachSchema, JSON.parse(reachToJson(listing)));

describe('reach as JSON is as its schema describes it', () => {
  it('from workloads and addresses, in the ranking, and for a stolen pod', () => {
    fc.assert(
      fc.property(cluster, profile, fc.boolean(), (world, cni, fromOutside) => {
        const connectivity = new Connectivity(world, cni);
        const start = {
          text: 'start',
          workloads: new Set(world.workloads.slice(0, 1)),
          addresses: fromOutside ? addressesOf({ cidr: '0.0.0.0/0', except: [] }) : IntervalSet.union<bigint>([]),
        };
        expect(errors(listBlastRadius(connectivity, start, { maxHops: 2 }))).toEqual([]);
        expect(errors(listReachRanking(connectivity))).toEqual([]);
        expect(errors(listStolenReach(connectivity, 'a'))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('and of nothing else', () => {
    const connectivity = new Connectivity(
      { namespaces: [], workloads: [], services: [], exposures: [], policies: [], unread: [], skipped: new Map() },
      defaultProfile,
    );
    const ranking = JSON.parse(reachToJson(listReachRanking(connectivity))) as object;
    expect(schemaErrors(reachSchema, { ...ranking, more: 1 })).toContain('$.more: is not described');
    expect(schemaErrors(reachSchema, { ...ranking, mode: 'other' })).not.toEqual([]);
  });
});
