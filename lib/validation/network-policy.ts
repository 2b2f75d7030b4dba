import { type FieldError, forbidden, invalid, notSupported, type Report, required } from './field-error';
import { FieldPath } from './field-path';
import { checkIpBlock, cidrsOf, type IpBlockPolicy, type IpFormat } from './ip-block';
import { fieldsOf, isSet, itemsOf, textOf } from './json-value';
import { checkLabelSelector, type SelectorValues } from './label-selector';
import { checkMetadata, checkMetadataUpdate } from './metadata';
import { decode, networkPolicyKind } from './object-kind';
import { checkPort } from './port';
import { dnsSubdomain } from './text-format';

export interface NetworkPolicyValidationOptions {
  /**
   * The stored object that this one replaces. CIDRs that it has are tolerated even by `strict`, as the API server's rules for an update have it; a server
   * of 1.34 applies those for a new object beside them, and so refuses them all the same.
   *
   * @default none: the object is created
   */
  readonly old?: unknown;
  /** @default 'legacy', as API servers of 1.34 are set up; what passes `strict` passes both */
  readonly ipFormat?: IpFormat;
  /** @default 'tolerated' if the podSelector of `old` is invalid itself, else 'checked' */
  readonly selectorValues?: SelectorValues;
}

interface SpecPolicy extends IpBlockPolicy {
  readonly selectorValues: SelectorValues;
}

/** The two directions, each with the name of its list of rules and of their list of peers. */
const directions = [
  { rules: 'ingress', peers: 'from' },
  { rules: 'egress', peers: 'to' },
] as const;

const specPath = FieldPath.root.child('spec');

const nothing: ReadonlySet<string> = new Set();

const policyTypes = ['Ingress', 'Egress'];

/**
 * Every reason for which the API server (1.34) would refuse to create the object, or to replace `old` by it; empty if none.
 *
 * The object is checked as parsed JSON or YAML of any content. One that the server could not decode, since a value has the
 * wrong type or it is of another kind, is reported for that alone; unknown fields are reported along with everything else.
 * An absent spec, podSelector or policyTypes is valid, as are egress rules without `Egress` in policyTypes.
 */
export function validateNetworkPolicy(object: unknown, options: NetworkPolicyValidationOptions = {}): FieldError[] {
  const { errors, outcome } = decode(object, networkPolicyKind);
  if (outcome === 'unreadable') {
    return errors;
  }
  const report: Report = (error) => errors.push(error);
  const { metadata, spec } = fieldsOf(object);
  checkMetadata(metadata, { name: dnsSubdomain, scope: 'namespaced' }, report);
  if (isSet(options.old)) {
    checkMetadataUpdate(metadata, fieldsOf(options.old).metadata, report);
  }
  checkSpec(spec, specPolicy(options), report);
  return errors;
}

function specPolicy({ old, ipFormat = 'legacy', selectorValues }: NetworkPolicyValidationOptions): SpecPolicy {
  const storedSpec = fieldsOf(old).spec;
  if (!isSet(storedSpec)) {
    return { ipFormat, stored: nothing, selectorValues: selectorValues ?? 'checked' };
  }
  return {
    ipFormat,
    stored: new Set(storedCidrs(storedSpec)),
    selectorValues: selectorValues ?? storedSelectorValues(storedSpec),
  };
}

/** Kubernetes looks at the policy's own podSelector only, and at any problem of it. */
function storedSelectorValues(storedSpec: unknown): SelectorValues {
  let values: SelectorValues = 'checked';
  checkLabelSelector(fieldsOf(storedSpec).podSelector, 'checked', FieldPath.root, () => {
    values = 'tolerated';
  });
  return values;
}

function storedCidrs(storedSpec: unknown): readonly string[] {
  return directions.flatMap((direction) =>
    itemsOf(fieldsOf(storedSpec)[direction.rules])
      .flatMap((rule) => itemsOf(fieldsOf(rule)[direction.peers]))
      .map((peer) => fieldsOf(peer).ipBlock)
      .filter(isSet)
      .flatMap(cidrsOf),
  );
}

function checkSpec(spec: unknown, policy: SpecPolicy, report: Report): void {
  const fields = fieldsOf(spec);
  checkLabelSelector(fields.podSelector, policy.selectorValues, specPath.child('podSelector'), report);
  for (const { rules, peers } of directions) {
    itemsOf(fields[rules]).forEach((rule, i) => {
      const path = specPath.child(rules).index(i);
      checkPorts(fieldsOf(rule).ports, path.child('ports'), report);
      checkPeers(fieldsOf(rule)[peers], policy, path.child(peers), report);
    });
  }
  checkPolicyTypes(itemsOf(fields.policyTypes).map(textOf), specPath.child('policyTypes'), report);
}

function checkPorts(ports: unknown, path: FieldPath, report: Report): void {
  itemsOf(ports).forEach((port, i) => {
    checkPort(port, path.index(i), report);
  });
}

function checkPeers(peers: unknown, policy: SpecPolicy, path: FieldPath, report: Report): void {
  itemsOf(peers).forEach((peer, i) => {
    checkPeer(peer, policy, path.index(i), report);
  });
}

function checkPeer(peer: unknown, policy: SpecPolicy, path: FieldPath, report: Report): void {
  const { podSelector, namespaceSelector, ipBlock } = fieldsOf(peer);
  const bySelector = isSet(podSelector) || isSet(namespaceSelector);
  checkLabelSelector(podSelector, policy.selectorValues, path.child('podSelector'), report);
  checkLabelSelector(namespaceSelector, policy.selectorValues, path.child('namespaceSelector'), report);
  if (isSet(ipBlock)) {
    checkIpBlock(ipBlock, policy, path.child('ipBlock'), report);
  }
  if (isSet(ipBlock) && bySelector) {
    report(forbidden(path, 'may not specify both ipBlock and another peer'));
  } else if (!isSet(ipBlock) && !bySelector) {
    report(required(path, 'must specify a peer'));
  }
}

function checkPolicyTypes(types: readonly string[], path: FieldPath, report: Report): void {
  if (types.length > policyTypes.length) {
    report(invalid(path, types, 'may not specify more than two policyTypes'));
    return;
  }
  types.forEach((type, i) => {
    if (!policyTypes.includes(type)) {
      report(notSupported(path.index(i), type, policyTypes));
    }
  });
}
