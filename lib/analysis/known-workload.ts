import type { KnownPods, NamespaceModel, Program } from '../model/program';
import { SupersetIndex } from '../sets/superset-index';

/** A workload in a managed namespace that the app itself defines or imports. */
export interface KnownWorkload extends KnownPods {
  readonly namespace: NamespaceModel;
}

/** The known workloads whose pods no service selects: their namespace's default deny denies them everything. */
export function unnamedWorkloads(program: Program, workloads: readonly KnownWorkload[]): KnownWorkload[] {
  if (workloads.length === 0) return [];
  const indexes = new Map(
    program.namespaces.map((n) => [n, new SupersetIndex(n.services.map((s) => [s.pods, s] as const))] as const),
  );
  return workloads.filter((w) => indexes.get(w.namespace)?.matching(w.labels).length === 0);
}
