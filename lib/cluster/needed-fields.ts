import { isWorkloadKind } from '../model/workload';
import { fieldsOf, isObject, itemsOf, textOf } from '../validation/json-value';

type Fields = Readonly<Record<string, unknown>>;

/**
 * What reading needs of an object that the API server gave, so that a large cluster takes little memory: reading this and reading the
 * whole come to the same.
 */
export function neededOf(object: unknown): object {
  const { apiVersion, kind, metadata, spec, status } = fieldsOf(object);
  const needed = { apiVersion, kind, metadata: metadataOf(fieldsOf(metadata), textOf(kind)) };
  if (kind === 'Pod') return { ...needed, spec: podSpecOf(spec), status: picked(status, ['podIP', 'podIPs', 'phase']) };
  if (isWorkloadKind(textOf(kind))) return { ...needed, spec: workloadSpecOf(fieldsOf(spec)) };
  // Cilium's policies may hold several.
  return { ...needed, ...picked(object, ['spec', 'specs']) };
}

function metadataOf(metadata: Fields, kind: string): Fields {
  const owners = itemsOf(metadata['ownerReferences']).map((owner) => picked(owner, ['kind', 'name', 'controller']));
  return {
    ...picked(metadata, ['name', 'namespace', 'labels']),
    ...(owners.length > 0 && isWorkloadKind(kind) ? { ownerReferences: owners } : {}),
    ...(kind === 'NetworkPolicy' ? policyMetadataOf(metadata) : {}),
  };
}

/** Also what tells who owns a policy, and which version of it was seen. */
function policyMetadataOf(metadata: Fields): Fields {
  const fields = itemsOf(metadata['managedFields']).map((entry) => picked(entry, ['manager', 'operation']));
  return {
    ...picked(metadata, ['uid', 'resourceVersion', 'deletionTimestamp', 'annotations']),
    ...(fields.length > 0 ? { managedFields: fields } : {}),
  };
}

function workloadSpecOf(spec: Fields): Fields {
  const { template, jobTemplate } = spec;
  return {
    ...picked(spec, ['selector']),
    ...(isObject(template) ? { template: templateOf(template) } : {}),
    ...(isObject(jobTemplate)
      ? { jobTemplate: { spec: { template: templateOf(fieldsOf(fieldsOf(jobTemplate['spec'])['template'])) } } }
      : {}),
  };
}

function templateOf(template: Fields): Fields {
  return { metadata: picked(template['metadata'], ['labels']), spec: podSpecOf(template['spec']) };
}

function podSpecOf(spec: unknown): Fields {
  const { containers, initContainers } = fieldsOf(spec);
  return {
    ...picked(spec, ['hostNetwork']),
    containers: itemsOf(containers).map(containerOf),
    ...(initContainers ? { initContainers: itemsOf(initContainers).map(containerOf) } : {}),
  };
}

function containerOf(container: unknown): Fields {
  return picked(container, ['name', 'ports', 'restartPolicy']);
}

function picked(value: unknown, keys: readonly string[]): Fields {
  const fields = fieldsOf(value);
  return Object.fromEntries(keys.flatMap((key) => (fields[key] === undefined ? [] : [[key, fields[key]]])));
}
