import type { Direction } from '../model/policy';
import type { Isolation } from '../model/program';
import type { NamespaceDraft, ServiceDraft } from './drafts';

type NamespaceIsolation = Exclude<Isolation, 'none'>;

/** What the pods of a service are isolated in: by their own policies, and by the namespace's default deny. */
export function isolationOf(draft: ServiceDraft, { denied }: NamespaceDraft): Isolation {
  return isolation(new Set([...(draft.subject?.isolates ?? []), ...denied]));
}

/** What a namespace's default deny denies; where it has none, what most of its services isolate. */
export function namespaceIsolation(namespace: NamespaceDraft): NamespaceIsolation {
  const denied = isolation(namespace.denied);
  if (denied !== 'none') return denied;
  const counts = new Map<Isolation, number>();
  for (const draft of namespace.services.values()) {
    const own = isolationOf(draft, namespace);
    counts.set(own, (counts.get(own) ?? 0) + 1);
  }
  const choices: readonly NamespaceIsolation[] = ['both', 'ingress', 'egress'];
  return choices.reduce((best, choice) => ((counts.get(choice) ?? 0) > (counts.get(best) ?? 0) ? choice : best));
}

function isolation(directions: ReadonlySet<Direction>): Isolation {
  const [ingress, egress] = [directions.has('ingress'), directions.has('egress')];
  if (ingress && egress) return 'both';
  return ingress ? 'ingress' : egress ? 'egress' : 'none';
}
