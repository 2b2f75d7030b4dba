import {
  addresses,
  cni,
  count,
  dialect,
  direction,
  exposure,
  list,
  namespaces,
  place,
  reason,
  record,
  text,
  texts,
  totals,
  unread,
  workload,
  workloadFields,
  workloads,
} from './parts';

const portFields = {
  ports: {
    ...texts,
    minItems: 1,
    description:
      '`8080/TCP`, `8000-8999/TCP`, `*` for every port of every protocol, or `other` for protocols without ports, as ICMP',
  },
  decision: {
    enum: ['allowed', 'unknown'],
    description: '`unknown`: left open by the API, on ports that no other row allows',
  },
  because: { type: 'array', items: { $ref: '#/$defs/reason' }, description: 'empty where it is allowed' },
} as const;

/**
 * JSON Schema of what `tierwall connectivity --output json` prints. Within a version, fields are only added.
 * Rows may meet: what two workloads may say to each other is what all rows with both of them hold together.
 */
export const connectivitySchema = {
  $schema: dialect,
  title: 'tierwall connectivity',
  ...record({
    version: { const: 1 },
    cni,
    totals,
    filters: record({ from: text, to: text, focus: text, ports: text }, ['from', 'to', 'focus', 'ports']),
    connections: {
      type: 'array',
      description: 'each source may reach each destination; a workload on both sides means its pods among each other',
      items: record({ sources: workloads, destinations: workloads, ...portFields }),
    },
    outside: {
      type: 'array',
      description: 'each workload may be reached from each address (ingress), or may reach it (egress)',
      items: record({
        direction,
        addresses,
        workloads,
        ...portFields,
      }),
    },
    workloads: {
      type: 'array',
      items: record({
        ...workloadFields,
        network: { enum: ['pod', 'host'] },
        ingress: { $ref: '#/$defs/isolation' },
        egress: { $ref: '#/$defs/isolation' },
        selectedBy: { ...texts, description: 'policies that select its pods' },
      }),
    },
    namespaces,
    rulesByNamespaceLabels: { ...count, description: 'rules that select namespaces by other labels than the name' },
    strangers: {
      ...record({ ingress: workloads, egress: workloads }),
      description: 'workloads that rules open to pods of which the input has none',
    },
    idlePolicies: { ...texts, description: 'policies that select no workload of the input' },
    exposures: list(exposure),
    unread,
    skipped: list(record({ what: text, count })),
  }),
  $defs: {
    workload,
    reason,
    isolation: { enum: ['open', 'isolated', 'unknown'] },
    place,
  },
} as const;
