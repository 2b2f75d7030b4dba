import type { ListedAddresses } from '../../model/connectivity-listing';
import { internetAddresses } from '../../model/internet';
import {
  type AddressSet,
  addressesOf,
  addressSetToString,
  cidrsOfAddresses,
  everyAddress,
} from '../../sets/address-set';
import { cidrToString } from '../../sets/cidr';

const wholeOf = (cidr: string) => ({ cidr, whole: addressesOf({ cidr, except: [] }) });
const families = ['0.0.0.0/0', '::/0'].map(wholeOf);
/** Of which most of a set may be: of IPv6 just this part is in use. */
const wholes = [...families, wholeOf('2000::/3')];
const internet = families.map(({ whole }) => internetAddresses.intersect(whole));

/** Which of the addresses are public. */
export function internetIn(addresses: AddressSet): 'all' | 'some' | 'none' {
  if (addresses.intersect(internetAddresses).isEmpty) return 'none';
  return addresses.isSubsetOf(internetAddresses) ? 'all' : 'some';
}

/** The addresses for machines and for people. @param set not empty */
export function listedAddresses(set: AddressSet): ListedAddresses {
  const written = addressSetToString(set);
  if (set.equals(everyAddress)) return { text: written, ranges: [written] };
  return { text: textOf(set), ranges: written.split(' ') };
}

/** Addresses that tierwall's own policies, and many others, call the internet go by that name; others by what is left out, where that is shorter. */
function textOf(set: AddressSet): string {
  const parts = families.map(({ whole }) => set.intersect(whole));
  if (parts.every((part, i) => part.equals(internet[i]!))) return 'the public internet';
  return parts
    .flatMap((part, i) => {
      if (part.isEmpty) return [];
      if (part.equals(internet[i]!)) return [`the public internet (IPv${i === 0 ? 4 : 6})`];
      const texts = [addressSetToString(part).replaceAll(' ', ', ')];
      for (const { cidr, whole } of wholes) {
        if (!part.isSubsetOf(whole)) continue;
        const missing = cidrsOfAddresses(whole.subtract(part)).map(cidrToString);
        texts.push(missing.length === 0 ? cidr : `${cidr} except ${missing.join(', ')}`);
      }
      return texts.reduce((shortest, text) => (text.length < shortest.length ? text : shortest));
    })
    .join('; ');
}
