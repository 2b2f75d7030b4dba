import { fieldsOf, textOf } from '../validation/json-value';
import { ApiFailure } from './api-failure';
import type { ApiServer } from './api-server';

export interface LeaseTimes {
  /** For how long others wait after the last renewal. */
  readonly durationMs: number;
  readonly renewMs: number;
}

const defaultTimes: LeaseTimes = { durationMs: 15_000, renewMs: 4_000 };

/**
 * Elects one leader among those who use the same Lease (coordination.k8s.io/v1), as controllers do. Whether a Lease has expired is
 * judged by how long it has not changed here, and not by anybody's clock.
 */
export class LeaderElection {
  private seen = { version: '', at: 0 };
  private renewedAt = 0;

  constructor(
    private readonly api: ApiServer,
    private readonly lease: { readonly namespace: string; readonly name: string },
    private readonly identity: string,
    private readonly times: LeaseTimes = defaultTimes,
  ) {}

  /** Whether this one may act now. Before anybody else takes over, it no longer may. */
  get isLeader(): boolean {
    return Date.now() - this.renewedAt < this.times.durationMs * 0.66;
  }

  get renewMs(): number {
    return this.times.renewMs;
  }

  /** Takes the lease, or renews it, or looks who has it. @throws ApiFailure, `conflict` excepted */
  async campaign(signal?: AbortSignal): Promise<void> {
    const asked = Date.now();
    const lease = await this.get(signal);
    if (lease === undefined) return this.write('POST', {}, '', asked, signal);
    const { resourceVersion } = fieldsOf(lease['metadata']);
    const version = textOf(resourceVersion);
    if (version !== this.seen.version) this.seen = { version, at: Date.now() };
    const { holderIdentity } = fieldsOf(lease['spec']);
    const isFree = !holderIdentity || Date.now() - this.seen.at > this.times.durationMs;
    if (holderIdentity === this.identity || isFree) await this.write('PUT', lease, this.identity, asked, signal);
    else this.renewedAt = 0;
  }

  /** Lets another one take over at once. */
  async release(): Promise<void> {
    if (!this.isLeader) return;
    this.renewedAt = 0;
    const lease = await this.get().catch(() => undefined);
    if (lease && fieldsOf(lease['spec'])['holderIdentity'] === this.identity) {
      await this.write('PUT', lease, '', 0).catch(() => undefined);
    }
  }

  private async get(signal?: AbortSignal): Promise<Readonly<Record<string, unknown>> | undefined> {
    try {
      return fieldsOf(await this.api.askOnce({ method: 'GET', path: this.path, what: 'get the lease', signal }));
    } catch (error) {
      if (error instanceof ApiFailure && error.kind === 'not-found') return undefined;
      throw error;
    }
  }

  private async write(
    method: 'POST' | 'PUT',
    lease: Readonly<Record<string, unknown>>,
    holder: string,
    asked: number,
    signal?: AbortSignal,
  ): Promise<void> {
    const { name, namespace } = this.lease;
    const now = new Date().toISOString().replace('Z', '000Z');
    const spec = fieldsOf(lease['spec']);
    const isNew = spec['holderIdentity'] !== this.identity;
    const holderIdentity = method === 'POST' ? this.identity : holder;
    const body = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace, ...fieldsOf(lease['metadata']) },
      spec: {
        ...spec,
        holderIdentity,
        leaseDurationSeconds: Math.max(1, Math.round(this.times.durationMs / 1000)),
        renewTime: now,
        ...(isNew ? { acquireTime: now, leaseTransitions: Number(spec['leaseTransitions'] ?? 0) + 1 } : {}),
      },
    };
    const path = method === 'POST' ? this.path.replace(/\/[^/]+$/, '') : this.path;
    try {
      await this.api.askOnce({ method, path, what: 'write the lease', body, signal });
      // From before the request: the server may have counted from then on.
      this.renewedAt = holderIdentity === this.identity ? asked : 0;
    } catch (error) {
      // Somebody else was quicker.
      if (!(error instanceof ApiFailure) || error.kind !== 'conflict') throw error;
      this.renewedAt = 0;
    }
  }

  private get path(): string {
    return `/apis/coordination.k8s.io/v1/namespaces/${this.lease.namespace}/leases/${this.lease.name}`;
  }
}
