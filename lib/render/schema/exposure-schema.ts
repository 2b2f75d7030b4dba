import {
  cni,
  count,
  dialect,
  direction,
  list,
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

/** JSON Schema of what `tierwall connectivity --open --output json` prints. Within a version, fields are only added. */
export const exposureSchema = {
  $schema: dialect,
  title: 'tierwall connectivity --open',
  ...record({
    version: { const: 1 },
    cni,
    totals,
    rows: list(
      record({
        direction,
        workloads,
        pods: list(
          record(
            {
              text,
              known: { ...texts, description: 'names of namespaces whose pods these are' },
              elsewhere: {
                ...text,
                description: 'labels that a namespace outside the input has to have; without it, no such namespace',
              },
              labels: { ...text, description: 'labels that the pods have to have, as in `app=a|b,!debug`' },
              together: { ...text, description: 'what all pods of the row with this text are together' },
            },
            ['elsewhere', 'together'],
          ),
        ),
        are: { enum: ['stranger', 'workload'], description: '`workload`: with the labels of a workload of the input' },
        ports: { ...texts, description: '`8080/TCP`, `grpc/TCP` for the port that the pod calls so, or `*`' },
        decision: { enum: ['allowed', 'unknown'] },
        because: list({ $ref: '#/$defs/reason' }, 'empty where it is allowed'),
      }),
      'each workload could be reached by each of the pods (ingress), or could reach them (egress)',
    ),
    standIns: {
      ...workloads,
      description: 'pods with just the labels that a policy selects, for namespaces without workloads in the input',
    },
    closed: { ...workloads, description: 'those that no pod outside the input could reach, and that could reach none' },
    namespaces: list(record({ name: text, workloads: count })),
    assumed: { ...texts, description: 'namespaces without a Namespace object: only the label with the name is known' },
    unread,
  }),
  $defs: { workload, reason, place },
} as const;
