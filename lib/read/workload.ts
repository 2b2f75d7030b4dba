import type { Place } from '../model/issue';
import type { LabelSelector } from '../model/network-policy';
import { stableLabels } from '../model/volatile-labels';
import type { ContainerPort, Workload, WorkloadKind } from '../model/workload';
import type { KubernetesObject } from './documents';

type Fields = { readonly [field: string]: unknown };

const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Reads a workload of any kind and API version. Fields of a wrong type count as absent: the API server refuses such objects. */
export function readWorkload(object: KubernetesObject, place: Place): Workload {
  const kind = object.kind as WorkloadKind;
  const spec = fields(object['spec']);
  const jobSpec = kind === 'CronJob' ? fields(fields(spec['jobTemplate'])['spec']) : spec;
  const template = kind === 'Pod' ? (object as Fields) : fields(jobSpec['template']);
  const podSpec = fields(template['spec']);
  const podLabels = labelsOf(fields(template['metadata'])['labels']);
  const { name, namespace } = object.metadata;
  return {
    kind,
    name,
    ...(typeof namespace === 'string' ? { namespace } : {}),
    podLabels,
    selector: selectorOf(kind, spec['selector'], podLabels),
    ports: [...list(podSpec['initContainers']).filter(isSidecar), ...list(podSpec['containers'])].flatMap(portsOf),
    network: podSpec['hostNetwork'] === true ? 'host' : 'pod',
    addresses: addressesOf(fields(object['status'])),
    ...ownerOf(object.metadata),
    place,
  };
}

function selectorOf(kind: WorkloadKind, selector: unknown, podLabels: Readonly<Record<string, string>>): LabelSelector {
  if (kind === 'ReplicationController') return { matchLabels: labelsOf(selector ?? podLabels) };
  const { matchLabels, matchExpressions } = fields(selector);
  const own = {
    ...(matchLabels ? { matchLabels: labelsOf(matchLabels) } : {}),
    ...(Array.isArray(matchExpressions)
      ? { matchExpressions: matchExpressions as NonNullable<LabelSelector['matchExpressions']> }
      : {}),
  };
  const usable = kind !== 'Job' && kind !== 'CronJob' && kind !== 'Pod' && Object.keys(own).length > 0;
  return usable ? own : { matchLabels: stableLabels(podLabels) };
}

function addressesOf(status: Fields): string[] {
  const all = [status['podIP'], ...list(status['podIPs']).map((entry) => fields(entry)['ip'])];
  return [...new Set(all.filter((ip): ip is string => typeof ip === 'string' && ip !== ''))];
}

function ownerOf(metadata: Fields): Pick<Workload, 'owner'> {
  const references = list(metadata['ownerReferences']).map(fields);
  const { kind, name } = references.find((r) => r['controller'] === true) ?? references[0] ?? {};
  return typeof kind === 'string' && typeof name === 'string' ? { owner: { kind, name } } : {};
}

function labelsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** An init container that keeps running beside the others (Kubernetes 1.29). */
function isSidecar(container: unknown): boolean {
  return fields(container)['restartPolicy'] === 'Always';
}

function portsOf(container: unknown): ContainerPort[] {
  return list(fields(container)['ports']).flatMap((entry): ContainerPort[] => {
    const { name, containerPort, protocol = 'TCP' } = fields(entry);
    if (typeof containerPort !== 'number' || !['TCP', 'UDP', 'SCTP'].includes(protocol as string)) return [];
    return [
      {
        ...(typeof name === 'string' ? { name } : {}),
        number: containerPort,
        protocol: protocol as ContainerPort['protocol'],
      },
    ];
  });
}
