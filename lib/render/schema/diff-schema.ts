import { riskIds } from '../../model/risk';
import {
  addresses,
  cni,
  count,
  dialect,
  direction,
  exposureFields,
  list,
  place,
  reason,
  record,
  text,
  texts,
  totals,
  unread,
  unreadFields,
  workload,
  workloads,
} from './parts';

const causes = { type: 'array', minItems: 1, items: { $ref: '#/$defs/cause' } } as const;
const internet = { enum: ['all', 'some', 'none'], description: 'which of the addresses are public' } as const;
const isolation = { enum: ['open', 'isolated', 'unknown'] } as const;
const admits = { enum: ['none', 'anyone', 'some', 'nobody', 'unknown'] } as const;

const rows = <P extends Record<string, unknown>>(
  properties: P,
  description: string,
  optional: readonly (keyof P)[] = [],
) => list(record(properties, optional), description);

const riskyRows = rows(
  {
    list: { enum: ['connections', 'outside', 'isolation', 'exposures', 'possible', 'guarantees', 'unread'] },
    index: count,
    between: texts,
    sources: workloads,
    destinations: workloads,
    workloads,
  },
  'positions in the lists of this document (`unread` is the one after), with what of the row it is about, where that is not all of it',
  ['between', 'sources', 'destinations', 'workloads'],
);

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
  because: list({ $ref: '#/$defs/reason' }, 'why something is unknown, on either side'),
  causes,
} as const;

const bothSides = <T>(side: T) => record({ before: side, after: side });

const listing = {
  cluster: { ...text, description: 'of an app that has several' },
  notes: { ...texts, description: 'what of the sources is not what a reader would take it for' },
  cni,
  verdict: {
    enum: ['equal', 'different', 'unknown'],
    description: '`equal`: proved; `unknown`: none was found, but there are policies of kinds that are not read',
  },
  totals: bothSides(totals),
  connections: rows(
    {
      sources: workloads,
      destinations: workloads,
      pairs: count,
      ...ports,
      except: rows(
        { source: { $ref: '#/$defs/workload' }, destinations: workloads },
        'pairs of which the row does not hold; only in rows of very many pairs',
      ),
    },
    'from each source to each destination; a workload on both sides means its pods among each other',
  ),
  outside: rows({ direction, addresses, internet, workloads, ...ports }, 'between each workload and each address'),
  workloads: record({
    added: workloads,
    removed: workloads,
    moved: rows(
      {
        before: { $ref: '#/$defs/workload' },
        after: { $ref: '#/$defs/workload' },
        others: workloads,
        outside: { enum: ['same', 'other'] },
      },
      'among those that are added and removed, of the same kind, name and labels; `others`: to or from which something else is let through than before',
    ),
  }),
  isolation: rows(
    { direction, before: isolation, after: isolation, workloads, causes },
    'workloads of both sides only',
  ),
  exposures: rows(
    { ...exposureFields, before: admits, after: admits, peers: bothSides(texts) },
    '`none`: it does not lead there',
    ['workload'],
  ),
  possible: rows(
    {
      kind: { enum: ['gained', 'lost'] },
      direction,
      pods: { $ref: '#/$defs/pods' },
      workloads: { ...workloads, description: 'whose labels the pods have to have; empty: it is for others too' },
      peers: record(
        {
          pods: { type: 'array', minItems: 1, items: { $ref: '#/$defs/pods' } },
          addresses,
          nodes: { ...text, description: 'nodes, and pods on their network, if it is about nobody else' },
        },
        ['pods', 'addresses', 'nodes'],
      ),
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
  guarantees: rows(
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
  risks: rows(
    {
      id: { enum: riskIds },
      count,
      rows: riskyRows,
    },
    'those that there are',
  ),
  gate: record(
    {
      verdict: { enum: ['passed', 'failed'] },
      approvalsFile: { ...text, description: 'where approvals are kept, if not in tierwall.approvals.yaml' },
      failures: rows({ risk: { enum: [...riskIds, 'any'] }, count, budget: count }, 'what is more than is allowed'),
      approved: rows({ approval: { $ref: '#/$defs/approval' }, count, rows: riskyRows }, 'what approvals cover'),
      open: rows({ risk: { enum: riskIds }, count, rows: riskyRows }, 'what no approval covers'),
      idle: rows(
        {
          approval: { $ref: '#/$defs/approval' },
          why: { enum: ['ended', 'unused'] },
          nearest: { type: 'string', description: 'a question: what its `at` may be a slip of' },
        },
        'of no effect',
        ['nearest'],
      ),
    },
    ['approvalsFile'],
  ),
  policies: record({ added: texts, removed: texts, changed: texts }),
  compared: record({ boxes: count, namespaces: count, alike: count }),
  unread: record({
    before: unread,
    after: rows({ ...unreadFields, change: { enum: ['added', 'changed', 'same'] } }, 'with what became of each', [
      'namespace',
    ]),
  }),
  namespaces: rows({ name: text, workloads: count }, 'of both sides together'),
} as const;
const optional = ['gate', 'cluster', 'notes'] as const;

const $defs = {
  workload,
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
  approval: record(
    { risk: { enum: riskIds }, at: text, because: text, until: text, place: { $ref: '#/$defs/place' } },
    ['at', 'until'],
  ),
  reason,
  place,
} as const;

/** JSON Schema of what `tierwall diff --output json` prints. Within a version, fields are only added. A pair of workloads is in one row at most. */
export const diffSchema = {
  $schema: dialect,
  title: 'tierwall diff',
  ...record({ version: { const: 1 }, ...listing }, optional),
  $defs,
} as const;

/** JSON Schema of the same for an app of several clusters: one verdict, then each of them. */
export const diffOfClustersSchema = {
  $schema: dialect,
  title: 'tierwall diff, of several clusters',
  ...record({
    version: { const: 1 },
    verdict: listing.verdict,
    gate: record({ verdict: { enum: ['passed', 'failed'] } }),
    clusters: list(record(listing, ['gate', 'notes']), 'by name'),
  }),
  $defs,
} as const;
