import type { HandedEnds, HandedGuarantee } from '../constructs/handed-over';
import type { Never } from '../constructs/never';
import { portsFromJson } from '../model/policy-json';
import { addressesOf } from '../sets/address-set';
import { IntervalSet } from '../sets/interval-set';
import { LabelBox } from '../sets/label-box';
import type { Assertion } from './assertion';
import { portsToString } from './breach-text';
import type { Claim, ClaimEnd } from './claim';
import type { Network } from './network';
import { bad, type ListedText, podsText } from './party';

/** A declared guarantee, as texts that mean the same in one cluster. */
export function guaranteeTexts(never: Never, { source: { app } }: Network): Assertion {
  const { path } = never.node;
  const guarantee = app?.guarantees?.find((known) => known.path === path);
  if (!guarantee) throw bad(`\`${path}\` is no guarantee of this app`, 'give a `Never` that the app declares');
  const here = guarantee.clusters?.find(({ name }) => name === app?.name);
  const to = (here?.to ?? []).map(({ ends, ports }): ListedText => {
    const peer = textsOf(ends);
    return ports === '*' ? { peer } : { peer, ports: portsToString(portsFromJson(ports)).split(', ') };
  });
  return { kind: 'hold', name: path, from: [...new Set((here?.from ?? []).flatMap(textsOf))], to };
}

/** What a guarantee of an app says of one of its clusters. */
export function guaranteeClaims(
  { path, clusters }: HandedGuarantee,
  cluster: string,
): Extract<Claim, { kind: 'denied' }>[] {
  const here = clusters?.find(({ name }) => name === cluster);
  const from = (here?.from ?? []).map((ends) => endOf(ends, path));
  return (here?.to ?? []).flatMap(({ ends, ports }) => {
    const destination = endOf(ends, path);
    return from
      .filter((source) => source.kind !== 'addresses' || destination.kind !== 'addresses')
      .map((source) => ({ kind: 'denied' as const, source, destination, ports: portsFromJson(ports) }));
  });
}

function textsOf(ends: HandedEnds): readonly string[] {
  return 'cidrs' in ends ? ends.cidrs : [podsText(LabelBox.of(ends.namespaces), LabelBox.of(ends.pods))];
}

function endOf(ends: HandedEnds, text: string): ClaimEnd {
  if ('cidrs' in ends) {
    const addresses = IntervalSet.union(ends.cidrs.map((cidr) => addressesOf({ cidr, except: [] })));
    return { kind: 'addresses', text, addresses };
  }
  return { kind: 'pods', text, space: { namespaces: LabelBox.of(ends.namespaces), pods: LabelBox.of(ends.pods) } };
}
