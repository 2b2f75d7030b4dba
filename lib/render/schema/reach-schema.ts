import {
  cni,
  count,
  dialect,
  direction,
  exposure,
  list,
  addresses as listedAddresses,
  namespaces,
  place,
  reason,
  record,
  text,
  texts,
  totals,
  unread,
  workload,
  workloads,
} from './parts';

const because = list({ $ref: '#/$defs/reason' });
const decision = { enum: ['allowed', 'unknown'] } as const;
const addresses = { $ref: '#/$defs/addresses' } as const;
const outside = { enum: ['allowed', 'unknown', 'denied'] } as const;
const reached = { $ref: '#/$defs/reached' } as const;
const namedRule = {
  name: { ...text, description: '`shop/cart ingress[0]`' },
  place: { $ref: '#/$defs/place' },
} as const;

const head = {
  version: { const: 1 },
  cni,
  totals,
  namespaces,
  unread,
} as const;

const reachedAddresses = list(
  record({ hops: count, decision, addresses, workloads, ports: texts, because }),
  'addresses outside the cluster, by the nearest workloads that may send there',
);

const blastRadius = record(
  {
    ...head,
    mode: { const: 'from' },
    from: record({ text, workloads, addresses }, ['addresses']),
    maxHops: count,
    reached,
    rows: list(
      record(
        {
          hops: { ...count, description: 'connections that it takes; 1 is direct' },
          decision: {
            ...decision,
            description: '`unknown`: some connection of every way that is so short is left open',
          },
          via: { $ref: '#/$defs/workload', description: 'the last stop; without it, an address of the start connects' },
          targets: workloads,
          ports: texts,
          unknownPorts: { ...texts, description: 'further ports, on which it is left open' },
          because,
        },
        ['via'],
      ),
    ),
    addresses: reachedAddresses,
    entrances: record({ addresses: reachedAddresses, exposures: list(exposure) }),
  },
  ['maxHops'],
);

const ranking = record({
  ...head,
  mode: { const: 'ranking' },
  rows: list(
    record({
      workloads,
      direct: reached,
      all: reached,
      fromOutside: outside,
      toOutside: outside,
      exposedBy: texts,
    }),
  ),
});

const stolen = record({
  ...head,
  mode: { const: 'stolen' },
  namespace: text,
  reached: record({ allowed: count, unknown: count, withAnyLabels: count }),
  rows: list(
    record(
      {
        direction,
        workloads,
        addresses,
        ports: texts,
        labels: { ...text, description: 'labels that the pod needs for it; empty: whatever it has' },
        decision,
        rules: list(record(namedRule), 'rules that let it through'),
        because,
      },
      ['addresses'],
    ),
  ),
  advice: list(record({ text, rules: list(record({ ...namedRule, labels: texts })) })),
});

/** JSON Schema of what `tierwall reach --output json` prints, by `mode`. Within a version, fields are only added. */
export const reachSchema = {
  $schema: dialect,
  title: 'tierwall reach',
  anyOf: [blastRadius, ranking, stolen],
  $defs: {
    workload,
    reason,
    place,
    reached: record({ allowed: count, unknown: { ...count, description: 'beside those, perhaps' } }),
    addresses: listedAddresses,
  },
} as const;
