import type { DriftFinding } from '../analysis/drift/drift-finding';
import { type MetricFamily, toOpenMetrics } from '../render/drift/open-metrics';

/** What a monitor counts, as Prometheus reads it. */
export class MonitorMetrics {
  private readonly counters = new Map<string, number>();
  judgedSeconds = 0;
  reportSeconds = 0;

  count(name: string, labels: Readonly<Record<string, string>> = {}): void {
    const key = JSON.stringify([name, labels]);
    this.counters.set(key, (this.counters.get(key) ?? 0) + 1);
  }

  render(now: {
    readonly findings: readonly DriftFinding[];
    readonly synced: boolean;
    readonly leads: boolean;
    readonly objects: number;
  }): string {
    const gauge = (name: string, help: string, value: number, unit?: string): MetricFamily => ({
      name,
      type: 'gauge',
      help,
      ...(unit ? { unit } : {}),
      samples: [{ value }],
    });
    const counter = (name: string, help: string): MetricFamily => ({
      name,
      type: 'counter',
      help,
      samples: this.samplesOf(name),
    });
    return toOpenMetrics([
      { name: 'tierwall_drift_findings', type: 'gauge', help: 'Drift as it is now.', samples: byLabels(now.findings) },
      gauge('tierwall_drift_synced', 'Whether all kinds are watched and up to date.', now.synced ? 1 : 0),
      gauge('tierwall_drift_leader', 'Whether this replica writes Events and enforces.', now.leads ? 1 : 0),
      gauge('tierwall_drift_objects', 'Objects of the cluster that are kept in memory.', now.objects),
      gauge(
        'tierwall_drift_report_delay_seconds',
        'Between the last change that was received and its report.',
        this.reportSeconds,
        'seconds',
      ),
      counter('tierwall_drift_judgements', 'How often the cluster was judged after changes.'),
      {
        name: 'tierwall_drift_judging_seconds',
        type: 'counter',
        unit: 'seconds',
        help: 'Time spent judging.',
        samples: [{ value: this.judgedSeconds }],
      },
      counter('tierwall_drift_watch_interruptions', 'Watches that broke off, by kind of failure.'),
      counter('tierwall_drift_enforced', 'Writes, and what kept from them, by result.'),
      counter('tierwall_drift_events', 'Kubernetes Events, by result.'),
      gauge('process_resident_memory_bytes', 'Resident memory.', process.memoryUsage.rss(), 'bytes'),
    ]);
  }

  private samplesOf(name: string): MetricFamily['samples'] {
    const own = [...this.counters].flatMap(([key, value]) => {
      const [of, labels] = JSON.parse(key) as [string, Record<string, string>];
      return of === name ? [{ labels, value }] : [];
    });
    return own.length > 0 ? own : [];
  }
}

function byLabels(findings: readonly DriftFinding[]): MetricFamily['samples'] {
  const counts = new Map<string, number>();
  for (const { rule, severity, namespace = '' } of findings) {
    const key = JSON.stringify({ namespace, rule, severity });
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => ({ labels: JSON.parse(key), value }));
}
