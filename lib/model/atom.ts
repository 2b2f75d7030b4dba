import { type Cidr, cidrContains, parseCidr } from '../sets/cidr';
import { LabelBox } from '../sets/label-box';
import type { AddressBlock, Outside } from './outside';
import { podBox } from './pod-box';
import type { EnvironmentModel, Party, ServiceModel, TierModel } from './program';
import { namespaceBox } from './selector';
import { internetBlocks } from './special-addresses';

/** The other side of one rule, in the terms of the API: pods by labels, one block of addresses, or everyone. */
export type Atom =
  | { readonly kind: 'pods'; readonly box: LabelBox }
  | { readonly kind: 'addresses'; readonly block: AddressBlock }
  | { readonly kind: 'everyone' };

const everyone: Atom = { kind: 'everyone' };
const serviceAtoms = new WeakMap<ServiceModel, { readonly pods: LabelBox; readonly atom: Atom }>();

/** Who sends, as a policy of `environment` writes it. Empty for a tier without members. */
export function sourceAtoms(party: Party, environment: EnvironmentModel): readonly Atom[] {
  if (party.kind === 'internet' && typeof party.via === 'object') return sourceAtoms(party.via, environment);
  switch (party.kind) {
    case 'service':
      return [serviceAtom(party)];
    case 'tier':
      return party.selection === 'label' ? [tierLabelAtom(party)] : party.services.map(serviceAtom);
    case 'namespace':
      return [{ kind: 'pods', box: podBox(namespaceBox(party.name), LabelBox.everything) }];
    default:
      return outsideAtoms(party, environment);
  }
}

/** A peer that this app does not isolate, as a policy of `environment` writes it. */
export function outsideAtoms(party: Outside, environment: EnvironmentModel): readonly Atom[] {
  switch (party.kind) {
    case 'pods':
      return [{ kind: 'pods', box: podBox(party.namespaces, party.pods) }];
    case 'addresses':
      return party.blocks.map((block) => ({ kind: 'addresses', block }));
    case 'internet':
      return internetAtoms(environment.notInternet);
    case 'api-server':
      return (environment.apiServer?.cidrs ?? []).map((cidr) => ({ kind: 'addresses', block: { cidr, except: [] } }));
    case 'everyone':
      return [everyone];
  }
}

export function serviceAtom(service: ServiceModel): Atom {
  const { pods } = service;
  const known = serviceAtoms.get(service);
  // A workload that the user changed since has other pods.
  if (known?.pods === pods) return known.atom;
  const atom: Atom = { kind: 'pods', box: podBox(namespaceBox(service.namespace.name), pods) };
  serviceAtoms.set(service, { pods, atom });
  return atom;
}

/** Canonical text: equal blocks have equal texts. */
export function blockToString(block: AddressBlock): string {
  return block.except.length > 0 ? `${block.cidr} except ${[...block.except].sort().join(' ')}` : block.cidr;
}

function tierLabelAtom(tier: TierModel): Atom {
  const { namespace } = tier;
  const label = LabelBox.ofLabels({ [namespace.environment.scheme.keys.tier]: tier.name });
  return { kind: 'pods', box: podBox(namespaceBox(namespace.name), label) };
}

/** The internet, block by block. @param special ranges that are none of it */
export function internetAtoms(special: readonly string[]): Atom[] {
  return internet(special).map((block) => ({ kind: 'addresses', block }));
}

function internet(special: readonly string[]): AddressBlock[] {
  const holes = special.flatMap((text) => {
    const cidr = parseCidr(text);
    return cidr ? [{ text, cidr }] : [];
  });
  return internetBlocks.flatMap((cidr) => {
    const whole = parseCidr(cidr) as Cidr;
    if (holes.some((hole) => cidrContains(hole.cidr, whole))) return [];
    const except = holes.filter((hole) => cidrContains(whole, hole.cidr)).map(({ text }) => text);
    return [{ cidr, except }];
  });
}
