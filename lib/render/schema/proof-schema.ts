import { count, dialect, record, text, texts } from './parts';

const labels = { type: 'object', additionalProperties: text } as const;
const unread = {
  ...texts,
  description: 'policies of kinds that are not read: they leave every answer unknown',
} as const;
const end = {
  anyOf: [
    record({ namespace: text, namespaceLabels: labels, labels }),
    record({ address: text }),
    {
      ...record({ node: { const: 'any' } }),
      description: 'a node, or a pod on its network, that no selector or ipBlock picks, as under some plugins',
    },
  ],
} as const;
const witness = record({ source: end, destination: end, port: { ...text, description: '`8080/TCP`, or `any`' } });
const place = record({ construct: text, file: text, line: count, field: text }, ['construct', 'file', 'line', 'field']);

/** JSON Schema of what `tierwall prove --output json` prints in the folder of an app. Within a version, fields are only added. */
export const appProofSchema = {
  $schema: dialect,
  title: 'tierwall prove',
  ...record({
    version: { const: 1 },
    apps: {
      type: 'array',
      items: record({
        verdict: { enum: ['equal', 'different'] },
        statements: { ...count, description: 'boxes of connections that were compared' },
        guarantees: {
          type: 'array',
          items: record({ name: text, path: text, verdict: { enum: ['proved', 'broken'] } }),
        },
        cpuSeconds: { type: 'number' },
        issues: {
          type: 'array',
          description: 'differences and broken guarantees',
          items: record({ code: text, message: text, place, hint: text }, ['hint']),
        },
        unread,
      }),
    },
  }),
} as const;

/** JSON Schema of what `tierwall prove OLD NEW --output json` prints. Within a version, fields are only added. */
export const equivalenceSchema = {
  $schema: dialect,
  title: 'tierwall prove OLD NEW',
  ...record({
    version: { const: 1 },
    before: text,
    after: text,
    verdict: { enum: ['equal', 'different', 'unknown'] },
    differences: {
      type: 'array',
      description: 'at most one for each rule',
      items: record({
        kind: { enum: ['lost', 'gained'] },
        direction: { enum: ['ingress', 'egress'] },
        witness,
        connection: { ...text, description: 'the witness in words' },
        allowedBy: text,
        place: { ...text, description: 'of the rule that allows it; empty where no policy isolates the pods' },
      }),
    },
    unread,
    statements: { ...count, description: 'boxes of connections that were compared' },
    alike: { ...count, description: 'namespaces whose policies say the same, and were not compared box by box' },
  }),
} as const;
