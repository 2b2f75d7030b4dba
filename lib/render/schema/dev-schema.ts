import { count, dialect, list, record, text, texts } from './parts';

/** JSON Schema of each line that `tierwall dev --output json` prints. Within a version, fields are only added. */
export const devReportSchema = {
  $schema: dialect,
  title: 'tierwall dev',
  ...record({
    version: { const: 1 },
    saved: texts,
    milliseconds: count,
    mistakes: { ...texts, description: 'what keeps the app from being synthesized; the rest is then that of before' },
    opened: texts,
    closed: texts,
    tests: record({
      passed: count,
      failed: list(
        record({
          test: text,
          statement: text,
          failures: texts,
          explanation: text,
          since: { enum: ['now', 'earlier'] },
        }),
      ),
      run: {
        enum: ['none', 'running', 'passed', 'failed'],
        description:
          'the last run of the tests; `failed`: what they stated before is judged, and what they state now is not known',
      },
    }),
    findings: record({ count, added: texts, gone: count }),
  }),
} as const;
