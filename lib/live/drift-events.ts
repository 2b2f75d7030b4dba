import type { DriftFinding } from '../analysis/drift/drift-finding';
import { ApiFailure } from '../cluster/api-failure';
import type { ApiServer } from '../cluster/api-server';
import { createEvent } from '../cluster/events';
import { RateLimit } from './rate-limit';

const perMinute = 60;

/** Says drift as Kubernetes Events, where `kubectl get events` shows it. More than a cluster bears are left out. */
export class DriftEvents {
  private readonly limit = new RateLimit(perMinute);

  constructor(
    private readonly api: ApiServer,
    private readonly reporter: string,
  ) {}

  send(
    findings: readonly DriftFinding[],
    signal: AbortSignal,
    count: (result: 'written' | 'failed' | 'left-out') => void,
  ): void {
    for (const finding of findings) {
      const { namespace, severity, rule, message, policyName } = finding;
      if (!namespace || severity === 'info') continue;
      if (this.limit.tryTake() !== undefined) {
        count('left-out');
        continue;
      }
      const about = policyName
        ? { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespace, name: policyName }
        : { apiVersion: 'v1', kind: 'Namespace', namespace, name: namespace };
      const event = { type: 'Warning', reason: reasonOf(rule), message } as const;
      createEvent(this.api, about, event, this.reporter, signal).then(
        () => count('written'),
        (error: unknown) => {
          if (!(error instanceof ApiFailure) && !signal.aborted) throw error;
          count('failed');
        },
      );
    }
  }
}

/** As in `RequireDefaultDeny`. */
function reasonOf(rule: string): string {
  return rule.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
