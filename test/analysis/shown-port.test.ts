import { expect, test } from 'vitest';
import { shownPort } from '../../lib/analysis/open-world/shown-port';
import { PortSet } from '../../lib/sets/port-set';

const range = (protocol: 'TCP' | 'UDP' | 'SCTP', first: number, last = first) => ({ protocol, first, last });

test.for([
  ['every port but one', PortSet.all.subtract(PortSet.of([range('TCP', 6379)])), range('TCP', 80)],
  ['a range with one that is familiar', PortSet.of([range('TCP', 400, 500)]), range('TCP', 443)],
  ['UDP alone', PortSet.of([range('UDP', 1, 65535)]), range('UDP', 53)],
  ['what is not familiar', PortSet.of([range('TCP', 7070), range('SCTP', 9, 12)]), range('SCTP', 9, 12)],
  ['every port of every protocol', PortSet.all, undefined],
  ['none', PortSet.empty, undefined],
] as const)('of %s a familiar port is shown if there is one', ([, ports, shown]) => {
  expect(shownPort(ports)).toEqual(shown);
});
