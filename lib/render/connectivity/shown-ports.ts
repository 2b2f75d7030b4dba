import { PortSet, type Protocol } from '../../sets/port-set';

const notation = /^(\d+)(?:-(\d+))?\/(TCP|UDP|SCTP)$/;

/** The ports of a row for a person: by what is left out, where that is shorter. */
export function shownPorts(ports: readonly string[]): string[] {
  if (ports.includes('*')) return ['any port'];
  if (!ports.includes('other')) return [...ports];
  const listed = PortSet.of(ports.flatMap(itemOf));
  const missing = PortSet.all.subtract(listed).items();
  if (missing.length >= ports.length) return ports.map((port) => (port === 'other' ? 'other protocols' : port));
  const texts = missing.map((item) => {
    if ('name' in item) return item.name;
    return `${item.first === item.last ? item.first : `${item.first}-${item.last}`}/${item.protocol}`;
  });
  return [`any port but ${texts.join(' ')}`];
}

function itemOf(text: string) {
  const match = notation.exec(text);
  if (!match) return [];
  const first = Number(match[1]);
  return [{ protocol: match[3] as Protocol, first, last: match[2] === undefined ? first : Number(match[2]) }];
}
