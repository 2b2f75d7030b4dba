import { type AddressSet, addressesOf, addressSetToString, cidrsOfAddresses, everyAddress } from '../sets/address-set';
import { cidrToString } from '../sets/cidr';
import { internetAddresses, internetName } from './internet';

/** So many ranges are named. */
const mostRanges = 4;
const [ipv4, ipv6] = ['0.0.0.0/0', '::/0'].map((cidr) => addressesOf({ cidr, except: [] })) as [AddressSet, AddressSet];
const named = [
  { name: internetName, set: internetAddresses },
  { name: `${internetName} (IPv4)`, set: internetAddresses.intersect(ipv4) },
  { name: `${internetName} (IPv6)`, set: internetAddresses.intersect(ipv6) },
];

/** By the name that most of them have, and what differs; else by the first ranges, as in `10.0.0.0/8, 192.168.0.0/16`. */
export function addressesText(set: AddressSet): string {
  if (set.equals(everyAddress)) return addressSetToString(set);
  for (const { name, set: known } of named) {
    const [less, more] = [cidrsOfAddresses(known.subtract(set)), cidrsOfAddresses(set.subtract(known))];
    if (less.length + more.length > mostRanges) continue;
    const without = less.length > 0 ? ` except ${less.map(cidrToString).join(', ')}` : '';
    return [name + without, ...more.map(cidrToString)].join(', ');
  }
  const ranges = addressSetToString(set).split(' ');
  const rest = ranges.length - mostRanges;
  return [...ranges.slice(0, mostRanges), ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
}
