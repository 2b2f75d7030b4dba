import { coverageReport } from './coverage-schema';
import { count, dialect, place, record, text, texts } from './parts';

/** JSON Schema of what `tierwall test --output json` prints. Within a version, fields are only added. */
export const testRunSchema = {
  $schema: dialect,
  title: 'tierwall test',
  ...record(
    {
      version: { const: 1 },
      suites: {
        type: 'array',
        description: 'tables',
        items: record({
          name: text,
          place,
          cases: {
            type: 'array',
            description: 'exceptions, and what holds for all other pairs',
            items: record({
              name: text,
              result: { enum: ['passed', 'failed'] },
              connections: { ...count, description: 'pairs, with the ports that are stated of them' },
              failures: { ...texts, description: 'connections that are otherwise than stated' },
              explanation: { ...text, description: 'of the first failure, as `tierwall explain` says it' },
              place,
            }),
          },
        }),
      },
      passed: count,
      failed: count,
      coverage: coverageReport,
    },
    ['coverage'],
  ),
} as const;
