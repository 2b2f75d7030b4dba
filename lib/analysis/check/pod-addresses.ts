import type { AddressBlock } from '../../model/outside';
import type { EnvironmentModel } from '../../model/program';
import { internetBlocks, specialAddresses } from '../../model/special-addresses';
import { type AddressSet, addressesOf, everyAddress } from '../../sets/address-set';
import { IntervalSet } from '../../sets/interval-set';

/** Addresses that no pod of another pod's reach has: this network, loopback, link-local and multicast. */
const never = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '::/127', 'fe80::/10', 'ff00::/8'];

const possible = new WeakMap<EnvironmentModel, AddressSet>();
const answers = new WeakMap<AddressSet, WeakMap<AddressBlock, boolean>>();

/**
 * Whether pods may have addresses of the block, so that it is left to the CNI whether the block takes them in. Public addresses are
 * taken for what is outside: those of the internet, but for what the environment says is not.
 */
export function mayHoldPods(block: AddressBlock, environment: EnvironmentModel): boolean {
  const set = podAddresses(environment);
  const known = answers.get(set)!;
  let answer = known.get(block);
  if (answer === undefined) {
    answer = !addressesOf(block).intersect(set).isEmpty;
    known.set(block, answer);
  }
  return answer;
}

/** Those that pods may have. */
export function podAddresses(environment: EnvironmentModel): AddressSet {
  let set = possible.get(environment);
  if (!set) {
    const special = union([...specialAddresses, ...environment.notInternet]);
    set = everyAddress.subtract(union(internetBlocks)).union(special).subtract(union(never));
    possible.set(environment, set);
    answers.set(set, new WeakMap());
  }
  return set;
}

function union(cidrs: readonly string[]): AddressSet {
  return IntervalSet.union(cidrs.map((cidr) => addressesOf({ cidr, except: [] })));
}
