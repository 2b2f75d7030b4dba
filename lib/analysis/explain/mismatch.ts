import type { CniProfile } from '../../model/cni-profile';
import type { ExplainedEnd, Mismatch } from '../../model/explanation';
import type { Rule, RulePeer } from '../../model/policy';
import { namespaceNameKey } from '../../model/selector';
import { type AddressSet, addressesOf } from '../../sets/address-set';
import { addressToString } from '../../sets/cidr';
import { LabelBox } from '../../sets/label-box';
import type { PortSet } from '../../sets/port-set';
import type { JudgedEnd } from './judged-end';
import { blockToString, portItemToString } from './texts';

/** Why an entry of `from` or `to` does not match; empty where it does, or where that is open. */
export function peerMismatches(entry: RulePeer, peer: JudgedEnd, profile: CniProfile): Mismatch[] {
  if (entry.kind === 'everyone') return [];
  if (entry.kind === 'addresses') return addressMismatches(entry, peer, profile);
  if (peer.kind === 'addresses') return [{ kind: 'pods-only' }];
  const { pod, explained } = peer;
  const labels = labelMismatches(entry.pods, pod.labels);
  const mismatches = [
    ...namespaceMismatches(entry.namespaces, pod.namespaceLabels, explained),
    ...labels.map(({ wanted, key, found }) => ({ kind: 'label' as const, key, wanted, found })),
  ];
  const { value, source } = profile.facts.selectsHostNetworkPods;
  if (mismatches.length > 0 || pod.network === 'pod' || value !== 'no') return mismatches;
  return [{ kind: 'host-network', cni: profile.name, ...(source ? { source: source.url } : {}) }];
}

/** Why none of the rule's ports is among these; empty where one is. */
export function portMismatches(rule: Rule, ports: PortSet, peerPorts: JudgedEnd): Mismatch[] {
  const asked = ports.items().map(portItemToString).join(', ');
  const protocols = new Set(ports.items().map(({ protocol }) => protocol));
  const items = rule.ports.items();
  const near = items.filter(({ protocol }) => protocols.has(protocol));
  const wanted = (list: typeof items) => list.map(portItemToString).join(', ');
  if (near.length === 0) return [{ kind: 'protocol', wanted: wanted(items), found: asked }];
  const numbered = near.filter((item) => 'first' in item);
  const declared = peerPorts.kind === 'pod' ? peerPorts.pod.ports : [];
  return [
    ...(numbered.length > 0 ? [{ kind: 'port' as const, wanted: wanted(numbered), found: asked }] : []),
    ...near.flatMap((item): Mismatch[] => {
      if ('first' in item) return [];
      const own = declared.find(({ name, protocol }) => name === item.name && protocol === item.protocol);
      const found = own && `${own.number}/${own.protocol}`;
      return [{ kind: 'port-name', wanted: portItemToString(item), found }];
    }),
  ];
}

function addressMismatches(
  { block }: RulePeer & { kind: 'addresses' },
  peer: JudgedEnd,
  { facts, name }: CniProfile,
): Mismatch[] {
  if (peer.kind === 'addresses') {
    const held = peer.addresses.intersect(addressesOf(block));
    if (!held.isEmpty) return [];
    return [outsideBlock(block, peer.addresses, peer.explained.text)];
  }
  const { network, addresses } = peer.pod;
  const { value, source } = network === 'host' ? facts.ipBlockMatchesNodes : facts.ipBlockMatchesPods;
  if (value === 'no') return [{ kind: 'addresses-only', cni: name, ...(source ? { source: source.url } : {}) }];
  const own = addresses.map((address) => ({ text: addressToString(address), set: setOf(addressToString(address)) }));
  if (own.length === 0 || own.some(({ set }) => !set.intersect(addressesOf(block)).isEmpty)) return [];
  return own.map(({ text, set }) => outsideBlock(block, set, text));
}

function outsideBlock(
  block: { readonly cidr: string; readonly except: readonly string[] },
  addresses: AddressSet,
  found: string,
): Mismatch {
  const hole = block.except.find((cidr) => !addressesOf({ cidr, except: [] }).intersect(addresses).isEmpty);
  return hole === undefined
    ? { kind: 'address', wanted: blockToString(block), found }
    : { kind: 'except', wanted: hole, found };
}

function setOf(address: string): AddressSet {
  return addressesOf({ cidr: `${address}/${address.includes(':') ? 128 : 32}`, except: [] });
}

/** Each key for which the labels are not as the box wants them. */
export function labelMismatches(box: LabelBox, labels: Readonly<Record<string, string>>) {
  return box.keys.flatMap((key) => {
    const own = LabelBox.of(box.requirements().filter((requirement) => requirement.key === key));
    const found = Object.hasOwn(labels, key) ? labels[key] : undefined;
    return own.matches(labels) ? [] : [{ key, wanted: own.toString(), found }];
  });
}

function namespaceMismatches(
  box: LabelBox,
  labels: Readonly<Record<string, string>>,
  explained: Exclude<ExplainedEnd, { kind: 'addresses' }>,
): Mismatch[] {
  return labelMismatches(box, labels).map(({ key, wanted, found }) => {
    const names = key === namespaceNameKey ? box.valuesOf(key) : undefined;
    if (names) return { kind: 'namespace', wanted: names.join(' or '), found: explained.namespace };
    return { kind: 'namespace-label', key, wanted, found, labels: explained.namespaceLabels };
  });
}
