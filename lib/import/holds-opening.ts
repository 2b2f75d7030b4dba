import type { Atom } from '../model/atom';
import { addressesOf } from '../sets/address-set';
import type { Opening } from './subjects';

/** Whether the one opens all that the other does. */
export function holdsOpening(wide: Opening, narrow: Opening): boolean {
  return narrow.ports.isSubsetOf(wide.ports) && holdsPeer(wide.peer, narrow.peer);
}

export function holdsPeer(wide: Atom, narrow: Atom): boolean {
  if (wide.kind === 'everyone') return true;
  if (wide.kind === 'pods') return narrow.kind === 'pods' && narrow.box.isSubsetOf(wide.box);
  return narrow.kind === 'addresses' && addressesOf(narrow.block).subtract(addressesOf(wide.block)).isEmpty;
}
