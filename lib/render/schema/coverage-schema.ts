import { count, line, list, place, record, text, texts } from './parts';

const covered = record({ stated: count, total: count });
const item = record({ name: text, place, allowed: covered, denied: covered });

/** What tests state of what is allowed and of what is denied. */
export const coverageReport = record({
  allowed: covered,
  denied: covered,
  policies: list(item),
  services: list(item),
  guarantees: list(item, 'of an app: whether a test states some of what each denies, or that all is proved'),
  lines: list(
    record({
      file: text,
      line,
      points: list(
        record({
          kind: { enum: ['allowed', 'denied'] },
          text,
          stated: { ...count, description: 'how many statements of tests are about it' },
        }),
      ),
    }),
    'of the code, for an app; else of the manifests',
  ),
  untested: { ...texts, description: 'clusters of the app that no test is about' },
});
