import { policyToString } from '../../model/policy';
import { type AddressSet, addressesOf, holdsAddress } from '../../sets/address-set';
import { parseAddress, parseCidr } from '../../sets/cidr';
import { IntervalSet } from '../../sets/interval-set';
import type { LintContext } from '../context';
import { documents, policy } from '../examples';
import type { LintRule } from '../rule';
import { defaultBounds } from '../settings';
import { demands } from '../standards';

const to = (cidr: string) =>
  policy('web', `podSelector: {}\npolicyTypes: [Egress]\negress: [{ to: [{ ipBlock: { cidr: ${cidr} } }] }]`);
const settings = {
  bounds: { ...defaultBounds, podRanges: ['10.244.0.0/16'], serviceRanges: ['10.96.0.0/12', 'fd00:10:96::/112'] },
};

export const noIpBlockOfPods: LintRule = {
  id: 'no-ip-block-of-pods',
  group: 'workability',
  severity: 'warning',
  wrong: 'an ipBlock names addresses of pods or Services',
  why: 'Pods change their addresses, and Service addresses are translated before policies are judged. Whether an ipBlock matches them at all is left to the network plugin.',
  todo: 'select the pods by their labels',
  todoInCode: 'name the service, or the pods by `Peer.pods()`',
  demands: [demands.addresses],
  references: [
    {
      name: 'Kubernetes, behavior of ipBlock selectors',
      url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors',
    },
  ],
  good: [
    { yaml: to('203.0.113.0/24'), settings },
    { yaml: to('10.0.0.0/8'), settings },
  ],
  bad: [
    { yaml: to('10.244.3.0/24'), settings, at: ['spec.egress[0].to[0].ipBlock.cidr'] },
    { yaml: to('10.96.0.10/32'), settings, at: ['spec.egress[0].to[0].ipBlock.cidr'] },
    { yaml: to('fd00:10:96::a/128'), settings, at: ['spec.egress[0].to[0].ipBlock.cidr'] },
    {
      yaml: documents(
        to('10.1.2.3/32'),
        'apiVersion: v1\nkind: Pod\nmetadata: { name: db, namespace: shop }\nspec: { containers: [{ name: db, image: db }] }\nstatus: { podIP: 10.1.2.3 }\n',
      ),
      at: ['spec.egress[0].to[0].ipBlock.cidr'],
    },
  ],
  *check(context) {
    const { podRanges, serviceRanges } = context.settings.bounds;
    const ranges = [
      ['pods', rangesOf(podRanges)],
      ['Services', rangesOf(serviceRanges)],
    ] as const;
    for (const policy of context.cluster.policies) {
      for (const { direction, index, peers } of policy.rules) {
        for (const [i, peer] of peers.entries()) {
          if (peer.kind !== 'addresses') continue;
          const own = addressesOf(peer.block);
          const [whose] = ranges.find(([, range]) => !own.isEmpty && own.isSubsetOf(range)) ?? [];
          const pod = whose ? undefined : podAt(peer.block.cidr, context);
          if (!whose && !pod) continue;
          const what = whose ? `addresses of ${whose}` : `the address of \`${pod}\``;
          const list = direction === 'ingress' ? 'from' : 'to';
          yield {
            message: `policy \`${policyToString(policy)}\` names \`${peer.block.cidr}\`, ${what}`,
            place: policy.place.at(`spec.${direction}[${index}].${list}[${i}].ipBlock.cidr`),
          };
        }
      }
    }
  },
};

function rangesOf(cidrs: readonly string[]): AddressSet {
  return IntervalSet.union(cidrs.map((cidr) => addressesOf({ cidr, except: [] })));
}

/** The known pod whose one address the block is. */
function podAt(cidr: string, { cluster }: LintContext): string | undefined {
  const { first, last } = parseCidr(cidr)!;
  if (first !== last) return undefined;
  const own = addressesOf({ cidr, except: [] });
  const found = cluster.workloads.find(({ network, addresses }) => {
    const known = network === 'pod' ? addresses.map(parseAddress) : [];
    return known.some((address) => address && holdsAddress(own, address));
  });
  return found && `${found.namespace}/${found.name}`;
}
