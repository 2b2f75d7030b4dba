import { policyToString } from '../../model/policy';
import { addressesOf, holdsAddress } from '../../sets/address-set';
import { parseAddress } from '../../sets/cidr';
import { PortSet } from '../../sets/port-set';
import { policy } from '../examples';
import type { LintRule } from '../rule';
import { demands } from '../standards';

/** Where clouds answer for the machine that asks, credentials included. */
const services: readonly (readonly [address: string, whose: string])[] = [
  ['169.254.169.254', 'the metadata service of AWS, Azure, Google Cloud and others'],
  ['169.254.170.2', 'the credentials service of AWS containers'],
  ['100.100.100.200', 'the metadata service of Alibaba Cloud'],
  ['192.0.0.192', 'the metadata service of Oracle Cloud'],
  ['168.63.129.16', 'the platform service of Azure'],
  ['fd00:ec2::254', 'the metadata service of AWS over IPv6'],
];
const known = services.map(([text, whose]) => ({ text, whose, address: parseAddress(text)! }));
const web = PortSet.of([{ protocol: 'TCP', first: 80, last: 80 }]);

const egressTo = (block: string, port = 80) =>
  policy(
    'web',
    `podSelector: {}\npolicyTypes: [Egress]\negress: [{ to: [{ ipBlock: { ${block} } }], ports: [{ port: ${port} }] }]`,
  );

export const noMetadataAddress: LintRule = {
  id: 'no-metadata-address',
  group: 'width',
  severity: 'warning',
  wrong: 'a rule lets pods reach the metadata service of a cloud',
  why: 'It hands out credentials of the node to whoever asks: one request that an attacker can make a pod send is enough.',
  todo: 'leave link-local addresses out: `except: [169.254.0.0/16]`',
  todoInCode:
    "leave it out; of a range, keep link-local addresses out as `Peer.internet()` does, or by `except: ['169.254.0.0/16']`",
  demands: [demands.metadata],
  references: [
    {
      name: 'MITRE ATT&CK T1552.005, Cloud Instance Metadata API',
      url: 'https://attack.mitre.org/techniques/T1552/005/',
    },
    {
      name: 'OWASP, Server-Side Request Forgery',
      url: 'https://owasp.org/Top10/A10_2021-Server-Side_Request_Forgery_%28SSRF%29/',
    },
  ],
  good: [
    { yaml: egressTo('cidr: 0.0.0.0/0, except: [169.254.0.0/16, 100.64.0.0/10, 192.0.0.0/24, 168.63.129.16/32]') },
    // They answer on port 80.
    { yaml: egressTo('cidr: 0.0.0.0/0', 443) },
  ],
  bad: [
    { yaml: egressTo('cidr: 0.0.0.0/0'), at: ['spec.egress[0].to[0].ipBlock'] },
    { yaml: policy('web', 'podSelector: {}\npolicyTypes: [Egress]\negress: [{}]'), at: ['spec.egress[0]'] },
  ],
  *check({ policies }) {
    for (const { policy, at } of policies) {
      for (const rule of policy.rules) {
        if (rule.direction === 'ingress' || !web.isSubsetOf(rule.ports)) continue;
        for (const [i, peer] of rule.peers.entries()) {
          if (peer.kind === 'pods') continue;
          const held = peer.kind === 'addresses' ? addressesOf(peer.block) : undefined;
          const [first] = known.filter(({ address }) => !held || holdsAddress(held, address));
          if (!first) continue;
          const field = `spec.egress[${rule.index}]${held ? `.to[${i}].ipBlock` : ''}`;
          yield {
            message: `policy \`${policyToString(policy)}\` allows \`${first.text}\` on port 80, ${first.whose}`,
            place: at(field),
            ...(held
              ? {}
              : {
                  hint: 'name the peers; of addresses, leave link-local ones out: `except: [169.254.0.0/16]`',
                  hintInCode: 'name who is meant; of addresses, `Peer.internet()` leaves link-local ones out',
                }),
          };
        }
      }
    }
  },
};
