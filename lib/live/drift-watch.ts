import { clusterDrift, namespaceDrift } from '../analysis/drift/drift';
import type { DriftFinding } from '../analysis/drift/drift-finding';
import { finding } from '../analysis/drift/drift-finding';
import { driftRules } from '../analysis/drift/drift-rules';
import { DriftWorld } from '../analysis/drift/drift-world';
import type { Intended } from '../analysis/drift/intended';
import type { Resource } from '../cluster/resources';
import type { UnreadPolicy } from '../model/cluster';
import type { LiveState } from './live-state';

export interface DriftChange {
  readonly appeared: readonly DriftFinding[];
  readonly resolved: readonly DriftFinding[];
  /** How long the judging took. */
  readonly ms: number;
}

/** What is found of no namespace in particular. */
const everywhere = '';

/** The drift of a cluster, kept up to date: after each change only the namespaces that it is in are judged again. */
export class DriftWatch {
  private readonly found = new Map<string, readonly DriftFinding[]>();
  private current: DriftWorld | undefined;

  constructor(
    private readonly intended: Intended,
    private readonly state: LiveState,
  ) {}

  /** The cluster as it was judged last. */
  get world(): DriftWorld | undefined {
    return this.current;
  }

  get findings(): readonly DriftFinding[] {
    return [...this.found.values()].flat();
  }

  /** Judges what changed since the last time. @param unwatched kinds of policies of which it is not known what there is */
  judge(unwatched: readonly Resource[]): DriftChange {
    const start = performance.now();
    const { cluster, issues } = this.state.read();
    const unread = [...cluster.unread, ...unwatched.map(anyOf)];
    const world = new DriftWorld(this.intended, { ...cluster, unread });
    this.current = world;
    const changed = this.state.takeChanged();
    const all = [...new Set([...world.managed, ...world.others])];
    const asked = changed === 'all' ? new Set([...all, ...this.found.keys()]) : changed;
    const change = { appeared: [] as DriftFinding[], resolved: [] as DriftFinding[] };
    for (const namespace of asked) {
      if (namespace !== everywhere) this.replace(namespace, namespaceDrift(world, namespace), change);
    }
    const unreadable = issues.map(({ message, place }) => finding(driftRules.unreadable, { message, place, world }));
    this.replace(everywhere, [...clusterDrift(world), ...unreadable], change);
    return { ...change, ms: performance.now() - start };
  }

  private replace(
    namespace: string,
    found: readonly DriftFinding[],
    change: { readonly appeared: DriftFinding[]; readonly resolved: DriftFinding[] },
  ): void {
    const before = this.found.get(namespace) ?? [];
    const [old, now] = [new Set(before.map(keyOf)), new Set(found.map(keyOf))];
    change.appeared.push(...found.filter((one) => !old.has(keyOf(one))));
    change.resolved.push(...before.filter((one) => !now.has(keyOf(one))));
    if (found.length > 0) this.found.set(namespace, found);
    else this.found.delete(namespace);
  }
}

/** Whatever there may be of a kind, for whatever pods. */
function anyOf({ kind }: Resource): UnreadPolicy {
  return { kind, name: '*', namespace: undefined, content: '', place: {} };
}

function keyOf({ rule, severity, message }: DriftFinding): string {
  return `${rule} ${severity} ${message}`;
}
