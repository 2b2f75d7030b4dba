import { type AddressSet, addressesOf } from '../sets/address-set';
import { IntervalSet } from '../sets/interval-set';
import { internetAtoms } from './atom';
import type { AddressBlock } from './outside';
import { specialAddresses } from './special-addresses';

/** The public internet as blocks of policies, one for each family. */
export const internetBlocksOfPolicies: readonly AddressBlock[] = internetAtoms(specialAddresses).flatMap((atom) =>
  atom.kind === 'addresses' ? [atom.block] : [],
);

/** What commands and tests call them. */
export const internetName = 'internet';

/** All public addresses, where an app does not say otherwise. */
export const internetAddresses: AddressSet = IntervalSet.union(internetBlocksOfPolicies.map(addressesOf));
