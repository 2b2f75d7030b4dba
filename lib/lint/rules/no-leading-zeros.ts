import { cidrToString, parseCidr } from '../../sets/cidr';
import { legacyCidr } from '../../validation/ip-block';
import { policy } from '../examples';
import type { LintRule } from '../rule';
import { writtenCidrs } from '../written-cidrs';

const egressTo = (cidr: string) =>
  policy('web', `podSelector: {}\npolicyTypes: [Egress]\negress: [{ to: [{ ipBlock: { cidr: ${cidr} } }] }]`);

export const noLeadingZeros: LintRule = {
  id: 'no-leading-zeros',
  group: 'validity',
  severity: 'warning',
  wrong: 'a CIDR has leading zeros, or is an IPv4 range in the form of IPv6',
  why: 'Programs disagree on what it means: some read `010` as ten, others as eight. Newer API servers refuse it.',
  todo: 'write it without',
  references: [
    { name: 'CVE-2021-29923, leading zeros in addresses', url: 'https://nvd.nist.gov/vuln/detail/CVE-2021-29923' },
    {
      name: 'KEP-4858, IP/CIDR validation improvements',
      url: 'https://github.com/kubernetes/enhancements/issues/4858',
    },
  ],
  good: [{ yaml: egressTo('10.0.0.0/8') }],
  bad: [
    {
      yaml: egressTo('010.0.0.0/8'),
      at: ['spec.egress[0].to[0].ipBlock.cidr'],
      fixed: egressTo('10.0.0.0/8'),
    },
    {
      yaml: egressTo('10.0.0.0/8, except: [010.1.0.0/16]'),
      at: ['spec.egress[0].to[0].ipBlock.except[0]'],
      fixed: egressTo('10.0.0.0/8, except: [10.1.0.0/16]'),
    },
    {
      yaml: egressTo('"::ffff:10.0.0.0/104"'),
      at: ['spec.egress[0].to[0].ipBlock.cidr'],
      fixed: egressTo('"10.0.0.0/8"'),
    },
  ],
  *check({ policies }) {
    for (const { policy, field, text } of policies.flatMap(writtenCidrs)) {
      const meant = legacyCidr(text);
      if (!meant || parseCidr(text)?.family === meant.family) continue;
      const value = cidrToString(meant);
      yield {
        message: `\`${text}\` is read as \`${value}\` here, and elsewhere perhaps as something else`,
        place: policy.place.at(field),
        hint: `write \`${value}\``,
        fix: [{ kind: 'set', object: policy.place, field, value }],
      };
    }
  },
};
