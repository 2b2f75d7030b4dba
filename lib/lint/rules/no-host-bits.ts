import { cidrHasHostBits, cidrToString, parseCidr } from '../../sets/cidr';
import { policy } from '../examples';
import type { LintRule } from '../rule';
import { writtenCidrs } from '../written-cidrs';

const egressTo = (block: string) =>
  policy('web', `podSelector: {}\npolicyTypes: [Egress]\negress: [{ to: [{ ipBlock: { cidr: ${block} } }] }]`);

export const noHostBits: LintRule = {
  id: 'no-host-bits',
  group: 'validity',
  severity: 'warning',
  wrong: 'a CIDR names an address inside its range instead of the first one',
  why: 'Whoever reads `10.0.0.1/8` may take it for one host, where it is the whole of 10.0.0.0/8. Newer API servers refuse it.',
  todo: 'write the first address of the range, or the prefix length that was meant',
  references: [
    {
      name: 'KEP-4858, IP/CIDR validation improvements',
      url: 'https://github.com/kubernetes/enhancements/issues/4858',
    },
  ],
  good: [
    {
      yaml: egressTo('10.0.0.0/8'),
    },
  ],
  bad: [
    {
      yaml: egressTo('10.0.0.1/8'),
      at: ['spec.egress[0].to[0].ipBlock.cidr'],
      fixed: egressTo('10.0.0.0/8'),
    },
    {
      yaml: egressTo('10.0.0.0/8, except: [10.1.0.1/16]'),
      at: ['spec.egress[0].to[0].ipBlock.except[0]'],
      fixed: egressTo('10.0.0.0/8, except: [10.1.0.0/16]'),
    },
  ],
  *check({ policies }) {
    for (const { policy, field, text } of policies.flatMap(writtenCidrs)) {
      if (!cidrHasHostBits(text)) continue;
      const value = cidrToString(parseCidr(text)!);
      yield {
        message: `\`${text}\` is the range \`${value}\``,
        place: policy.place.at(field),
        hint: `write \`${value}\`, or \`${text.replace(/\/.*/, text.includes(':') ? '/128' : '/32')}\` if one address is meant`,
        fix: [{ kind: 'set', object: policy.place, field, value }],
      };
    }
  },
};
