import { expect, test } from 'vitest';
import { shownPorts } from '../../../lib/render/connectivity/shown-ports';

test.for([
  ['every port', ['*'], ['any port']],
  ['a few', ['80/TCP', '8000-8999/UDP'], ['80/TCP', '8000-8999/UDP']],
  ['all but one', ['1-65535/SCTP', '1-79/TCP', '81-65535/TCP', '1-65535/UDP', 'other'], ['any port but 80/TCP']],
  ['all but a protocol', ['1-65535/SCTP', '1-65535/TCP', 'other'], ['any port but 1-65535/UDP']],
  ['a few, and protocols without ports', ['80/TCP', 'other'], ['80/TCP', 'other protocols']],
  [
    'every number, but no other protocols',
    ['1-65535/SCTP', '1-65535/TCP', '1-65535/UDP'],
    ['1-65535/SCTP', '1-65535/TCP', '1-65535/UDP'],
  ],
] as const)('ports are told shortly: %s', ([, ports, want]) => {
  expect(shownPorts(ports)).toEqual(want);
});
