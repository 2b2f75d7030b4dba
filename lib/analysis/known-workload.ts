import type { Place } from '../model/issue';
import type { KnownPods, NamespaceModel, Program } from '../model/program';
import { type Workload, workloadToString } from '../model/workload';
import { SupersetIndex } from '../sets/superset-index';

/** A workload in a managed namespace that the app itself defines or imports. */
export interface KnownWorkload extends KnownPods {
  readonly namespace: NamespaceModel;
  readonly place: Place;
}

/** The known workloads whose pods no service selects: their namespace's default deny denies them everything. */
export function unnamedWorkloads(program: Program, workloads: readonly KnownWorkload[]): KnownWorkload[] {
  if (workloads.length === 0) return [];
  const indexes = new Map(
    program.namespaces.map((n) => [n, new SupersetIndex(n.services.map((s) => [s.pods, s] as const))] as const),
  );
  return workloads.filter((w) => indexes.get(w.namespace)?.matching(w.labels).length === 0);
}

/** The workloads of manifests that the app was given, in the namespaces that it manages. */
export function importedWorkloads(program: Program): KnownWorkload[] {
  if (program.imports.length === 0) return [];
  const managed = new Map(program.namespaces.map((n) => [`${n.environment.path} ${n.name}`, n] as const));
  const used = new Set(program.services.map((service) => service.known?.labels));
  const found = new Map<string, KnownWorkload>();
  const seen = new Set<string>();
  const numbers = new Map<readonly Workload[], number>();
  for (const { workloads, namespace: importer } of program.imports) {
    const number = numbers.get(workloads) ?? numbers.size;
    numbers.set(workloads, number);
    const key = `${number} ${importer.path}`;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const workload of workloads) {
      const { namespace: name = importer.name, podLabels: labels, place } = workload;
      const namespace = managed.get(`${importer.environment.path} ${name}`);
      // One that names no namespace is where the services made from it are, and that says enough of it.
      if (!namespace || (workload.namespace === undefined && used.has(labels))) continue;
      const description = workloadToString(workload);
      found.set(`${number} ${namespace.path} ${description}`, { namespace, description, labels, place });
    }
  }
  return [...found.values()];
}
