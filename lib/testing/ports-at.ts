import type { AskedName, AskedPort } from '../analysis/explain/asked';
import { destinationOf, judgedPorts, portNamesOf } from '../analysis/explain/asked-ports';
import { didYouMean } from '../constructs/did-you-mean';
import type { Cluster } from '../model/cluster';
import type { Issue } from '../model/issue';
import { type PodPort, podPorts } from '../model/workload';
import { askedPorts } from '../naming/asked-ports';
import { type PortItem, PortSet, protocols } from '../sets/port-set';
import type { ClaimEnd } from './claim';

/**
 * The ports that are asked for at a destination, by number. A name stays one at pods that only could exist, whatever number they call so, and where the number
 * is not known, as of a service of an app that gives the name alone.
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
  if (parsed && end.kind === 'pods') {
    return PortSet.of(parsed.flatMap((port) => ('name' in port ? namedAt(port, end.text, cluster, report) : [port])));
  }
  const named = end.kind === 'workload' ? podPorts(end.workload).filter((port) => port.number === undefined) : [];
  const calls = (port: AskedPort, { name, protocol }: PodPort) =>
    'name' in port && port.name === name && (port.protocol ?? protocol) === protocol;
  const byName = PortSet.of(named.filter((port) => !parsed || parsed.some((one) => calls(one, port))));
  const others = parsed?.filter((one) => !named.some((port) => calls(one, port)));
  const destination =
    end.kind === 'workload'
      ? destinationOf({ kind: 'workload', workload: { ...end.workload, portNames: [] } }, end.text, cluster)
      : { name: end.text, ports: [], services: [], via: undefined };
  const { set, extent, unresolved } = judgedPorts(others, destination);
  const names = [...portNamesOf(destination), ...named.map(({ name }) => `\`${name}\``)];
  for (const name of unresolved) {
    const hint = names.length > 0 ? `it has ${names.join(', ')}` : 'give a number, as in `8080`';
    report({ code: 'names-nothing', message: `\`${name}\` is no port of ${end.text}`, place: {}, hint });
  }
  if (extent !== 'every') return set.union(byName);
  if (!byName.isEmpty) return byName;
  const message = `${end.text} declares no ports`;
  report({ code: 'no-ports', message, place: {}, hint: 'say which ports are meant' });
  return PortSet.empty;
}

/** Without a protocol, those with which a rule or a container has the name; every one where none has it. */
function namedAt(
  { text, name, protocol }: AskedName,
  at: string,
  { workloads, policies }: Cluster,
  report: (issue: Issue) => void,
): PortItem[] {
  const inRules = policies.flatMap(({ rules }) => rules.flatMap(({ ports }) => ports.items()));
  const known = [...workloads.flatMap(podPorts), ...inRules].flatMap((port) =>
    'name' in port && port.name !== undefined ? { name: port.name, protocol: port.protocol } : [],
  );
  const own = known.filter((port) => port.name === name);
  const names = known.map((port) => port.name);
  const hint = own.length === 0 ? didYouMean(name, names) : undefined;
  if (hint) {
    const message = `\`${text}\` is no port of ${at}: no rule and no container calls one so`;
    report({ code: 'names-nothing', message, place: {}, hint });
    return [];
  }
  const uses = own.length > 0 ? own.map((port) => port.protocol) : protocols;
  return (protocol ? [protocol] : uses).map((used) => ({ name, protocol: used }));
}

/** All that a destination declares; every port where it declares none. */
export function declaredPortsAt(end: ClaimEnd, cluster: Cluster): PortSet {
  const set = portsAt(undefined, end, cluster, () => {});
  return set.isEmpty ? PortSet.all : set;
}
