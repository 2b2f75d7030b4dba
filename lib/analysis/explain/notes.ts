import { type Cluster, workloadToString } from '../../model/cluster';
import { namespaceNameKey } from '../../model/selector';
import { holdsAddress } from '../../sets/address-set';
import { parseAddress } from '../../sets/cidr';
import type { JudgedEnd } from './judged-end';
import type { Isolating, Pair } from './judgement';

const mostNames = 3;

/** What the reader has to know to trust the verdict. */
export function notesOn({ source, destination }: Pair, isolating: Isolating, cluster: Cluster): string[] {
  return [
    ...assumedLabels(destination, isolating.egress),
    ...assumedLabels(source, isolating.ingress),
    ...[source, destination].flatMap((end) => [...unknownNamespace(end, cluster), ...podsAmong(end, cluster)]),
    ...(source.kind === 'addresses' && destination.kind === 'pod'
      ? ['a load balancer, a NodePort or a proxy may put its own address in place of the source']
      : []),
    ...(source !== destination && isSameWorkload(source, destination)
      ? [`between two pods of ${source.explained.text}; a pod always reaches itself`]
      : []),
  ];
}

/** Rules ask for labels of the peer's namespace, of which only the name is known. */
function assumedLabels(peer: JudgedEnd, policies: Isolating['egress']): string[] {
  if (peer.kind === 'addresses' || peer.explained.namespaceLabels === 'given') return [];
  const keys = policies.flatMap(({ rules }) =>
    rules.flatMap(({ peers }) => peers.flatMap((entry) => (entry.kind === 'pods' ? entry.namespaces.keys : []))),
  );
  if (keys.every((key) => key === namespaceNameKey)) return [];
  const name = peer.explained.namespace;
  return [
    `no Namespace object of ${name} is in the input: it is assumed to have no labels but its name, and rules ask for others`,
  ];
}

function unknownNamespace(end: JudgedEnd, { namespaces }: Cluster): string[] {
  if (end.kind === 'addresses' || namespaces.some(({ name }) => name === end.explained.namespace)) return [];
  return [`nothing in the input is in namespace ${end.explained.namespace}: its pods are taken as not isolated`];
}

function podsAmong(end: JudgedEnd, { workloads }: Cluster): string[] {
  if (end.kind === 'pod') return [];
  const held = workloads.filter((workload) =>
    workload.addresses.some((text) => {
      const address = parseAddress(text);
      return address !== undefined && holdsAddress(end.addresses, address);
    }),
  );
  if (held.length === 0) return [];
  const names = held.slice(0, mostNames).map(workloadToString);
  const rest = held.length > mostNames ? ` and ${held.length - mostNames} more` : '';
  return [
    `${end.explained.text} is judged as outside the cluster, but holds the address of ${names.join(', ')}${rest}: ask for pods by name`,
  ];
}

function isSameWorkload(source: JudgedEnd, destination: JudgedEnd): boolean {
  if (source.kind !== 'pod' || destination.kind !== 'pod') return false;
  return source.workload !== undefined && source.workload === destination.workload;
}
