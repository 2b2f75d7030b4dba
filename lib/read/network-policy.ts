import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../model/network-policy';
import type { Direction, DocumentPlace, Policy, Rule, RulePeer } from '../model/policy';
import { boxOf, namespaceBox } from '../model/selector';
import { cidrToString } from '../sets/cidr';
import { LabelBox } from '../sets/label-box';
import { highestPort, lowestPort, type PortItem, PortSet } from '../sets/port-set';
import type { FieldError, Report } from '../validation/field-error';
import { legacyCidr } from '../validation/ip-block';
import { validateNetworkPolicy } from '../validation/network-policy';
import { Alike } from './alike';

/** As it may be given: null stands for absent everywhere, and most may be absent. */
type Nullable<T> = T extends readonly (infer Item)[]
  ? readonly Nullable<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]?: Nullable<T[Key]> | null }
    : T;
export type GivenSpec = Nullable<NetworkPolicy['spec']>;
type GivenRule = { readonly ports: GivenPorts; readonly peers: GivenPeers };
export type GivenPorts = readonly Nullable<NetworkPolicyPort>[] | null | undefined;
export type GivenPeers = readonly Nullable<NetworkPolicyPeer>[] | null | undefined;
export type GivenSelector = Nullable<NonNullable<NetworkPolicyPeer['podSelector']>> | null | undefined;

const everyone: readonly RulePeer[] = [{ kind: 'everyone' }];
/** By their labels: those of a peer are mostly those of some policy. */
const boxes = new Alike<LabelBox>();
const portSets = new Alike<PortSet>();

/** Why the API server would refuse a policy; CIDRs with bits beyond the prefix length, or with leading zeros, count as servers do that accept them. */
export function networkPolicyErrors(object: unknown): readonly FieldError[] {
  return validateNetworkPolicy(object, { ipFormat: 'legacy' });
}

/**
 * The policy with the API's defaults filled in, for a namespace that is known. CIDRs are read as {@link networkPolicyErrors} says.
 *
 * @param report receives every reason for which the API server would refuse it
 * @param found what {@link networkPolicyErrors} gives for it, where that is known already
 * @returns undefined where something was reported
 */
export function readNetworkPolicy(
  object: unknown,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  place: DocumentPlace,
  report: Report,
  found = networkPolicyErrors(object),
): Policy | undefined {
  const errors = found.filter((error) => !isTolerated(error));
  if (errors.length > 0) {
    errors.forEach(report);
    return undefined;
  }
  return policyOf((object as { spec?: GivenSpec | null }).spec ?? {}, namespace, name, place);
}

/**
 * What changes nothing of what the policy means: kubectl fills a namespace in; the API had a status from Kubernetes 1.24 to 1.27,
 * which exports still show; and a name of bad form is still a name.
 */
function isTolerated({ field, type }: FieldError): boolean {
  return (
    (field === 'metadata.namespace' && type === 'FieldValueRequired') ||
    (field === 'metadata.name' && type === 'FieldValueInvalid') ||
    (field === 'status' && type === 'UnknownField')
  );
}

function policyOf(spec: GivenSpec, namespace: string, name: string, place: DocumentPlace): Policy {
  const isolates = isolatedDirections(spec);
  const rules: Rule[] = [];
  const policy: Policy = { namespace, name, pods: selected(spec.podSelector), isolates, rules, place };
  const own = namespaceBox(namespace);
  for (const direction of isolates) {
    for (const [index, { ports, peers }] of rulesOf(spec, direction).entries()) {
      rules.push({
        policy,
        direction,
        index,
        peers: peers && peers.length > 0 ? peers.map((peer) => peerOf(peer, own)) : everyone,
        ports: portsOf(ports),
        place: place.at(`spec.${direction}[${index}]`),
      });
    }
  }
  return policy;
}

function isolatedDirections({ policyTypes, egress }: GivenSpec): readonly Direction[] {
  if (!policyTypes || policyTypes.length === 0) {
    return egress && egress.length > 0 ? ['ingress', 'egress'] : ['ingress'];
  }
  return (['ingress', 'egress'] as const).filter((direction) =>
    policyTypes.includes(direction === 'ingress' ? 'Ingress' : 'Egress'),
  );
}

function rulesOf(spec: GivenSpec, direction: Direction): GivenRule[] {
  // A rule that is null is an empty one, and so allows everything.
  return direction === 'ingress'
    ? (spec.ingress ?? []).map((rule) => ({ ports: rule?.ports, peers: rule?.from }))
    : (spec.egress ?? []).map((rule) => ({ ports: rule?.ports, peers: rule?.to }));
}

function peerOf(peer: Nullable<NetworkPolicyPeer>, own: LabelBox): RulePeer {
  const { ipBlock, namespaceSelector, podSelector } = peer;
  if (ipBlock) {
    const except = (ipBlock.except ?? []).map((cidr) => canonicalCidr(cidr as string));
    return { kind: 'addresses', block: { cidr: canonicalCidr(ipBlock.cidr as string), except } };
  }
  return {
    kind: 'pods',
    namespaces: namespaceSelector ? selected(namespaceSelector) : own,
    pods: selected(podSelector),
  };
}

/** An absent or empty selector picks all. */
function selected(selector: GivenSelector): LabelBox {
  const { matchLabels, matchExpressions } = selector ?? {};
  if (matchExpressions?.length) return freshBox(selector);
  let labels = '';
  for (const key of Object.keys(matchLabels ?? {})) labels += `${key}=${matchLabels?.[key] ?? ''},`;
  return labels === '' ? LabelBox.everything : boxes.of(labels, () => freshBox(selector));
}

function freshBox(selector: GivenSelector): LabelBox {
  const { matchLabels, matchExpressions } = selector ?? {};
  return boxOf({
    // A value that is null is the empty text, as in Go.
    matchLabels: Object.fromEntries(Object.entries(matchLabels ?? {}).map(([key, value]) => [key, value ?? ''])),
    matchExpressions: (matchExpressions ?? []).map(({ key, operator, values }) => ({
      key: key as string,
      operator: operator as 'In',
      values: (values ?? []).map((value) => value ?? ''),
    })),
  });
}

function portsOf(ports: GivenPorts): PortSet {
  if (!ports || ports.length === 0) return PortSet.all;
  const items = ports.map(portItem);
  return portSets.of(items.map(portKey).join(), () => PortSet.of(items));
}

function portKey(item: PortItem): string {
  return 'name' in item ? `${item.protocol} ${item.name}` : `${item.protocol} ${item.first}-${item.last}`;
}

export function portItem(entry: Nullable<NetworkPolicyPort> | null): PortItem {
  const protocol = entry?.protocol ?? 'TCP';
  const port = entry?.port ?? undefined;
  if (typeof port === 'string') return { protocol, name: port };
  if (port === undefined) return { protocol, first: lowestPort, last: highestPort };
  return { protocol, first: port, last: entry?.endPort ?? port };
}

/** @throws TypeError for what validation lets pass as a CIDR and this does not read, which is a mistake of ours */
function canonicalCidr(text: string): string {
  const cidr = legacyCidr(text);
  if (!cidr) throw new TypeError(`\`${text}\` is no CIDR`);
  return cidrToString(cidr);
}
