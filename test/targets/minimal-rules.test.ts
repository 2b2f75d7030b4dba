import { describe, expect, test } from 'vitest';
import type { Atom } from '../../lib/model/atom';
import { LabelBox } from '../../lib/sets/label-box';
import { PortSet } from '../../lib/sets/port-set';
import { minimalRules } from '../../lib/targets/minimal-rules';

const pods = (labels: Record<string, string>): Atom => ({ kind: 'pods', box: LabelBox.ofLabels(labels) });
const http = PortSet.of([{ protocol: 'TCP', first: 80, last: 80 }]);

function written(openings: Parameters<typeof minimalRules>[0]): string[] {
  const text = (peer: Atom) => (peer.kind === 'pods' ? `${peer.box}` : peer.kind);
  return minimalRules(openings).map(({ peers, ports }) => `${ports} ${peers.map(text).join(' or ')}`);
}

describe('minimal rules', () => {
  test.for([
    [pods({ app: 'a' })],
    [{ kind: 'everyone' }],
    [{ kind: 'addresses', block: { cidr: '192.0.2.0/24', except: [] } }],
  ] as [Atom][])('open nothing for no ports: %o', ([peer]) => {
    // A rule with an empty list of ports would be one for every port.
    expect(minimalRules([{ peer, ports: PortSet.empty }])).toEqual([]);
  });

  test('join peers that differ in one value, and leave out what a wider one opens', () => {
    const peers = [pods({ app: 'a', zone: 'x' }), pods({ app: 'b' }), pods({ app: 'a' })];
    expect(written(peers.map((peer) => ({ peer, ports: http })))).toEqual(['80/TCP app=a|b']);
  });

  test('open every port whole beside some ports of a wider peer: a list cannot name protocols such as ICMP', () => {
    const every = { kind: 'everyone' } as const;
    const block = (cidr: string): Atom => ({ kind: 'addresses', block: { cidr, except: [] } });
    for (const [narrow, wide] of [
      [pods({ app: 'a', zone: 'x' }), pods({ zone: 'x' })],
      [block('192.0.2.0/25'), block('192.0.2.0/24')],
      [pods({ app: 'a' }), every],
    ] as const) {
      const openings = [
        { peer: narrow, ports: PortSet.all },
        { peer: wide, ports: http },
      ];
      expect(
        minimalRules(openings)
          .map(({ ports }) => ports.isEverything)
          .sort(),
      ).toEqual([false, true]);
      expect(minimalRules([openings[0]!, { peer: wide, ports: PortSet.all }])).toHaveLength(1);
    }
  });

  test.for([3, 20])('leave out the narrower of %i peers, in any order', (count) => {
    const narrow = Array.from({ length: count }, (_, i) => pods({ app: `a${i}`, zone: 'x' }));
    const openings = [...narrow, pods({ zone: 'x' })].map((peer) => ({ peer, ports: http }));
    expect(written(openings)).toEqual(['80/TCP zone=x']);
    expect(written(openings.reverse())).toEqual(['80/TCP zone=x']);
  });
});
