import { expect, test } from 'vitest';
import { listedAddresses } from '../../lib/analysis/connectivity/listing-addresses';
import { addressesOf } from '../../lib/sets/address-set';

test.for([
  ['0.0.0.0/0', ['10.0.0.0/8'], '0.0.0.0/0 except 10.0.0.0/8'],
  ['2000::/3', [], '2000::/3'],
  ['2000::/3', ['2001::/23', '2002::/16'], '2000::/3 except 2001::/23, 2002::/16'],
  ['10.0.0.0/8', ['10.0.0.0/9'], '10.128.0.0/9'],
] as const)('%s without %s is told by what is left out where that is shorter', ([cidr, except, text]) => {
  expect(listedAddresses(addressesOf({ cidr, except })).text).toBe(text);
});
