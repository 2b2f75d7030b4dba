import { policyToString } from '../../model/policy';
import { internetBlocks } from '../../model/special-addresses';
import { parseCidr } from '../../sets/cidr';
import { addressPeersOf } from '../address-peers';
import { policy } from '../examples';
import type { LintRule } from '../rule';
import { defaultBounds } from '../settings';
import { demands } from '../standards';

const egressTo = (cidr: string) =>
  policy('web', `podSelector: {}\npolicyTypes: [Egress]\negress: [{ to: [{ ipBlock: { cidr: ${cidr} } }] }]`);

export const noWideCidr: LintRule = {
  id: 'no-wide-cidr',
  group: 'width',
  severity: 'warning',
  wrong: 'a range of addresses is wider than the configured bound',
  why: 'A wide range opens hosts that nobody thought of, today and whenever one is added to it.',
  todo: 'name the ranges that are needed, or widen the bound (`lint.widestCidr`)',
  todoInCode: 'name the ranges that are needed, or widen the bound (`lint.widestCidr`)',
  demands: [demands.permitted],
  references: [
    {
      name: 'NIST SP 800-41, Guidelines on Firewalls and Firewall Policy',
      url: 'https://csrc.nist.gov/pubs/sp/800/41/r1/final',
    },
  ],
  good: [{ yaml: egressTo('10.0.0.0/8') }, { yaml: egressTo('2001:db8::/32') }],
  bad: [
    { yaml: egressTo('64.0.0.0/2'), at: ['spec.egress[0].to[0].ipBlock.cidr'] },
    {
      yaml: egressTo('10.0.0.0/8'),
      at: ['spec.egress[0].to[0].ipBlock.cidr'],
      settings: { bounds: { ...defaultBounds, widestCidr: { ipv4: 16, ipv6: 48 } } },
    },
  ],
  *check({ policies, settings: { bounds } }) {
    const { ipv4, ipv6 } = bounds.widestCidr;
    for (const written of policies) {
      for (const { field, block } of addressPeersOf(written)) {
        const cidr = parseCidr(block.cidr);
        const bound = cidr?.family === 4 ? ipv4 : ipv6;
        // Every address is a finding of its own; all public ones are meant as such.
        if (!cidr || cidr.prefix >= bound || cidr.prefix === 0 || internetBlocks.includes(block.cidr)) continue;
        yield {
          message: `policy \`${policyToString(written.policy)}\` allows \`${block.cidr}\`, which is wider than \`/${bound}\``,
          place: written.at(`${field}.ipBlock.cidr`),
        };
      }
    }
  },
};
