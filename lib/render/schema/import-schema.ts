import { count, dialect, direction, list, record, text, texts } from './parts';

/** JSON Schema of what `tierwall import --output json` prints. Within a version, fields are only added. */
export const importSchema = {
  $schema: dialect,
  title: 'tierwall import',
  ...record(
    {
      version: { const: 1 },
      out: text,
      made: { enum: ['of policies', 'of workloads'], description: 'what the app is made of' },
      files: list(record({ path: text, state: { enum: ['written', 'unchanged'] } })),
      namespaces: texts,
      policies: { ...count, description: 'that were imported' },
      services: count,
      intents: count,
      rules: record({
        total: count,
        constructs: { ...count, description: 'those that services and intents say' },
        share: { type: 'number', description: 'of them, in percent' },
      }),
      raw: list(record({ policy: text, reason: text, place: text }), 'what is kept as it is'),
      proposals: list(
        record({ caller: text, callee: text, ports: text, evidence: text }),
        'intents that no policy says',
      ),
      unsaid: { ...texts, description: 'what is to be added by whoever knows it' },
      tighter: record({
        out: text,
        services: count,
        intents: count,
        removed: { ...texts, description: 'what of the change may be in use without any manifest telling' },
        diff: { type: 'object', description: 'as `tierwall diff --output json` prints it, without its version' },
      }),
      leftOut: { ...texts, description: 'documents that are no part of the app, and why' },
      unread: { ...texts, description: 'policies of kinds that are not read' },
      open: { ...texts, description: 'namespaces of which the app says nothing' },
      install: { ...text, description: 'the command that installs what the app needs, in its folder' },
      proof: record({
        verdict: { enum: ['equal', 'different'], description: '`different`: nothing was written' },
        statements: count,
        differences: list(
          record({ kind: { enum: ['lost', 'gained'] }, direction, connection: text, allowedBy: text, place: text }),
        ),
      }),
    },
    ['tighter'],
  ),
} as const;
