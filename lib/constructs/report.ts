import type { Synthesized } from './synthesizer';

/** What synthesis did not write and why, one line each, for people. */
export function reportLines({ expired, withoutEffect, empty, unnamed, asOf }: Synthesized): string[] {
  return [
    ...expired.map(
      (intent) =>
        `${intent.origin ?? intent.path}: access of \`${intent.path}\` ended on ${intent.until} and is not emitted (as of ${asOf?.day})`,
    ),
    ...withoutEffect.map(
      (intent) =>
        `${intent.origin ?? intent.path}: \`${intent.path}\` is allowed until ${intent.until}, but what it opens is allowed without end: the time box has no effect`,
    ),
    ...empty.map(
      (intent) =>
        `${intent.origin ?? intent.path}: \`${intent.path}\` names a group without services, so it opens nothing for it`,
    ),
    ...unnamed.map(
      ({ description, namespace }) =>
        `${description} in namespace \`${namespace.name}\` is named by no Service and is denied everything`,
    ),
  ].sort();
}
