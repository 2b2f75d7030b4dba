import type { PolicyConstruct } from '../../model/explanation';
import { resolveNames } from '../../model/named-ports';
import type { PodPort } from '../../model/workload';
import { type PortItem, PortSet } from '../../sets/port-set';
import { keyCode, quoted } from './code-words';
import type { DeclaredService } from './declaring-app';
import { type PortRange, rangesOf } from './port-pieces';
import { portItemToString } from './texts';

/**
 * A service that declares ports takes no others; one that declares none takes whatever is asked for.
 * @param own of its pods, by which names are numbers
 * @returns what to declare first, if anything
 */
export function undeclaredPorts(
  declared: DeclaredService['ports'],
  { path, file, line }: PolicyConstruct,
  ports: PortSet,
  own: readonly PodPort[],
): string[] {
  if (!declared || declared === '*' || declared.length === 0) return [];
  const missing = ports.subtract(resolveNames(PortSet.of(declared.map(({ item }) => item)), own));
  if (missing.isEmpty) return [];
  const added = rangesOf(missing).map((item) => ({ name: addedName(item), item }));
  const code = [...declared, ...added].map(({ name, item }) => `${keyCode(name)}: ${portCode(item)}`).join(', ');
  const has = declared.map(({ name, item }) => `\`${name}\` (${portItemToString(item)})`).join(', ');
  return [
    `${path}${file === undefined ? '' : ` (${file}:${line})`} declares ${has}, and not ${rangesOf(missing).map(portItemToString).join(', ')}: declare it there first, \`ports: { ${code} }\``,
  ];
}

function addedName({ protocol, first, last }: PortRange): string {
  return `${protocol.toLowerCase()}-${first === last ? first : `${first}-${last}`}`;
}

function portCode(item: PortItem): string {
  if ('name' in item) return `Port.named(${quoted(item.name)}, ${quoted(item.protocol)})`;
  return item.first === item.last && item.protocol === 'TCP' ? `${item.first}` : quoted(portItemToString(item));
}
