import { peerToString, podsToString, portItemToString } from '../../analysis/explain/texts';
import type { AddressBlock } from '../../model/outside';
import type { Direction, Policy, Rule, RulePeer } from '../../model/policy';
import { namespaceBox } from '../../model/selector';
import { cidrContains, cidrToString, parseCidr } from '../../sets/cidr';
import { LabelBox } from '../../sets/label-box';
import { highestPort, lowestPort, type PortItem, PortSet } from '../../sets/port-set';
import { type Mutant, type Operator, withPeer, withPorts, withRule } from './mutant';

type Changed = Pick<Mutant, 'operator' | 'by' | 'what'>;

/** Every change of one place of a policy that the operators make: weaker and stronger ones. */
export function* mutantsOf(policy: Policy): Generator<Mutant> {
  for (const changed of ofPolicy(policy)) yield { policy, rule: undefined, ...changed };
  for (const rule of policy.rules) {
    for (const changed of ofRule(policy, rule)) yield { policy, rule, ...changed };
  }
}

function* ofPolicy(policy: Policy): Generator<Changed> {
  const { namespace, pods, isolates, rules } = policy;
  const own = podsToString(namespaceBox(namespace), pods);
  yield { operator: 'drop-policy', by: undefined, what: 'were not there' };
  for (const direction of isolates) {
    const others = rules.filter((rule) => rule.direction !== direction);
    const by = { ...policy, isolates: isolates.filter((d) => d !== direction), rules: others };
    if (isolates.length > 1) yield { operator: 'drop-isolation', by, what: `did not isolate ${own} for ${direction}` };
    yield { operator: 'open-direction', by: opened(policy, direction), what: `allowed all ${direction} of ${own}` };
  }
  for (const [box, key] of widened(pods)) {
    const what = `were for ${podsToString(namespaceBox(namespace), box)}, whatever their ${key} is`;
    yield { operator: 'widen-pod-selector', by: { ...policy, pods: box }, what };
  }
  for (const [box, value] of narrowed(pods)) {
    yield { operator: 'drop-selector-value', by: { ...policy, pods: box }, what: `were not for pods with ${value}` };
  }
}

function opened(policy: Policy, direction: Direction): Policy {
  const rules: Rule[] = [...policy.rules];
  const by: Policy = { ...policy, rules };
  const index = policy.rules.filter((rule) => rule.direction === direction).length;
  rules.push({ policy: by, direction, index, peers: [{ kind: 'everyone' }], ports: PortSet.all, place: policy.place });
  return by;
}

function* ofRule(policy: Policy, rule: Rule): Generator<Changed> {
  const { peers, ports, direction } = rule;
  const lets = direction === 'ingress' ? 'let in' : 'let out to';
  yield { operator: 'drop-rule', by: withRule(policy, rule, undefined), what: 'were not there' };
  if (!peers.some(({ kind }) => kind === 'everyone')) {
    const by = withRule(policy, rule, { peers: [{ kind: 'everyone' }] });
    yield { operator: 'admit-everyone', by, what: `${lets} everyone` };
  }
  for (const [i, peer] of peers.entries()) {
    if (peers.length > 1) {
      const by = withRule(policy, rule, { peers: peers.filter((_, other) => other !== i) });
      yield {
        operator: 'drop-peer',
        by,
        what: `did not ${lets === 'let in' ? lets : 'let out to'} ${peerToString(peer)}`,
      };
    }
    for (const [operator, by] of changedPeers(peer, policy.namespace)) {
      yield { operator, by: withPeer(policy, rule, i, by), what: changeText(operator, lets, peer, by) };
    }
  }
  yield* ofPorts(policy, rule, ports);
}

function changeText(operator: Operator, lets: string, was: RulePeer, is: RulePeer): string {
  const narrower =
    operator === 'confine-to-namespace' || operator === 'narrow-cidr' || operator === 'drop-selector-value';
  return narrower ? `${lets} only ${peerToString(is)}` : `${lets} ${peerToString(is)}, not only ${peerToString(was)}`;
}

function* changedPeers(peer: RulePeer, own: string): Generator<[Operator, RulePeer]> {
  if (peer.kind === 'pods') {
    if (!peer.namespaces.isEverything)
      yield ['drop-namespace-constraint', { ...peer, namespaces: LabelBox.everything }];
    const confined = namespaceBox(own);
    if (!peer.namespaces.equals(confined)) yield ['confine-to-namespace', { ...peer, namespaces: confined }];
    for (const [pods] of widened(peer.pods)) yield ['widen-peer-selector', { ...peer, pods }];
    for (const [pods] of narrowed(peer.pods)) yield ['drop-selector-value', { ...peer, pods }];
  }
  if (peer.kind !== 'addresses') return;
  for (const i of peer.block.except.keys()) {
    const except = peer.block.except.filter((_, other) => other !== i);
    yield ['drop-except', { ...peer, block: { ...peer.block, except } }];
  }
  for (const [operator, block] of resized(peer.block)) yield [operator, { ...peer, block }];
}

/** One bit more or less. */
function* resized({ cidr, except }: AddressBlock): Generator<['widen-cidr' | 'narrow-cidr', AddressBlock]> {
  const [address, bits] = cidr.split('/') as [string, string];
  const whole = parseCidr(cidr);
  if (!whole) return;
  const sized = (prefix: number) => {
    const width = whole.family === 4 ? 32 : 128;
    const size = 1n << BigInt(width - prefix);
    const first = (whole.first / size) * size;
    return { ...whole, first, last: first + size - 1n, prefix };
  };
  if (whole.prefix > 0) yield ['widen-cidr', { cidr: cidrToString(sized(whole.prefix - 1)), except }];
  if (whole.prefix >= (whole.family === 4 ? 32 : 128) || address === '' || bits === '') return;
  const half = sized(whole.prefix + 1);
  const inside = except.filter((hole) => {
    const parsed = parseCidr(hole);
    return parsed !== undefined && cidrContains(half, parsed) && parsed.prefix > half.prefix;
  });
  yield ['narrow-cidr', { cidr: cidrToString(half), except: inside }];
}

/** Without each of its keys. */
function* widened(box: LabelBox): Generator<[LabelBox, string]> {
  for (const key of box.keys) yield [LabelBox.of(box.requirements().filter((r) => r.key !== key)), key];
}

/** Without each value of a key that may have several. */
function* narrowed(box: LabelBox): Generator<[LabelBox, string]> {
  for (const key of box.keys) {
    const values = box.valuesOf(key) ?? [];
    if (values.length < 2) continue;
    for (const value of values) {
      yield [
        box.withValues(
          key,
          values.filter((other) => other !== value),
        ),
        `${key}=${value}`,
      ];
    }
  }
}

const otherProtocol = { TCP: 'UDP', UDP: 'TCP', SCTP: 'TCP' } as const;

function* ofPorts(policy: Policy, rule: Rule, ports: PortSet): Generator<Changed> {
  if (ports.isEverything) return;
  const items = ports.items();
  const change = (item: PortItem, by: readonly PortItem[]) =>
    withPorts(policy, rule, PortSet.of(items.flatMap((other) => (other === item ? by : [other]))));
  yield { operator: 'open-every-port', by: withPorts(policy, rule, PortSet.all), what: 'allowed every port' };
  for (const item of items) {
    const text = portItemToString(item);
    if (items.length > 1) yield { operator: 'drop-port', by: change(item, []), what: `did not allow ${text}` };
    const { protocol } = item;
    const swapped = { ...item, protocol: otherProtocol[protocol] };
    yield {
      operator: 'swap-protocol',
      by: change(item, [swapped]),
      what: `allowed ${portItemToString(swapped)} in place of ${text}`,
    };
    const whole: PortItem = { protocol, first: lowestPort, last: highestPort };
    const more: PortItem[] =
      'name' in item
        ? [whole]
        : [...(item.last < highestPort ? [{ protocol, first: item.first, last: item.last + 1 }] : []), whole];
    for (const wider of more) {
      if (portItemToString(wider) === text) continue;
      yield {
        operator: 'widen-port',
        by: change(item, [wider]),
        what: `allowed ${portItemToString(wider)}, not only ${text}`,
      };
    }
  }
}
