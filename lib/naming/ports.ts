import { didYouMean } from '../constructs/did-you-mean';
import type { Cluster } from '../model/cluster';
import type { Issue } from '../model/issue';
import { Port } from '../model/port';
import { podPorts } from '../model/workload';
import { PortSet, protocols } from '../sets/port-set';
import { portHelp } from './notation';

/**
 * The ports that the texts name, all together. A number without protocol is TCP, as in the API; a name is what containers of the input
 * call their port, of any protocol.
 *
 * @param report receives what is no port, and names that no container has
 */
export function portsOf(
  option: string,
  texts: readonly string[],
  { workloads }: Cluster,
  report: (issue: Issue) => void,
): PortSet {
  const names = new Set(workloads.flatMap((workload) => podPorts(workload).flatMap(({ name }) => name ?? [])));
  const items = texts.flatMap((text) => {
    const port = Port.parse(text);
    if (port && port.problem === undefined) return [port.item];
    if (!port && names.has(text)) return protocols.map((protocol) => ({ protocol, name: text }));
    const message = port
      ? `\`${option} ${text}\`: ${port.problem}`
      : `\`${option} ${text}\`: no container of the input has a port of that name`;
    const hint = (!port && didYouMean(text, [...names])) || `a port is written as ${portHelp}`;
    report({ code: port ? 'bad-port' : 'names-nothing', message, place: {}, hint });
    return [];
  });
  return PortSet.of(items);
}
