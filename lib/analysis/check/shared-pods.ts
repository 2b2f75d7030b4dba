import type { Issue } from '../../model/issue';
import { mayShare, type NamespaceModel, type Program, type ServiceModel } from '../../model/program';
import { SupersetIndex } from '../../sets/superset-index';
import { groupedBy } from '../grouping';
import type { KnownWorkload } from '../known-workload';
import { problem } from './problem';

/** What to do about two services that select one pod. */
export const sharedPodsHint = 'make their labels differ, or say `sharesPodsWith` if that is meant';

/** No two services of a namespace select the same known pods, or one all pods of the other, unless it is declared as intended. */
export function checkSharedPods(program: Program, workloads: readonly KnownWorkload[]): Issue[] {
  const issues: Issue[] = [];
  const known = groupedBy(workloads, (w) => w.namespace.path);
  for (const namespace of program.namespaces) {
    const index = new SupersetIndex(namespace.services.map((s) => [s.pods, s] as const));
    const told = new Set<string>();
    const report = (a: ServiceModel, b: ServiceModel, what: string) => {
      const [first, second] = a.path < b.path ? [a, b] : [b, a];
      const key = `${first.path} ${second.path}`;
      if (first.path === second.path || mayShare(first, second) || told.has(key)) return;
      told.add(key);
      issues.push(
        problem('shared-pods', second, `services \`${first.path}\` and \`${second.path}\` ${what}`, sharedPodsHint),
      );
    };
    for (const service of namespace.services) {
      // A mistake of its own, which says enough.
      if (service.pods.isEmpty) continue;
      for (const wider of index.supersetsOf(service.pods)) {
        if (wider === service) continue;
        const same = wider.pods.equals(service.pods);
        report(
          service,
          wider,
          same ? `both select \`${service.pods}\`` : `overlap: \`${wider.pods}\` takes in \`${service.pods}\``,
        );
      }
    }
    for (const workload of knownPods(namespace, known.get(namespace.path) ?? [])) {
      const selecting = index.matching(workload.labels);
      for (const [i, service] of selecting.entries()) {
        for (const other of selecting.slice(i + 1)) {
          report(service, other, `both select the pods of ${workload.description}`);
        }
      }
    }
  }
  return issues;
}

function knownPods(namespace: NamespaceModel, workloads: readonly KnownWorkload[]) {
  return [...workloads, ...namespace.services.flatMap((service) => service.known ?? [])];
}
