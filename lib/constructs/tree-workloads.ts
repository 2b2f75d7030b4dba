import type { IConstruct } from 'constructs';
import type { KnownWorkload } from '../analysis/known-workload';
import type { NamespaceModel, Program } from '../model/program';
import { isWorkloadKind } from '../model/workload';
import { readWorkload } from '../read/workload';
import { isApiObject } from './cdk8s-kinds';
import { environmentsOf } from './labelled-environment';

/** The workloads that the app itself defines in the namespaces it manages, from cdk8s-plus or as plain objects. */
export function treeWorkloads(tree: readonly IConstruct[], program: Program): KnownWorkload[] {
  const namespaces = new Map<string, NamespaceModel[]>();
  for (const namespace of program.namespaces) {
    namespaces.set(namespace.name, [...(namespaces.get(namespace.name) ?? []), namespace]);
  }
  const workloads: KnownWorkload[] = [];
  for (const construct of tree) {
    if (!isApiObject(construct) || !isWorkloadKind(construct.kind)) continue;
    const homes = namespaces.get(construct.metadata.namespace ?? '');
    if (!homes) continue;
    const workload = readWorkload(construct.toJson(), { construct: construct.node.path });
    const own = environmentsOf(
      workload.podLabels,
      homes.map(({ environment }) => environment),
    );
    for (const namespace of homes.filter(({ environment }) => own.includes(environment))) {
      const { kind, name, podLabels: labels, place } = workload;
      workloads.push({ namespace, description: `${kind} ${name}`, labels, place });
    }
  }
  return workloads;
}
