import type { DeclaredEnds, DeclaringApp } from '../analysis/explain/declaring-app';
import type { HandedEnds } from '../constructs/handed-over';
import { portsFromJson } from '../model/policy-json';
import { boxOf } from '../model/selector';
import { addressesOf } from '../sets/address-set';
import { IntervalSet } from '../sets/interval-set';
import { LabelBox } from '../sets/label-box';
import type { AppCluster } from './app-source';

/** What an app declares for one of its clusters, as far as it decides whether synth takes a statement. */
export function declaringApp({
  name,
  services,
  guarantees = [],
  standIns,
  environmentOf,
}: Pick<AppCluster, 'name' | 'services' | 'guarantees' | 'standIns' | 'environmentOf'>): DeclaringApp {
  return {
    environmentOf,
    standIns,
    services: services.map(({ place, namespace, selector, declares }) => {
      return { path: place.construct ?? '', namespace, pods: boxOf(selector), ports: declares };
    }),
    guarantees: guarantees.flatMap(({ path, text, at, clusters = [] }) =>
      clusters
        .filter((cluster) => cluster.name === name)
        .map(({ from, to }) => ({
          path,
          text,
          at,
          from: from.map(endsOf),
          to: to.map(({ ends, ports }) => ({ ends: endsOf(ends), ports: portsFromJson(ports) })),
        })),
    ),
  };
}

function endsOf(ends: HandedEnds): DeclaredEnds {
  if (!('cidrs' in ends)) return { namespaces: LabelBox.of(ends.namespaces), pods: LabelBox.of(ends.pods) };
  return { addresses: IntervalSet.union(ends.cidrs.map((cidr) => addressesOf({ cidr, except: [] }))) };
}
