import { findingSchema } from './findings-schema';
import { dialect, list, record, text } from './parts';

/** JSON Schema of what `tierwall check --output json` prints. Within a version, fields are only added. */
export const checkSchema = {
  $schema: dialect,
  title: 'tierwall check',
  ...record({
    version: { const: 1 },
    verdict: { enum: ['passed', 'failed'] },
    subject: { ...text, description: 'what was looked at' },
    steps: list(
      record({
        id: { enum: ['output', 'proof', 'lint', 'tables', 'change'] },
        verdict: { enum: ['passed', 'failed', 'skipped'] },
        summary: text,
      }),
    ),
    findings: list(findingSchema, 'of all steps, in their order'),
  }),
} as const;
