import { riskIds } from '../../model/risk';

const text = { type: 'string' } as const;
const texts = { type: 'array', items: text } as const;
const count = { type: 'integer', minimum: 0 } as const;
const direction = { enum: ['ingress', 'egress'] } as const;
const workloads = { type: 'array', items: { $ref: '#/$defs/workload' } } as const;
const causes = { type: 'array', minItems: 1, items: { $ref: '#/$defs/cause' } } as const;
const internet = { enum: ['all', 'some', 'none'], description: 'which of the addresses are public' } as const;
const isolation = { enum: ['open', 'isolated', 'unknown'] } as const;
const admits = { enum: ['none', 'anyone', 'some', 'nobody', 'unknown'] } as const;

function record<P extends Record<string, unknown>>(properties: P, optional: readonly (keyof P)[] = []) {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false } as const;
}

function list<P extends Record<string, unknown>>(
  properties: P,
  description: string,
  optional: readonly (keyof P)[] = [],
) {
  return { type: 'array', description, items: record(properties, optional) } as const;
}

const ports = {
  change: { enum: ['added', 'removed', 'changed'] },
  before: { $ref: '#/$defs/ports' },
  after: { $ref: '#/$defs/ports' },
  gained: {
    ...record({ allowed: texts, unknown: texts }),
    description: '`allowed`: were denied or unknown; `unknown`: were denied',
  },
  lost: {
    ...record({ denied: texts, unknown: texts }),
    description: '`denied`: were allowed or unknown; `unknown`: were allowed',
  },
  because: list({ question: text, examples: { ...texts, maxItems: 3 } }, 'why something is unknown, on either side'),
  causes,
} as const;

const bothSides = <T>(side: T) => record({ before: side, after: side });
const totals = record({ namespaces: count, workloads: count, policies: count });
const unread = list(
  { kind: text, name: text, namespace: text, place: { $ref: '#/$defs/place' } },
  'policies of kinds that are not read',
  ['namespace'],
);
const addresses = record({ text, ranges: { ...texts, description: 'CIDRs, `first-last`, or `any address`' } });

/** JSON Schema of what `tierwall diff --output json` prints. Within a version, fields are only added. A pair of workloads is in one row at most. */
export const diffSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'tierwall diff',
  ...record({
    version: { const: 1 },
    cni: record({ id: text, name: text }),
    verdict: {
      enum: ['equal', 'different', 'unknown'],
      description: '`equal`: proved; `unknown`: none was found, but there are policies of kinds that are not read',
    },
    totals: bothSides(totals),
    connections: list(
      {
        sources: workloads,
        destinations: workloads,
        pairs: count,
        ...ports,
        except: list(
          { source: { $ref: '#/$defs/workload' }, destinations: workloads },
          'pairs of which the row does not hold; only in rows of very many pairs',
        ),
      },
      'from each source to each destination; a workload on both sides means its pods among each other',
    ),
    outside: list({ direction, addresses, internet, workloads, ...ports }, 'between each workload and each address'),
    workloads: record({ added: workloads, removed: workloads }),
    isolation: list(
      { direction, before: isolation, after: isolation, workloads, causes },
      'workloads of both sides only',
    ),
    exposures: list(
      {
        kind: { enum: ['Ingress', 'HTTPRoute', 'Route'] },
        namespace: text,
        name: text,
        service: text,
        workload: { $ref: '#/$defs/workload' },
        ports: texts,
        before: admits,
        after: admits,
        peers: bothSides(texts),
        place: { $ref: '#/$defs/place' },
      },
      '`none`: it does not lead there',
      ['workload'],
    ),
    possible: list(
      {
        kind: { enum: ['gained', 'lost'] },
        direction,
        pods: { $ref: '#/$defs/pods' },
        peers: record({ pods: { type: 'array', minItems: 1, items: { $ref: '#/$defs/pods' } }, addresses }, [
          'pods',
          'addresses',
        ]),
        internet,
        ports: texts,
        are: {
          enum: ['stranger', 'workload'],
          description: '`workload`: both ends have the labels of workloads of the input',
        },
        extent: { enum: ['whole', 'part'] },
        example: text,
        causes,
      },
      'over every pod that could exist, each direction by itself',
    ),
    guarantees: list(
      {
        change: { enum: ['added', 'removed', 'changed'] },
        path: text,
        before: text,
        after: text,
        place: { $ref: '#/$defs/place' },
      },
      'of apps',
      ['before', 'after'],
    ),
    risks: list(
      {
        id: { enum: riskIds },
        rows: list(
          {
            list: { enum: ['connections', 'outside', 'isolation', 'exposures', 'possible', 'guarantees', 'unread'] },
            index: count,
            between: texts,
          },
          'positions in the lists of this document; `unread` is the one after',
          ['between'],
        ),
      },
      'those that there are',
    ),
    policies: record({ added: texts, removed: texts, changed: texts }),
    compared: record({ boxes: count, namespaces: count, alike: count }),
    unread: bothSides(unread),
    namespaces: list({ name: text, workloads: count }, 'of both sides together'),
  }),
  $defs: {
    workload: record({
      id: { ...text, description: '`namespace/name`, with the kind before it where two kinds share that' },
      namespace: text,
      name: text,
      kind: {
        enum: [
          'Deployment',
          'StatefulSet',
          'DaemonSet',
          'ReplicaSet',
          'ReplicationController',
          'Job',
          'CronJob',
          'Pod',
        ],
      },
    }),
    ports: {
      ...record({ allowed: texts, unknown: texts }),
      description:
        '`8080/TCP`, `8000-8999/TCP`, `*` for every port of every protocol, or `other` for protocols without ports; both empty: denied',
    },
    cause: record({
      kind: { enum: ['rule', 'isolation', 'workload', 'pods', 'namespace', 'unread'] },
      side: { enum: ['before', 'after'], description: '`before`: it was there, and is gone or another one' },
      name: text,
      place: { $ref: '#/$defs/place' },
    }),
    pods: record({ text, known: texts, elsewhere: text, labels: text }, ['elsewhere']),
    place: record({ file: text, line: { type: 'integer', minimum: 1 }, field: text }, ['file', 'line', 'field']),
  },
} as const;
