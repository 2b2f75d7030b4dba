import { policyToString } from '../../model/policy';
import { parseCidr } from '../../sets/cidr';
import { addressPeersOf } from '../address-peers';
import { policy } from '../examples';
import type { LintRule } from '../rule';
import { demands } from '../standards';

const egressTo = (block: string) =>
  policy(
    'web',
    `podSelector: {}\npolicyTypes: [Egress]\negress: [{ to: [{ ipBlock: { ${block} } }], ports: [{ port: 443 }] }]`,
  );

export const noAnyAddress: LintRule = {
  id: 'no-any-address',
  group: 'width',
  severity: 'warning',
  wrong: 'a rule allows every address of a family, private ones too',
  why: '`0.0.0.0/0` is not the internet: it holds private networks, link-local and metadata addresses, and with some plugins the pods and nodes of the cluster.',
  todo: 'name the ranges that are meant, or leave the private ones out with `except`',
  todoInCode: 'say `Peer.internet()`, which leaves private ranges out, or `Peer.cidr()` with the range that is meant',
  demands: [demands.permitted],
  references: [
    {
      name: 'IANA IPv4 Special-Purpose Address Registry',
      url: 'https://www.iana.org/assignments/iana-ipv4-special-registry/',
    },
  ],
  good: [
    { yaml: egressTo('cidr: 203.0.113.0/24') },
    { yaml: egressTo('cidr: 0.0.0.0/0, except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16]') },
  ],
  bad: [
    { yaml: egressTo('cidr: 0.0.0.0/0'), at: ['spec.egress[0].to[0].ipBlock.cidr'] },
    { yaml: egressTo('cidr: "::/0"'), at: ['spec.egress[0].to[0].ipBlock.cidr'] },
  ],
  *check({ policies }) {
    for (const written of policies) {
      for (const { rule, field, block } of addressPeersOf(written)) {
        if (block.except.length > 0 || parseCidr(block.cidr)?.prefix !== 0) continue;
        const way = rule.direction === 'ingress' ? 'ingress from' : 'egress to';
        yield {
          message: `policy \`${policyToString(written.policy)}\` allows ${way} every address, \`${block.cidr}\` without \`except\``,
          place: written.at(`${field}.ipBlock.cidr`),
        };
      }
    }
  },
};
