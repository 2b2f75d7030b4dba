import type { Place } from '../model/issue';
import type { LabelSelector } from '../model/network-policy';
import { stableLabels } from '../model/volatile-labels';
import type { ContainerPort, Workload, WorkloadKind } from '../model/workload';
import { notSupported, type Report } from '../validation/field-error';
import { checkLabelSelector, checkLabels } from '../validation/label-selector';
import { Field } from './field';

const protocols = ['TCP', 'UDP', 'SCTP'];

/**
 * Reads a workload of any kind and API version. Fields of a wrong type count as absent.
 *
 * @param report receives what the API server would refuse. @default nothing does
 */
export function readWorkload(
  object: { readonly kind: string; readonly metadata?: unknown },
  place: Place,
  report: Report = () => {},
): Workload {
  const kind = object.kind as WorkloadKind;
  const root = Field.of(object, report);
  const metadata = root.child('metadata');
  const spec = root.child('spec');
  const jobSpec = kind === 'CronJob' ? spec.child('jobTemplate').child('spec') : spec;
  const template = kind === 'Pod' ? root : jobSpec.child('template').require();
  const podSpec = template.isSet ? template.child('spec').require() : template.child('spec');
  const podLabelsField = template.child('metadata').child('labels');
  const podLabels = podLabelsField.texts();
  checkLabels(podLabels, podLabelsField.path, report);
  const namespace = metadata.child('namespace').text();
  return {
    kind,
    name: metadata.child('name').text() ?? metadata.child('generateName').text() ?? '',
    ...(namespace ? { namespace } : {}),
    podLabels,
    selector: selectorOf(kind, spec.child('selector'), podLabels, report),
    ports: [
      ...podSpec.child('initContainers').items().filter(isSidecar),
      ...podSpec.child('containers').items(),
    ].flatMap((container) => portsOf(container, report)),
    network: podSpec.child('hostNetwork').truth() === true ? 'host' : 'pod',
    addresses: addressesOf(root.child('status')),
    ...ownerOf(metadata),
    place,
  };
}

function selectorOf(
  kind: WorkloadKind,
  selector: Field,
  podLabels: Readonly<Record<string, string>>,
  report: Report,
): LabelSelector {
  if (kind === 'ReplicationController') return { matchLabels: selector.isSet ? selector.texts() : podLabels };
  if (kind === 'Job' || kind === 'CronJob' || kind === 'Pod') return { matchLabels: stableLabels(podLabels) };
  const matchLabels = selector.child('matchLabels');
  const matchExpressions = selector.child('matchExpressions').items();
  checkLabelSelector(selector.value, 'checked', selector.path, report);
  const own = {
    ...(matchLabels.isSet ? { matchLabels: matchLabels.texts() } : {}),
    ...(matchExpressions.length > 0
      ? { matchExpressions: matchExpressions.map((e) => e.value) as NonNullable<LabelSelector['matchExpressions']> }
      : {}),
  };
  return Object.keys(own).length > 0 ? own : { matchLabels: stableLabels(podLabels) };
}

function addressesOf(status: Field): string[] {
  const listed = status
    .child('podIPs')
    .items()
    .map((entry) => entry.child('ip').text());
  return [
    ...new Set([status.child('podIP').text(), ...listed].filter((ip) => ip !== undefined && ip !== '')),
  ] as string[];
}

function ownerOf(metadata: Field): Pick<Workload, 'owner'> {
  const references = metadata.child('ownerReferences').items();
  const owner = references.find((reference) => reference.child('controller').truth() === true) ?? references[0];
  const kind = owner?.child('kind').text();
  const name = owner?.child('name').text();
  return kind && name ? { owner: { kind, name } } : {};
}

/** An init container that keeps running beside the others (Kubernetes 1.29). */
function isSidecar(container: Field): boolean {
  return container.child('restartPolicy').text() === 'Always';
}

function portsOf(container: Field, report: Report): ContainerPort[] {
  return container
    .child('ports')
    .items()
    .flatMap((entry): ContainerPort[] => {
      const name = entry.child('name').text();
      const number = entry.child('containerPort').integer();
      const protocol = protocolOf(entry, report);
      if (number === undefined || protocol === undefined) return [];
      return [{ ...(name ? { name } : {}), number, protocol }];
    });
}

/** Absent means TCP; undefined what is reported. */
export function protocolOf(entry: Field, report: Report): ContainerPort['protocol'] | undefined {
  const field = entry.child('protocol');
  const protocol = field.isSet ? field.text() : 'TCP';
  if (protocol === undefined || protocols.includes(protocol)) return protocol as ContainerPort['protocol'] | undefined;
  report(notSupported(field.path, protocol, protocols));
  return undefined;
}
