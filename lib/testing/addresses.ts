import { uncovered } from '../analysis/open-world/uncovered';
import { portsInCommonAt } from '../analysis/ports-in-common';
import { LabelBox } from '../sets/label-box';
import type { PortSet } from '../sets/port-set';
import type { Breach, Claim, ClaimEnd } from './claim';
import type { KnownPods } from './known-pods';

/** Where a claim about a known pod and addresses outside the cluster is broken. */
export function addressBreach(claim: Exclude<Claim, { kind: 'isolated' }>, known: KnownPods): Breach | undefined {
  const { source, destination, ports } = claim;
  const [outside, pod] = source.kind === 'addresses' ? [source, destination] : [destination, source];
  if (outside.kind !== 'addresses' || pod.kind !== 'workload') throw new TypeError('one end is a pod, one addresses');
  const reach = known.addresses(pod.workload, source.kind === 'addresses' ? 'ingress' : 'egress');
  const breach = (addresses: typeof outside.addresses, wrong: PortSet, decision: 'allowed' | 'denied' | 'unknown') => {
    const part: ClaimEnd = { ...outside, addresses };
    const ends = source.kind === 'addresses' ? { source: part, destination } : { source, destination: part };
    return { kind: 'connection', claim, decision, ...ends, ports: wrong } as const;
  };
  const whole = { labels: LabelBox.everything, addresses: outside.addresses, ports };
  if (claim.kind === 'allowed') {
    const part = (kind: 'certain' | 'possible') =>
      reach.map((r) => ({ labels: LabelBox.everything, addresses: r.addresses, ports: r[kind] }));
    const { value, done } = uncovered(whole, part('certain')).next();
    if (done) return undefined;
    const denied = uncovered(whole, part('possible')).next();
    const shown = denied.done ? value : denied.value;
    return breach(shown.addresses!, shown.ports, denied.done ? 'unknown' : 'denied');
  }
  const listed = (claim.only?.listed ?? []).flatMap(({ end, ports: own }) =>
    end.kind === 'addresses' ? [{ labels: LabelBox.everything, addresses: end.addresses, ports: own }] : [],
  );
  for (const { addresses, certain, possible } of reach) {
    const both = addresses.intersect(outside.addresses);
    const open = portsInCommonAt(claim.but ? possible.subtract(claim.but) : possible, ports);
    if (both.isEmpty || open.isEmpty) continue;
    const { value, done } = uncovered({ labels: LabelBox.everything, addresses: both, ports: open }, listed).next();
    if (done) continue;
    const sure = value.ports.intersect(certain);
    return breach(value.addresses!, sure.isEmpty ? value.ports : sure, sure.isEmpty ? 'unknown' : 'allowed');
  }
  return undefined;
}
