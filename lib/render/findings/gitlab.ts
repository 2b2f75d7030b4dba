import type { Severity } from '../../model/finding';
import { type FindingReport, unsuppressed } from '../../model/finding-report';

const severities = { error: 'critical', warning: 'major', info: 'info' } as const satisfies Record<Severity, string>;

/** A code quality report of GitLab, as a job's artifact. */
export function findingsToGitlab(report: FindingReport): string {
  const list = unsuppressed(report).map(({ rule, severity, message, hint, place, fingerprint }) => ({
    description: `${message}; ${hint}`,
    check_name: rule,
    fingerprint,
    severity: severities[severity],
    // GitLab drops what has no file or line.
    location: { path: (place.file ?? '.').replace(/^\.\//, ''), lines: { begin: place.line ?? 1 } },
  }));
  return `${JSON.stringify(list, undefined, 2)}\n`;
}
