import { count, dialect, line as number, record, text } from './parts';

const severity = { enum: ['error', 'warning', 'info'] } as const;
const range = record({ line: number, column: number, endLine: number, endColumn: number });
const place = record(
  {
    file: text,
    line: number,
    range,
    field: { ...text, description: 'path inside the document' },
    construct: text,
  },
  ['file', 'line', 'range', 'field', 'construct'],
);
const excerptLine = record({ line: number, text, marked: record({ column: number, endColumn: number }) }, ['marked']);

/** One finding, in every command's JSON. */
export const findingSchema = record(
  {
    rule: text,
    severity,
    message: text,
    hint: { ...text, description: 'what to do' },
    object: { ...text, description: 'what it is about, as in `NetworkPolicy shop/web`' },
    place,
    excerpt: { type: 'array', items: excerptLine },
    written: { ...place, description: 'the place in YAML, where `place` is a line of an app' },
    related: { type: 'array', items: record({ text, place }) },
    edits: { type: 'array', items: record({ file: text, range, text }) },
    notFixed: { ...text, description: 'why `--fix` leaves it, where it has one right answer' },
    fingerprint: { ...text, description: 'the same for the same finding when lines have moved' },
    suppressed: record({ by: { enum: ['comment', 'annotation', 'construct', 'baseline'] }, reason: text }),
  },
  ['object', 'written', 'notFixed', 'suppressed'],
);

/** JSON Schema of what commands print with `--output json` that find things. Within a version, fields are only added. */
export const findingsSchema = {
  $schema: dialect,
  title: 'tierwall findings',
  ...record({
    version: { const: 1 },
    command: text,
    subject: { ...text, description: 'what was looked at' },
    counts: record({ errors: count, warnings: count, infos: count, suppressed: count }),
    findings: {
      type: 'array',
      description: 'by file, line and rule; suppressed ones as well, which are not counted as errors or warnings',
      items: findingSchema,
    },
    rules: {
      type: 'array',
      description: 'those that the findings name',
      items: record(
        {
          id: text,
          group: text,
          severity,
          wrong: text,
          why: text,
          todo: text,
          references: { type: 'array', items: record({ name: text, url: text }, ['url']) },
          demands: {
            type: 'array',
            description: 'what it checks of hardening standards',
            items: record({ id: text, standard: { enum: ['cis', 'nsa'] }, text, url: text }),
          },
        },
        ['demands'],
      ),
    },
  }),
} as const;
