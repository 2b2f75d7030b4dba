import type { IConstruct } from 'constructs';
import type { KnownWorkload } from '../analysis/known-workload';
import type { NamespaceModel, Program } from '../model/program';
import { isWorkloadKind } from '../model/workload';
import { readWorkload } from '../read/workload';
import { isApiObject } from './cdk8s-kinds';

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
    for (const namespace of homesOf(workload.podLabels, homes)) {
      workloads.push({ namespace, description: `${workload.kind} ${workload.name}`, labels: workload.podLabels });
    }
  }
  return workloads;
}

/** Where clusters share a namespace name, the environment label tells whose the workload is; without it, it may be anyone's. */
function homesOf(
  labels: Readonly<Record<string, string>>,
  homes: readonly NamespaceModel[],
): readonly NamespaceModel[] {
  if (homes.length === 1) return homes;
  const own = homes.filter(({ environment }) => labels[environment.scheme.keys.environment] === environment.name);
  return own.length > 0 ? own : homes;
}
