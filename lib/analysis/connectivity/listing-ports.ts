import type { PortItem, PortSet } from '../../sets/port-set';

/** As in `8080/TCP` and `8000-8999/TCP`; `*` for every port; `other` for protocols that have no ports a rule could name. */
export function portTexts(ports: PortSet): string[] {
  if (ports.isEverything) return ['*'];
  return [...ports.items().map(itemText), ...(ports.holdsOtherProtocols ? ['other'] : [])];
}

function itemText(item: PortItem): string {
  if ('name' in item) return `${item.name}/${item.protocol}`;
  return `${item.first === item.last ? item.first : `${item.first}-${item.last}`}/${item.protocol}`;
}
