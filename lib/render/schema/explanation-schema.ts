import { dialect, direction, line, list, record, text, texts } from './parts';

const labels = { type: 'object', additionalProperties: text } as const;
const decision = { enum: ['allowed', 'denied', 'unknown'] } as const;
const given = { enum: ['given', 'assumed'], description: '`assumed`: only the label with its name is known' } as const;
const place = { $ref: '#/$defs/place' } as const;
const construct = { $ref: '#/$defs/construct' } as const;
const code = list(record({ file: text, line }), 'lines of the code that ask for what it opens');
const excerpt = {
  type: 'array',
  description: 'lines of the source; empty where there is no text to show',
  items: record({ line: { type: 'integer', minimum: 1 }, text }),
} as const;

const change = {
  direction,
  policy: { ...text, description: '`namespace/name`' },
  opens: record({ subject: text, peer: text, ports: texts, alsoSubjects: texts, alsoPeers: texts }),
  constructs: list(construct, 'of what tierwall writes: change this code instead'),
} as const;

/** JSON Schema of what `tierwall explain --output json` prints. Within a version, fields are only added. */
export const explanationSchema = {
  $schema: dialect,
  title: 'tierwall explain',
  ...record({
    version: { const: 1 },
    cni: record({ id: text, name: text }),
    asked: record({ from: text, to: text, ports: text }, ['ports']),
    decision: { ...decision, description: '`allowed` if every case is; else `denied` if any is' },
    cases: list(
      record(
        {
          source: { $ref: '#/$defs/end' },
          destination: { $ref: '#/$defs/end' },
          ports: { ...texts, minItems: 1, description: 'at the destination’s pods: `8080/TCP`, or `*` for every port' },
          translations: list(record({ text, place }, ['place']), 'how the ports asked for became these'),
          decision,
          itself: { enum: ['yes', 'no'], description: '`yes`: a pod and itself, which policies do not judge' },
          egress: { $ref: '#/$defs/side' },
          ingress: { $ref: '#/$defs/side' },
          byCni: {
            ...record({ allowed: texts, denied: texts, unknown: texts }),
            description: 'of an unknown verdict: what it would be with each `--cni`',
          },
          fix: record({
            changes: list(
              {
                anyOf: [
                  record({ ...change, kind: { const: 'add-rule' }, place, rule: { type: 'object' } }),
                  record({ ...change, kind: { const: 'new-policy' }, object: { type: 'object' } }),
                ],
              },
              'one for each end that denies',
            ),
            verdict: { ...decision, description: 'what it is with the changes made' },
            typescript: record({
              line: text,
              names: list(record({ name: text, stands: text })),
              needs: { ...texts, description: 'what synth asks for besides, or it refuses the statement' },
            }),
          }),
          noFix: { ...text, description: 'why there is no fix for what is denied' },
          notes: texts,
        },
        ['byCni', 'fix', 'noFix'],
      ),
    ),
    notes: texts,
  }),
  $defs: {
    place: record({ file: text, line: { type: 'integer', minimum: 1 }, field: text }, ['file', 'line', 'field']),
    construct: record({ path: text, file: text, line: { type: 'integer', minimum: 1 } }, ['file', 'line']),
    end: {
      anyOf: [
        record({
          kind: { const: 'workload' },
          text,
          namespace: text,
          name: text,
          workload: text,
          labels,
          network: { enum: ['pod', 'host'] },
          namespaceLabels: given,
        }),
        record({ kind: { const: 'pod' }, text, namespace: text, labels, namespaceLabels: given }),
        record({ kind: { const: 'addresses' }, text }),
      ],
    },
    entry: record({ text, place }),
    side: record({
      direction,
      decision,
      isolation: { enum: ['isolated', 'open', 'not-enforced', 'outside'] },
      isolatedBy: list(record({ policy: text, place, selects: text, construct, excerpt }, ['construct'])),
      allowedBy: list(
        record(
          {
            rule: text,
            place,
            peers: list({ $ref: '#/$defs/entry' }),
            ports: list({ $ref: '#/$defs/entry' }),
            holds: { enum: ['all', 'part'] },
            construct,
            code,
            excerpt,
          },
          ['construct', 'code'],
        ),
      ),
      failing: list(
        record(
          {
            rule: text,
            place,
            ports: list({ $ref: '#/$defs/mismatch' }),
            peers: list(
              record({
                text,
                place,
                fits: { enum: ['yes', 'no', 'perhaps'] },
                mismatches: list({ $ref: '#/$defs/mismatch' }),
              }),
            ),
            construct,
            code,
            excerpt,
          },
          ['construct', 'code'],
        ),
        'rules that do not allow, the nearest to allowing first',
      ),
      doubts: list(record({ question: text, about: text, place, settle: text })),
    }),
    mismatch: record(
      {
        kind: {
          enum: [
            'protocol',
            'port',
            'port-name',
            'namespace',
            'namespace-label',
            'label',
            'address',
            'except',
            'pods-only',
            'addresses-only',
            'host-network',
          ],
        },
        key: text,
        wanted: text,
        found: text,
        labels: given,
        cni: text,
        source: text,
      },
      ['key', 'wanted', 'found', 'labels', 'cni', 'source'],
    ),
  },
} as const;
