import { describe, expect, it } from 'vitest';
import { witnessToString } from '../../../lib/analysis/open-world/witness';
import { equivalence } from '../../../lib/analysis/prove/equivalence';
import { clusterOfTexts } from '../../../lib/read/cluster';

const namespace = (name: string, labels: string) =>
  `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: ${labels} }\n---\n`;
const policy = (...from: string[]) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p, namespace: a }\nspec: { podSelector: {}, ingress: [{ from: [${from}] }] }\n---\n`;
const pod = (name: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: x, namespace: ${name} }\nspec: { containers: [{ name: x, image: x }] }\n---\n`;

const compared = (before: string, after: string) => {
  const [old, fresh] = [before, after].map((text) => clusterOfTexts([{ file: 'a.yaml', text }]));
  const { verdict, differences } = equivalence(old!, fresh!);
  return [verdict, ...differences.map(({ kind, witness }) => `${kind} ${witnessToString(witness)}`)];
};

describe('two sets of policies', () => {
  const ofB = '{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: b } } }';
  const own = '{ podSelector: {} }';
  const ofBackend = '{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: b, team: shop } } }';

  it('differ by a label of a namespace that no Namespace object gives, since it may have it', () => {
    expect(compared(pod('b') + policy(ofB), pod('b') + policy(ofBackend))).toEqual([
      'different',
      'lost pod {} of b → pod {} of a on any',
    ]);
    expect(compared(pod('b') + policy(own, ofBackend), pod('b') + policy(own))).toEqual([
      'different',
      'lost pod {} of b {team=shop} → pod {} of a on any',
    ]);
  });

  it('are the same if the namespace has the label, by what either of them says', () => {
    expect(compared(policy(ofB), namespace('b', '{ team: shop }') + policy(ofBackend))).toEqual(['equal']);
    expect(compared(policy(ofB), namespace('b', '{ team: pay }') + policy(ofBackend))[0]).toBe('different');
  });

  it('differ where a namespace without that label is told by it alone', () => {
    const byTeam = '{ namespaceSelector: { matchLabels: { team: shop } } }';
    const without = pod('b') + policy(ofB, byTeam);
    expect(compared(without, pod('b') + policy(byTeam))).toEqual([
      'different',
      'lost pod {} of b → pod {} of a on any',
    ]);
  });

  it('differ by who is admitted as everyone only: plugins differ whether selectors and ipBlocks pick nodes and pods on their network', () => {
    const each = ['{ namespaceSelector: {} }', "{ ipBlock: { cidr: '0.0.0.0/0' } }", "{ ipBlock: { cidr: '::/0' } }"];
    const unpicked = 'a node, or a pod on its network, that no selector or ipBlock picks';
    expect(compared(policy(), policy(...each))).toEqual(['different', `lost ${unpicked} → pod {} of a on any`]);
    expect(compared(pod('a'), policy(...each))).toEqual(['different', `lost ${unpicked} → pod {} of a on any`]);
    expect(compared(pod('a'), policy())).toEqual(['equal']);
    // Said once: who is let in as everyone is more than nodes here.
    expect(compared(policy(), policy('{ podSelector: {} }')).filter((line) => line.includes('node'))).toEqual([]);
  });

  it('differ by what addresses are asked for by the name of a port: under some plugins they may be those of pods, which give it', () => {
    const to = (...rules: string[]) =>
      `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p, namespace: a }\nspec: { podSelector: {}, policyTypes: [Egress], egress: [${rules}] }\n---\n`;
    const block = '{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }], ports: [{ port: http }] }';
    const everyone = '{ ports: [{ port: http }] }';
    expect(compared(to(block), to())).toEqual(['different', 'lost pod {} of a → 10.0.0.0 on http/TCP']);
    expect(compared(to(block, everyone), to(everyone))).toEqual(['equal']);
  });
});
