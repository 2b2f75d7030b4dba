import type { LabelBox } from '../sets/label-box';
import type { WrittenPolicy, WrittenRule } from './written-policy';

/** A selector of a policy, by what it means and where it stands. */
export interface WrittenSelector {
  readonly of: 'subject' | 'peer pods' | 'peer namespaces';
  readonly box: LabelBox;
  readonly field: string;
}

/** A peer with selectors, of a rule that counts. */
export interface WrittenPeer {
  readonly rule: WrittenRule;
  /** As in `spec.ingress[0].from[1]`. */
  readonly field: string;
  readonly namespaces: LabelBox;
  readonly pods: LabelBox;
  readonly has: { readonly namespaceSelector: 'written' | 'absent'; readonly podSelector: 'written' | 'absent' };
}

/** The peers of a policy that are pods. */
export function podPeersOf({ policy, rules }: WrittenPolicy): WrittenPeer[] {
  return policy.rules.flatMap(({ direction, index, peers }) => {
    const rule = rules.find((written) => written.direction === direction && written.index === index);
    return peers.flatMap((peer, i): WrittenPeer[] => {
      if (peer.kind !== 'pods' || !rule) return [];
      const given = rule.peers?.[i];
      const written = (selector: unknown) => (selector ? ('written' as const) : ('absent' as const));
      const has = {
        namespaceSelector: written(given?.namespaceSelector),
        podSelector: written(given?.podSelector),
      };
      return [
        { rule, field: `${rule.field}.${rule.peersName}[${i}]`, namespaces: peer.namespaces, pods: peer.pods, has },
      ];
    });
  });
}

/** Every selector that is written in a policy. */
export function selectorsOf(written: WrittenPolicy): WrittenSelector[] {
  return [
    { of: 'subject', box: written.policy.pods, field: 'spec.podSelector' },
    ...podPeersOf(written).flatMap(({ field, namespaces, pods, has }): WrittenSelector[] => [
      ...(has.namespaceSelector === 'written'
        ? [{ of: 'peer namespaces' as const, box: namespaces, field: `${field}.namespaceSelector` }]
        : []),
      ...(has.podSelector === 'written'
        ? [{ of: 'peer pods' as const, box: pods, field: `${field}.podSelector` }]
        : []),
    ]),
  ];
}
