import { listedPlace } from '../../analysis/connectivity/listing-place';
import { peerToString, podsToString } from '../../analysis/explain/texts';
import type { Cluster } from '../../model/cluster';
import type { Policy, RulePeer } from '../../model/policy';
import { peerFromJson, portsFromJson } from '../../model/policy-json';
import { boxOf, namespaceBox } from '../../model/selector';
import { PortSet } from '../../sets/port-set';
import { portsToString } from '../breach-text';
import type { Network } from '../network';
import type { OpeningPoint } from './point';

/** What each rule of a policy opens: a point for each peer with each port. */
export function openingsOf({ namespace, pods, rules }: Policy, cluster: Cluster): OpeningPoint[] {
  return rules.flatMap(({ direction, peers, ports, place }) =>
    peers.flatMap((peer) => pointsOf({ direction, namespace, pods, peer, place: listedPlace(place) }, ports, cluster)),
  );
}

/** What each intent of an app asks for, at the line that says it. */
export function declaredOpenings({ cluster, source: { app } }: Network): OpeningPoint[] {
  const services = new Map(
    cluster.workloads.flatMap((w) => (w.place.construct ? [[w.place.construct, w] as const] : [])),
  );
  return (app?.intents ?? []).flatMap(({ at, openings }) =>
    openings.flatMap(({ direction, service, peer, ports }) => {
      const subject = services.get(service);
      if (!subject || !at) return [];
      const { namespace, selector } = subject;
      const side = { direction, namespace, pods: boxOf(selector), peer: peerFromJson(peer), place: at };
      return pointsOf(side, portsFromJson(ports), cluster);
    }),
  );
}

/** What rules of an app open that no intent asks for, as the DNS that goes with egress, at the line of the service. */
export function impliedOpenings({ cluster, source: { app } }: Network): OpeningPoint[] {
  if (!app) return [];
  return cluster.policies.flatMap((policy) => {
    const place = app.lineOfPolicy(policy);
    const rules = policy.rules.filter((rule) => app.intentsOf(rule).length === 0);
    return place ? openingsOf({ ...policy, rules }, cluster).map((point) => ({ ...point, place })) : [];
  });
}

function pointsOf(side: Omit<OpeningPoint, 'ports' | 'text'>, ports: PortSet, cluster: Cluster): OpeningPoint[] {
  const items = ports.items();
  const each = items.length > 0 ? items.map((item) => PortSet.of([item])) : [ports];
  const own = nameOf({ kind: 'pods', namespaces: namespaceBox(side.namespace), pods: side.pods }, cluster);
  const peer = nameOf(side.peer, cluster);
  const ends = side.direction === 'egress' ? `${own} → ${peer}` : `${peer} → ${own}`;
  return each.map((one) => ({ ...side, ports: one, text: `${ends} on ${portsToString(one)}` }));
}

/** A workload by its name, where just one is meant. */
function nameOf(peer: RulePeer, { workloads, namespaces }: Cluster): string {
  if (peer.kind !== 'pods') return peerToString(peer);
  const labels = new Map(namespaces.map((n) => [n.name, n.labels] as const));
  const meant = workloads.filter(
    ({ namespace, podLabels }) => peer.namespaces.matches(labels.get(namespace) ?? {}) && peer.pods.matches(podLabels),
  );
  const [only, ...more] = meant;
  return only && more.length === 0 ? `${only.namespace}/${only.name}` : podsToString(peer.namespaces, peer.pods);
}
