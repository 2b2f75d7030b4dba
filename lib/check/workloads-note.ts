import type { Settings } from '../config/read-settings';
import { counted } from '../render/connectivity/visible-text';
import type { AppCluster } from '../synth/app-source';
import { workloadPaths } from '../synth/app-workloads';

/** From which manifests workloads were read; or that none were, where the code does not tell which pods there are. */
export function workloadsNote(clusters: readonly AppCluster[], project: Settings): string | undefined {
  const paths = workloadPaths(project);
  const read = clusters.reduce((sum, { manifests }) => sum + (manifests?.cluster.workloads.length ?? 0), 0);
  if (paths.length > 0) return `${counted(read, 'workload')} read from ${paths.join(', ')}`;
  if (clusters.every(({ standIns }) => standIns.size === 0)) return undefined;
  return `manifests of workloads not read: \`${project.prefix}workloads\` in ${project.file} names them`;
}
