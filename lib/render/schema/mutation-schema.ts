import { count, dialect, line, list, place, record, text, texts } from './parts';

/** JSON Schema of what `tierwall mutate --output json` prints. Within a version, fields are only added. */
export const mutationReportSchema = {
  $schema: dialect,
  title: 'tierwall mutate',
  ...record({
    version: { const: 1 },
    mutants: { ...count, description: 'changes that open or close some connection' },
    noticed: count,
    equivalent: { ...count, description: 'changes that alter no connection, whatever pods exist' },
    survivors: list(
      record({
        operator: text,
        changed: text,
        place,
        code: list(record({ file: text, line }), 'lines that the rule comes from'),
        what: text,
        connection: text,
        effect: { enum: ['opened', 'closed'] },
        test: { ...text, description: 'what would notice; empty where no test can' },
        noticed: { enum: ['never', 'snapshot', 'by-no-test'] },
      }),
    ),
    operators: list(record({ operator: text, noticed: count, survived: count, equivalent: count })),
    claims: { ...count, description: 'what tests state, taken apart' },
    unread: texts,
    untested: { ...texts, description: 'clusters of the app that no test is about' },
    cpuSeconds: { type: 'number' },
  }),
} as const;
