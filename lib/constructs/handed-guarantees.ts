import { guaranteedPorts } from '../analysis/check/guarantee-scope';
import type { Ends } from '../analysis/open-world/meetings';
import { endsOfParty } from '../analysis/prove/guarantees';
import { portsToJson } from '../model/policy-json';
import { readRef } from '../model/port-resolution';
import { type Guarantee, type Program, partyToString } from '../model/program';
import { cidrsOfAddresses } from '../sets/address-set';
import { cidrToString } from '../sets/cidr';
import { PortSet } from '../sets/port-set';
import { declaredAt } from './declared-at';
import type { HandedEnds, HandedGuarantee } from './handed-over';

/** Each guarantee of a program, in words and by the pods and addresses that it is about. */
export function handedGuarantees(program: Program): HandedGuarantee[] {
  const clusters = [...new Set(program.environments.map(({ cluster }) => cluster))].sort();
  return program.guarantees.map((guarantee) => {
    const { path, origin } = guarantee;
    const at = declaredAt(origin);
    return {
      path,
      text: textOf(guarantee),
      at,
      clusters: clusters.flatMap((name) => inCluster(program, guarantee, name)),
    };
  });
}

function textOf({ from, to, ports }: Guarantee): string {
  const names = (parties: typeof from) => parties.map(partyToString).sort().join(', ');
  const on = ports
    ? ` on ${ports
        .map((port) => `${readRef(port)}`)
        .sort()
        .join(', ')}`
    : '';
  return `never from ${names(from)} to ${names(to)}${on}`;
}

function inCluster(program: Program, guarantee: Guarantee, name: string): NonNullable<HandedGuarantee['clusters']> {
  const environments = program.environments.filter(({ cluster }) => cluster === name);
  const ports = guaranteedPorts(guarantee);
  const from = guarantee.from.flatMap((party) =>
    endsOfParty(program, environments, party, 'source').map(([ends]) => handed(ends)),
  );
  const to = guarantee.to.flatMap((party) =>
    endsOfParty(program, environments, party, 'target').flatMap(([ends, service]) => {
      const own = !guarantee.ports ? PortSet.all : service ? ports.of(service) : ports.outside;
      return own.isEmpty ? [] : [{ ends: handed(ends), ports: portsToJson(own) }];
    }),
  );
  return from.length > 0 && to.length > 0 ? [{ name, from, to }] : [];
}

function handed(ends: Ends): HandedEnds {
  return 'addresses' in ends
    ? { cidrs: cidrsOfAddresses(ends.addresses).map(cidrToString) }
    : { namespaces: ends.namespaces.requirements(), pods: ends.pods.requirements() };
}
