import { destinationOf, judgedPorts, portNamesOf } from '../analysis/explain/asked-ports';
import type { Cluster } from '../model/cluster';
import type { Issue } from '../model/issue';
import { askedPorts } from '../naming/asked-ports';
import { PortSet } from '../sets/port-set';
import type { ClaimEnd } from './claim';

/**
 * The ports that are asked for at a destination, by number.
 * @param asked undefined: all that it declares
 * @param report receives what is no port there; and, where nothing is asked for, that it declares none
 */
export function portsAt(
  asked: readonly string[] | undefined,
  end: ClaimEnd,
  cluster: Cluster,
  report: (issue: Issue) => void,
): PortSet {
  const parsed = asked && askedPorts(asked, 'port', report);
  const destination =
    end.kind === 'workload'
      ? destinationOf({ kind: 'workload', workload: end.workload }, end.text, cluster)
      : { name: end.text, ports: [], services: [], via: undefined };
  const { set, extent, unresolved } = judgedPorts(parsed, destination);
  const names = portNamesOf(destination);
  for (const name of unresolved) {
    const hint = names.length > 0 ? `it has ${names.join(', ')}` : 'give a number, as in `8080`';
    report({ code: 'names-nothing', message: `\`${name}\` is no port of ${end.text}`, place: {}, hint });
  }
  if (extent !== 'every') return set;
  const message = `${end.text} declares no ports`;
  report({ code: 'no-ports', message, place: {}, hint: 'say which ports are meant' });
  return PortSet.empty;
}

/** All that a destination declares; every port where it declares none. */
export function declaredPortsAt(end: ClaimEnd, cluster: Cluster): PortSet {
  const set = portsAt(undefined, end, cluster, () => {});
  return set.isEmpty ? PortSet.all : set;
}
