import { guaranteedPorts } from '../analysis/check/guarantee-scope';
import type { Ends } from '../analysis/open-world/meetings';
import { endsOfParty } from '../analysis/prove/guarantees';
import type { Never } from '../constructs/never';
import { Registry } from '../constructs/registry';
import { cidrsOfAddresses } from '../sets/address-set';
import { cidrToString } from '../sets/cidr';
import type { Assertion } from './assertion';
import { portsToString } from './breach-text';
import type { Network } from './network';
import { bad, type ListedText, podsText } from './party';

/** A declared guarantee, as texts that mean the same in one cluster. */
export function guaranteeTexts(never: Never, { source }: Network): Assertion {
  const { program } = Registry.of(never);
  const { path } = never.node;
  const guarantee = program.guarantees.find((known) => known.path === path);
  if (!guarantee) throw bad(`\`${path}\` is no guarantee of this app`, 'give a `Never` that the app declares');
  const name = source.app?.name;
  const environments = program.environments.filter(({ cluster }) => cluster === name);
  const ports = guaranteedPorts(guarantee);
  const from = guarantee.from.flatMap((party) =>
    endsOfParty(program, environments, party, 'source').flatMap(([ends]) => textsOf(ends)),
  );
  const to = guarantee.to.flatMap((party) =>
    endsOfParty(program, environments, party, 'target').flatMap(([ends, service]): ListedText[] => {
      if (!guarantee.ports) return [{ peer: textsOf(ends) }];
      const own = service ? ports.of(service) : ports.outside;
      return own.isEmpty ? [] : [{ peer: textsOf(ends), ports: portsToString(own).split(', ') }];
    }),
  );
  return { kind: 'hold', name: path, from: [...new Set(from)], to };
}

function textsOf(ends: Ends): string[] {
  return 'addresses' in ends
    ? cidrsOfAddresses(ends.addresses).map(cidrToString)
    : [podsText(ends.namespaces, ends.pods)];
}
