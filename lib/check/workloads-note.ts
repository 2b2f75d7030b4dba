import type { Settings } from '../config/read-settings';
import { workloadsEntries } from '../config/workloads-entries';
import { counted } from '../render/connectivity/visible-text';
import type { AppCluster } from '../synth/app-source';

/** From which manifests workloads were read; and where none were, though the code does not tell which pods there are. */
export function workloadsNote(clusters: readonly AppCluster[], project: Settings): string | undefined {
  const paths = [...new Set(workloadsEntries(project).map(({ path }) => path))];
  const read = clusters.reduce((sum, { manifests }) => sum + (manifests?.cluster.workloads.length ?? 0), 0);
  const unread = clusters.filter(({ manifests, standIns }) => !manifests && standIns.size > 0);
  const names = paths.length > 0 ? ` of cluster ${unread.map(({ name }) => name).join(', ')}` : '';
  const parts = [
    ...(paths.length > 0 ? [`${counted(read, 'workload')} read from ${paths.join(', ')}`] : []),
    ...(unread.length > 0
      ? [`manifests of workloads${names} not read: \`${project.prefix}workloads\` in ${project.file} names them`]
      : []),
  ];
  return parts.length > 0 ? parts.join('; ') : undefined;
}
