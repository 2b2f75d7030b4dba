import { count, dialect, direction, record, text, texts } from './parts';

const workloadFields = {
  id: { ...text, description: '`namespace/name`, with the kind before it where two kinds share that' },
  namespace: text,
  name: text,
  kind: {
    enum: ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job', 'CronJob', 'Pod'],
  },
} as const;
const workloads = { type: 'array', items: { $ref: '#/$defs/workload' } } as const;
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
    cni: record({ id: text, name: text }),
    totals: record({ namespaces: count, workloads: count, policies: count }),
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
        addresses: record({ text, ranges: { ...texts, description: 'CIDRs, `first-last`, or `any address`' } }),
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
    namespaces: {
      type: 'array',
      items: record({
        name: text,
        workloads: count,
        labels: { enum: ['given', 'assumed'], description: '`assumed`: only the label with its name is known' },
      }),
    },
    rulesByNamespaceLabels: { ...count, description: 'rules that select namespaces by other labels than the name' },
    idlePolicies: { ...texts, description: 'policies that select no workload of the input' },
    exposures: {
      type: 'array',
      items: record(
        {
          kind: { enum: ['Ingress', 'HTTPRoute', 'Route'] },
          namespace: text,
          name: text,
          service: text,
          workload: { $ref: '#/$defs/workload' },
          ports: texts,
          admits: { enum: ['anyone', 'some', 'nobody', 'unknown'] },
          peers: texts,
          place: { $ref: '#/$defs/place' },
        },
        ['workload'],
      ),
    },
    unread: {
      type: 'array',
      description: 'policies of kinds that are not read: what they could change is unknown',
      items: record({ kind: text, name: text, namespace: text, place: { $ref: '#/$defs/place' } }, ['namespace']),
    },
    skipped: { type: 'array', items: record({ what: text, count }) },
  }),
  $defs: {
    workload: record(workloadFields),
    reason: record({ question: text, examples: { ...texts, maxItems: 3 } }),
    isolation: { enum: ['open', 'isolated', 'unknown'] },
    place: record({ file: text, line: { type: 'integer', minimum: 1 }, field: text }, ['file', 'line', 'field']),
  },
} as const;
