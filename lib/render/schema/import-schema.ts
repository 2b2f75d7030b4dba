const text = { type: 'string' } as const;
const texts = { type: 'array', items: text } as const;
const count = { type: 'integer', minimum: 0 } as const;

function record<P extends Record<string, unknown>>(properties: P) {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false } as const;
}

/** JSON Schema of what `tierwall import --output json` prints. Within a version, fields are only added. */
export const importSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'tierwall import',
  ...record({
    version: { const: 1 },
    out: text,
    made: { enum: ['of policies', 'of workloads'], description: 'what the app is made of' },
    files: { type: 'array', items: record({ path: text, state: { enum: ['written', 'unchanged'] } }) },
    namespaces: texts,
    policies: { ...count, description: 'that were imported' },
    services: count,
    intents: count,
    rules: record({
      total: count,
      constructs: { ...count, description: 'those that services and intents say' },
      share: { type: 'number', description: 'of them, in percent' },
    }),
    raw: {
      type: 'array',
      description: 'what is kept as it is',
      items: record({ policy: text, reason: text, place: text }),
    },
    proposals: {
      type: 'array',
      description: 'intents that no policy says',
      items: record({ caller: text, callee: text, ports: text, evidence: text }),
    },
    leftOut: { ...texts, description: 'documents that are no part of the app, and why' },
    unread: { ...texts, description: 'policies of kinds that are not read' },
    open: { ...texts, description: 'namespaces of which the app says nothing' },
    proof: record({
      verdict: { enum: ['equal', 'different'], description: '`different`: nothing was written' },
      statements: count,
      differences: {
        type: 'array',
        items: record({
          kind: { enum: ['lost', 'gained'] },
          direction: { enum: ['ingress', 'egress'] },
          connection: text,
          allowedBy: text,
          place: text,
        }),
      },
    }),
  }),
} as const;
