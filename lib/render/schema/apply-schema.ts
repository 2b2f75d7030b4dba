const text = { type: 'string' } as const;

function record<P extends Record<string, unknown>>(properties: P, optional: readonly (keyof P)[] = []) {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false } as const;
}

/** JSON Schema of what `tierwall apply --output json` prints. Within a version, fields are only added. */
export const applySchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'tierwall apply',
  ...record({
    version: { const: 1 },
    environments: {
      type: 'array',
      description: 'in the order of the waves',
      items: record({
        environment: text,
        cluster: { ...text, description: 'the context that it is applied to' },
        outcome: {
          enum: ['applied', 'would-apply', 'check-failed', 'failed', 'not-reached'],
          description: '`not-reached`: an environment before it failed',
        },
        steps: {
          type: 'array',
          description: 'in the order in which they were done',
          items: record(
            {
              kind: { enum: ['write', 'copy', 'delete'] },
              namespace: text,
              policy: text,
              text,
              cuts: { ...text, description: 'a connection that is not allowed until a later step' },
            },
            ['cuts'],
          ),
        },
        problems: { type: 'array', items: text },
      }),
    },
  }),
} as const;
