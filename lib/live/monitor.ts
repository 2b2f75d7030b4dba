import { setMaxListeners } from 'node:events';
import type { DriftFinding } from '../analysis/drift/drift-finding';
import type { Intended } from '../analysis/drift/intended';
import { stepToString } from '../analysis/rollout/step';
import { ApiFailure, type FailureKind } from '../cluster/api-failure';
import type { ApiServer } from '../cluster/api-server';
import { LeaderElection } from '../cluster/lease';
import { pathOf, type Resource, resourceToString } from '../cluster/resources';
import { policyToString } from '../model/policy';
import { openMetricsType } from '../render/drift/open-metrics';
import { DriftEvents } from './drift-events';
import { DriftWatch } from './drift-watch';
import { type Enforced, Enforcer, type EnforcerOptions, pauseFor } from './enforcer';
import { watchKinds } from './kinds-watch';
import { LiveState } from './live-state';
import { MonitorMetrics } from './monitor-metrics';

/** One line of the log. `event` is a stable name. */
export interface LogRecord {
  readonly level: 'info' | 'warning' | 'error';
  readonly event: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

export interface MonitorOptions {
  readonly api: ApiServer;
  readonly intended: Intended;
  /** Who this replica is. */
  readonly identity: string;
  /** The Lease by which replicas elect a leader. @default this one leads */
  readonly lease?: { readonly namespace: string; readonly name: string };
  readonly events: 'written' | 'none';
  readonly enforce?: EnforcerOptions;
  readonly log: (record: LogRecord) => void;
  readonly signal: AbortSignal;
}

/** Changes that come together are judged together. */
const gatherMs = 25;
/** What keeps a kind from being watched until somebody mends it. */
const lasting: ReadonlySet<FailureKind> = new Set(['forbidden', 'not-found', 'refused']);
/** So long without its watches a monitor is not healthy. */
const patienceMs = 60_000;

/** Watches a cluster, says what drifts from the intent as it happens, and puts back what it is asked to, until the signal. */
export class Monitor {
  private readonly metrics = new MonitorMetrics();
  private readonly state: LiveState;
  private readonly drift: DriftWatch;
  private readonly events: DriftEvents | undefined;
  private readonly enforcer: Enforcer | undefined;
  private readonly election: LeaderElection | undefined;
  private resources: readonly Resource[] = [];
  private readonly listed = new Set<string>();
  private readonly interrupted = new Map<string, { readonly since: number; readonly kind: FailureKind }>();
  private firstChange: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private wasSynced = false;
  private isDiscovered = true;
  private readonly startedAt = Date.now();
  private led = false;
  private wake = () => {};

  constructor(private readonly options: MonitorOptions) {
    const { api, intended, lease, identity, events, enforce } = options;
    this.state = new LiveState(`cluster ${api.name}`);
    this.drift = new DriftWatch(intended, this.state);
    this.events = events === 'written' ? new DriftEvents(api, identity) : undefined;
    this.enforcer = enforce && new Enforcer(api, enforce, (enforced) => this.enforced(enforced));
    this.election = lease && new LeaderElection(api, lease, identity);
  }

  get leads(): boolean {
    return this.election ? this.election.isLeader : true;
  }

  /** Whether every kind is known, and being watched, as far as it can be. */
  get synced(): boolean {
    const unwatched = new Set(this.unwatched);
    const isWatched = (resource: Resource) => this.listed.has(pathOf(resource)) && !this.interruptionOf(resource);
    return (
      this.resources.length > 0 && this.resources.every((resource) => unwatched.has(resource) || isWatched(resource))
    );
  }

  /**
   * Kinds of policies that somebody installed, and that cannot be watched: what they do would be unknown anyway, so that the others do not
   * wait for them.
   */
  private get unwatched(): readonly Resource[] {
    const isCut = this.resources.some((resource) => resource.presence === 'always' && this.interruptionOf(resource));
    return this.resources.filter((resource) => {
      const interruption = this.interruptionOf(resource);
      if (resource.presence === 'always' || !interruption) return false;
      const { kind, since } = interruption;
      // What lasts while others are watched is about the kind alone.
      if (lasting.has(kind) || (!isCut && Date.now() - since > patienceMs)) return true;
      return kind === 'server' && !this.listed.has(pathOf(resource));
    });
  }

  private interruptionOf(resource: Resource) {
    return this.interrupted.get(resourceToString(resource));
  }

  async run(): Promise<void> {
    const { api, signal } = this.options;
    // One for each kind that is watched, and few others.
    setMaxListeners(100, signal);
    const handler = {
      listed: (resource: Resource, objects: readonly object[]) => {
        this.listed.add(pathOf(resource));
        this.state.replace(resource, objects);
        this.change();
      },
      changed: (resource: Resource, change: 'set' | 'deleted', object: object) => {
        if (change === 'set') this.state.set(resource, object);
        else this.state.delete(resource, object);
        this.change();
      },
      interrupted: (resource: Resource, failure: ApiFailure | undefined) => this.interruption(resource, failure),
      served: (resources: readonly Resource[]) => this.served(resources),
      undiscovered: (failure: ApiFailure) => this.undiscovered(failure),
      note: (text: string) => this.options.log({ level: 'info', event: 'note', message: text }),
    };
    try {
      await Promise.all([watchKinds(api, handler, signal), this.campaign(), this.enforceWhenWoken()]);
    } finally {
      clearTimeout(this.timer);
      await this.election?.release();
    }
  }

  /** What is served at each path. */
  get endpoints() {
    const plain = (status: number, body: string) => ({ status, type: 'text/plain; charset=utf-8', body: `${body}\n` });
    return {
      '/metrics': () => ({ status: 200, type: openMetricsType, body: this.metricsText() }),
      '/healthz': () => {
        const isLong = (since: number) => Date.now() - since > patienceMs;
        if (this.resources.length === 0 && isLong(this.startedAt))
          return plain(503, 'not watched: the server has not said what it serves');
        // What a role denies, no new start mends: that is for /readyz, and the log, to say.
        const unwatched = new Set(this.unwatched.map(resourceToString));
        const stuck = [...this.interrupted].filter(
          ([name, { since, kind }]) => kind !== 'forbidden' && !unwatched.has(name) && isLong(since),
        );
        return stuck.length > 0
          ? plain(503, `not watched: ${stuck.map(([name]) => name).join(', ')}`)
          : plain(200, 'ok');
      },
      '/readyz': () => (this.synced ? plain(200, 'ok') : plain(503, 'not all kinds are watched yet')),
    };
  }

  metricsText(): string {
    const { synced, leads, state } = this;
    return this.metrics.render({ findings: this.drift.findings, synced, leads, objects: state.count });
  }

  private change(): void {
    this.firstChange ??= performance.now();
    this.timer ??= setTimeout(() => this.judge(), gatherMs);
  }

  private judge(): void {
    this.timer = undefined;
    // Before all is known, everything would be missing.
    if (!this.wasSynced && !this.synced) return;
    const received = this.firstChange ?? performance.now();
    this.firstChange = undefined;
    const { appeared, resolved, ms } = this.drift.judge(this.unwatched);
    for (const finding of appeared) this.report('drift', finding);
    for (const finding of resolved) this.report('drift-resolved', finding);
    this.metrics.count('tierwall_drift_judgements');
    this.metrics.judgedSeconds += ms / 1000;
    if (!this.wasSynced) {
      this.wasSynced = true;
      const message = `watching ${this.state.count} objects of cluster ${this.options.api.name}`;
      this.options.log({ level: 'info', event: 'synced', message, objects: this.state.count, seconds: rounded(ms) });
    } else if (appeared.length + resolved.length > 0) {
      this.metrics.reportSeconds = (performance.now() - received) / 1000;
    }
    if (this.leads)
      this.events?.send(appeared, this.options.signal, (result) =>
        this.metrics.count('tierwall_drift_events', { result }),
      );
    this.wake();
  }

  private report(event: 'drift' | 'drift-resolved', finding: DriftFinding): void {
    const { rule, severity, message, namespace, declared, effects, hint } = finding;
    const level = event === 'drift-resolved' || severity === 'info' ? 'info' : severity;
    const code = declared?.file ? `${declared.file}:${declared.line}` : undefined;
    this.options.log({
      level,
      event,
      message,
      rule,
      severity,
      ...(namespace ? { namespace } : {}),
      ...(declared?.construct ? { construct: declared.construct } : {}),
      ...(code ? { code } : {}),
      effects: effects.map(({ kind, text, now }) => ({ kind, text, ...(now ? { now } : {}) })),
      ...(event === 'drift' ? { todo: hint } : {}),
    });
  }

  private interruption(resource: Resource, failure: ApiFailure | undefined): void {
    const name = resourceToString(resource);
    if (!failure) {
      if (this.interrupted.delete(name)) {
        this.options.log({ level: 'info', event: 'watch-resumed', message: `watching ${name} again`, resource: name });
      }
      this.change();
      return;
    }
    this.metrics.count('tierwall_drift_watch_interruptions', { failure: failure.kind, resource: name });
    const before = this.interrupted.get(name);
    this.interrupted.set(name, { since: before?.since ?? Date.now(), kind: failure.kind });
    // Said again only where it is another failure: what breaks a watch off is seldom what keeps it from going on.
    if (before?.kind !== failure.kind) this.failed('watch-interrupted', failure);
    if (resource.presence === 'custom') this.change();
  }

  /** Said once, as it is tried every few seconds. */
  private undiscovered(failure: ApiFailure): void {
    if (this.isDiscovered) this.failed('discovery-failed', failure);
    this.isDiscovered = false;
  }

  private served(resources: readonly Resource[]): void {
    this.isDiscovered = true;
    const now = new Set(resources.map(pathOf));
    for (const resource of this.resources) {
      if (now.has(pathOf(resource))) continue;
      this.state.replace(resource, []);
      this.interrupted.delete(resourceToString(resource));
      this.listed.delete(pathOf(resource));
      this.change();
    }
    this.resources = resources;
  }

  private failed(event: string, failure: ApiFailure): void {
    const { message, hint } = failure.toIssue();
    const level = failure.isTransient ? 'warning' : 'error';
    this.options.log({ level, event, message, failure: failure.kind, ...(hint ? { todo: hint } : {}) });
  }

  private async campaign(): Promise<void> {
    const { signal, identity } = this.options;
    while (this.election && !signal.aborted) {
      try {
        await this.election.campaign(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ApiFailure)) throw error;
        this.failed('election-failed', error);
      }
      if (this.leads !== this.led) {
        this.led = this.leads;
        const message = this.led ? `${identity} leads` : `${identity} no longer leads`;
        this.options.log({ level: 'info', event: this.led ? 'leading' : 'following', message });
        this.wake();
      }
      await pauseFor(this.election.renewMs, signal);
    }
  }

  private async enforceWhenWoken(): Promise<void> {
    const { enforcer } = this;
    const { signal } = this.options;
    if (!enforcer) return;
    const isAllowed = () => this.leads && this.synced;
    signal.addEventListener('abort', () => this.wake(), { once: true });
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      const world = this.drift.world;
      const again = world && isAllowed() ? await enforcer.enforce(world, isAllowed, signal) : undefined;
      if (again === undefined) await woken;
      else await this.wokenOrLater(woken, again);
    }
  }

  private async wokenOrLater(woken: Promise<void>, ms: number): Promise<void> {
    const timer = setTimeout(() => this.wake(), ms);
    await woken;
    clearTimeout(timer);
  }

  private enforced(enforced: Enforced): void {
    const { result } = enforced;
    this.metrics.count('tierwall_drift_enforced', { result });
    if (enforced.result === 'failed') {
      this.failed('enforce-failed', enforced.failure);
    } else if (enforced.result === 'contested') {
      const { policy, forMs } = enforced;
      const message = `somebody else changes ${policy} back again and again: it is left alone for ${forMs / 1000} s`;
      this.options.log({ level: 'error', event: 'contested', message, policy });
    } else if (enforced.result === 'waiting') {
      const { namespace, copies, forMs } = enforced;
      const names = copies.map(({ name }) => name).join(', ');
      const message = `somebody rolls out in namespace ${namespace}, as ${names} tells: it is left alone while that is there, for ${forMs / 1000} s at most`;
      this.options.log({ level: 'warning', event: 'waiting', message, namespace });
    } else {
      const { step } = enforced;
      const message = `${result}: ${stepToString(step)}${step.cuts ? `, which cuts ${step.cuts} until the next step` : ''}`;
      this.options.log({ level: 'info', event: 'enforced', message, result, policy: policyToString(step.policy) });
    }
  }
}

function rounded(ms: number): number {
  return Math.round(ms) / 1000;
}
