import { type PortItem, PortSet } from '../../sets/port-set';
import type { ServicePlan } from '../plan';
import { expanded, type Ports, sameItem, unnamedPort } from '../service-ports';
import { object, quoted } from './literal';

/** A service's `ports`, or undefined for one that declares none. */
export function declaredCode(ports: Ports): string | undefined {
  return object(Object.fromEntries([...ports].map(([name, item]) => [name, itemCode(item)])));
}

/** The `ports` of an intent, or undefined where it asks for all that the callee declares. */
export function askedCode(asked: PortSet, callee: ServicePlan | undefined): string | undefined {
  if (asked.isEverything) return 'anyPort()';
  const declared = callee?.ports ?? new Map<string, PortItem>();
  const all = PortSet.of(declared.values());
  if (declared.size > 0 && asked.equals(all)) return undefined;
  const refs = asked.items().flatMap((item) => {
    const whole = [...declared].find(([, own]) => sameItem(own, item));
    return whole ? [refCode(item, declared)] : expanded(item, all).map((one) => refCode(one, declared));
  });
  return `[${refs.join(', ')}]`;
}

function refCode(item: PortItem, declared: Ports): string {
  const [name] = [...declared].find(([key, own]) => key !== unnamedPort(item) && sameItem(own, item)) ?? [];
  return name === undefined ? itemCode(item) : quoted(name);
}

/** As in `8080`, `'53/UDP'`, `'8000-8999'` or `Port.named('http')`. */
function itemCode(item: PortItem): string {
  const { protocol } = item;
  if ('name' in item) return `Port.named(${quoted(item.name)}${protocol === 'TCP' ? '' : `, ${quoted(protocol)}`})`;
  const { first, last } = item;
  if (first === last && protocol === 'TCP') return `${first}`;
  return quoted(`${first === last ? first : `${first}-${last}`}${protocol === 'TCP' ? '' : `/${protocol}`}`);
}
