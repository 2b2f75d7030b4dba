import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Connectivity } from '../../../lib/analysis/connectivity/connectivity';
import { listConnectivity } from '../../../lib/analysis/connectivity/listing';
import { connectivityToJson } from '../../../lib/render/connectivity/json';
import { connectivitySchema } from '../../../lib/render/schema/connectivity-schema';
import { cluster, profile } from '../../support/arbitrary-cluster';
import { schemaErrors } from '../../support/json-schema';
import { shop } from './shop';

describe('connectivity as JSON', () => {
  const value = JSON.parse(connectivityToJson(shop())) as Record<string, unknown>;

  it('is as its schema describes it', () => {
    expect(schemaErrors(connectivitySchema, value)).toEqual([]);
    fc.assert(
      fc.property(cluster, profile, (world, cni) => {
        const text = connectivityToJson(listConnectivity(new Connectivity(world, cni)));
        expect(schemaErrors(connectivitySchema, JSON.parse(text))).toEqual([]);
      }),
    );
  });

  it('has no field that the schema does not describe, and lacks none', () => {
    expect(schemaErrors(connectivitySchema, { ...value, more: 1 })).toEqual(['$.more: is not described']);
    const { connections: _, ...less } = value;
    expect(schemaErrors(connectivitySchema, less)).toEqual(['$.connections: is missing']);
    expect(schemaErrors(connectivitySchema, { ...value, version: 2 })).toEqual(['$.version: is not 1']);
  });

  it('holds every list in full, and where Ingresses and unread policies are', () => {
    expect(value).toMatchObject({
      version: 1,
      totals: { namespaces: 3, workloads: 4, policies: 6 },
      idlePolicies: ['shop/forgotten'],
      skipped: [{ what: 'v1 ConfigMap', count: 1 }],
      unread: [
        { kind: 'CiliumNetworkPolicy', namespace: 'elsewhere', name: 'l7', place: { file: '14.yaml', line: 1 } },
      ],
      exposures: [{ kind: 'Ingress', workload: { id: 'shop/frontend' }, ports: ['8080/TCP'], admits: 'anyone' }],
    });
  });
});
