import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Connectivity } from '../../../lib/analysis/connectivity/connectivity';
import { listExposure } from '../../../lib/analysis/exposure-listing';
import { exposureToJson } from '../../../lib/render/exposure/json';
import { exposureSchema } from '../../../lib/render/schema/exposure-schema';
import { cluster, profile } from '../../support/arbitrary-cluster';
import { schemaErrors } from '../../support/json-schema';

it('exposure as JSON is as its schema describes it', () => {
  fc.assert(
    fc.property(cluster, profile, (world, cni) => {
      const value = JSON.parse(exposureToJson(listExposure(new Connectivity(world, cni)))) as object;
      expect(schemaErrors(exposureSchema, value)).toEqual([]);
      expect(schemaErrors(exposureSchema, { ...value, more: 1 })).toEqual(['$.more: is not described']);
    }),
  );
});
