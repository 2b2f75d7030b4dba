/** What the schemas are made of. */
export const dialect = 'https://json-schema.org/draft/2020-12/schema';
export const text = { type: 'string' } as const;
export const texts = { type: 'array', items: text } as const;
export const count = { type: 'integer', minimum: 0 } as const;
export const line = { type: 'integer', minimum: 1 } as const;
export const direction = { enum: ['ingress', 'egress'] } as const;

/** An object with just these fields. */
export function record<P extends Record<string, unknown>>(properties: P, optional: readonly (keyof P)[] = []) {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false } as const;
}

export function list<I>(items: I, description?: string) {
  return { type: 'array', items, ...(description ? { description } : {}) } as const;
}

export const place = record({ file: text, line, field: text }, ['file', 'line', 'field']);

export const workloadFields = {
  id: { ...text, description: '`namespace/name`, with the kind before it where two kinds share that' },
  namespace: text,
  name: text,
  kind: {
    enum: ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job', 'CronJob', 'Pod'],
  },
} as const;

export const workload = record(workloadFields);

/** The definition `workload` goes with it. */
export const workloads = list({ $ref: '#/$defs/workload' });

export const reason = record({ question: text, examples: { ...texts, maxItems: 3 } });

export const cni = record({ id: text, name: text });

export const unreadFields = { kind: text, name: text, namespace: text, place: { $ref: '#/$defs/place' } } as const;

export const unread = list(
  record(unreadFields, ['namespace']),
  'policies of kinds that are not read: what they could change is unknown',
);

export const totals = record({ namespaces: count, workloads: count, policies: count });

export const addresses = record({ text, ranges: { ...texts, description: 'CIDRs, `first-last`, or `any address`' } });

export const namespaces = list(
  record({
    name: text,
    workloads: count,
    labels: { enum: ['given', 'assumed'], description: '`assumed`: only the label with its name is known' },
  }),
);

/** What leads to a workload from outside the cluster; the definitions `workload` and `place` go with it. */
export const exposureFields = {
  kind: { enum: ['Ingress', 'HTTPRoute', 'Route'] },
  namespace: text,
  name: text,
  service: text,
  workload: { $ref: '#/$defs/workload' },
  ports: texts,
  place: { $ref: '#/$defs/place' },
} as const;

export const exposure = record(
  { ...exposureFields, admits: { enum: ['anyone', 'some', 'nobody', 'unknown'] }, peers: texts },
  ['workload'],
);
