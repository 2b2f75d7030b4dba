import { type Direction, type Policy, policyToString, type Rule } from '../../model/policy';
import { type AddressSet, addressesOf, everyAddress } from '../../sets/address-set';
import { LabelBox } from '../../sets/label-box';
import { PortSet } from '../../sets/port-set';
import { pairBox, type Statement } from './statement';
import { uncovered } from './uncovered';
import type { Universe } from './universe';

export const directions: readonly Direction[] = ['egress', 'ingress'];

/** What policies allow, with the rule that allows it; none where pods are not isolated. */
export interface PolicyStatement extends Statement {
  readonly rule: Rule | undefined;
}

/** What each rule of each policy allows. */
export function ruleStatements(policies: readonly Policy[], universe: Universe): PolicyStatement[] {
  return policies.flatMap((policy) =>
    policy.rules.flatMap((rule) =>
      rule.peers.flatMap((peer) =>
        peerStatements(
          { namespace: policy.namespace, direction: rule.direction, rule },
          policy.pods,
          peer,
          rule.ports,
          universe,
        ),
      ),
    ),
  );
}

/** The pods of a namespace that no policy isolates, as disjoint boxes. */
export function notIsolated(policies: readonly Pick<Policy, 'pods' | 'isolates'>[], direction: Direction): LabelBox[] {
  const everyPod = { labels: LabelBox.everything, addresses: undefined, ports: PortSet.all };
  const isolated = policies
    .filter((policy) => policy.isolates.includes(direction))
    .map(({ pods }) => ({ labels: pods, addresses: undefined, ports: PortSet.all }));
  return [...uncovered(everyPod, isolated)].map(({ labels }) => labels);
}

/** That pods of `subject` may talk to everyone, as far as one direction goes. */
export function openStatements(
  side: Pick<Statement, 'namespace' | 'direction'>,
  subject: LabelBox,
  universe: Universe,
): PolicyStatement[] {
  const { namespace, direction } = side;
  return peerStatements(
    { namespace, direction, rule: undefined },
    subject,
    { kind: 'everyone' },
    PortSet.all,
    universe,
  );
}

/**
 * The whole relation of policies in some namespaces: rules, and everything for pods that nothing isolates.
 * @param namespaces all that the relation is about; of those without a policy nothing is isolated
 */
export function relationOf(
  policies: readonly Policy[],
  namespaces: Iterable<string>,
  universe: Universe,
): PolicyStatement[] {
  const byNamespace = new Map<string, Policy[]>();
  for (const name of namespaces) byNamespace.set(name, []);
  for (const policy of policies) byNamespace.get(policy.namespace)?.push(policy);
  return [...byNamespace].flatMap(([namespace, own]) => [
    ...ruleStatements(own, universe),
    ...directions.flatMap((direction) =>
      notIsolated(own, direction).flatMap((subject) => openStatements({ namespace, direction }, subject, universe)),
    ),
  ]);
}

/** As in `shop/cart ingress[0]`, or that nothing isolates the pods. */
export function sourceToString({ rule, namespace }: PolicyStatement): string {
  return rule ? policyToString(rule.policy) : `no policy of ${namespace} isolates the pods`;
}

export function peerStatements<Side extends Pick<Statement, 'namespace' | 'direction'>>(
  side: Side,
  subject: LabelBox,
  peer: Rule['peers'][number],
  ports: PortSet,
  universe: Universe,
): (Statement & Side)[] {
  // `side` comes last in each: Node 20 gives every object that begins with a spread a hidden class of its own.
  const found: (Statement & Side)[] = [];
  const pods = (selector: LabelBox, labels: LabelBox) => {
    for (const namespaces of universe.namespaces(selector)) {
      const pair = pairBox(subject, { namespaces, pods: labels });
      if (!pair.isEmpty) found.push({ labels: pair, addresses: undefined, ports, ...side });
    }
  };
  const addresses = (set: AddressSet) => {
    const answered = outsidePorts(side, ports, universe);
    if (!answered.isEmpty) found.push({ labels: pairBox(subject), addresses: set, ports: answered, ...side });
  };
  const unpicked = () => {
    found.push({ labels: pairBox(subject), addresses: undefined, peers: 'unpicked', ports, ...side });
  };
  if (peer.kind === 'pods') pods(peer.namespaces, peer.pods);
  if (peer.kind === 'addresses') addresses(addressesOf(peer.block));
  if (peer.kind === 'everyone') {
    pods(LabelBox.everything, LabelBox.everything);
    addresses(everyAddress);
    if (universe.unpicked === 'told-apart') unpicked();
  }
  return found;
}

/**
 * A named port resolves on the destination's containers. An address outside the cluster has none; where plugins are told apart, one of an ipBlock may
 * be that of a pod all the same.
 */
function outsidePorts({ direction }: Pick<Statement, 'direction'>, ports: PortSet, { unpicked }: Universe): PortSet {
  if (direction === 'ingress' || unpicked === 'told-apart' || ports.isEverything) return ports;
  return PortSet.of(ports.items().filter((item) => 'first' in item));
}
