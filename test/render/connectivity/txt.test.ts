import { describe, expect, it } from 'vitest';
import { connectivityToTxt } from '../../../lib/render/connectivity/txt';
import { coloured, plain } from '../../../lib/render/paint';
import { renamed, shop } from './shop';

describe('connectivity as text', () => {
  const text = connectivityToTxt(shop(), plain);

  it('shows who may talk to whom, what is unknown and why, and what the answer rests on', () => {
    expect(text).toMatchInlineSnapshot(`
      "4 workloads in 3 namespaces, 6 policies

      Allowed
        monitoring/prometheus → monitoring/prometheus  any port
        monitoring/prometheus → shop/cart, shop/redis  9100/TCP
        monitoring/prometheus → shop/frontend          8080/TCP 9100/TCP
        shop/cart             → shop/redis             6379/TCP
        shop/frontend         → shop/cart              7070/TCP
        any address           → monitoring/prometheus  any port
        any address           → shop/frontend          8080/TCP
        monitoring/prometheus → any address            any port
        shop/cart             → 10.0.0.0/8             6379-6380/TCP

      Unknown: does an ipBlock match the address of a pod? (shop/cart egress[1])
        shop/cart             → monitoring/prometheus  6379-6380/TCP
        shop/cart             → shop/redis             6380/TCP

      Exposed
        Ingress shop/shop to shop/frontend 8080/TCP: the policies let anyone in

      Isolation
        isolated in both directions: shop/*
        selected by no policy, so open in both directions: monitoring/prometheus

      warning: CiliumNetworkPolicy elsewhere/l7 (14.yaml:1): policies of this kind are not read, so whatever it could change is unknown

      note: some of what is unknown is known of a network plugin: name yours with --cni
      note: 1 policy selects no workload of the input: shop/forgotten
      note: no Namespace object is given for elsewhere, monitoring: only the label with their names is assumed; no rule asks for other labels
      note: 1 object that says nothing of the network: 1 v1 ConfigMap
      "
    `);
  });

  it('does not say of custom kinds that they are nothing to the network: they may make pods', () => {
    const skipped = ['v1 ConfigMap', 'argoproj.io/v1alpha1 Rollout', 'storage.k8s.io/v1 StorageClass'];
    const noted = connectivityToTxt({ ...shop(), skipped: skipped.map((what) => ({ what, count: 1 })) }, plain);
    expect(noted.split('\n').filter((line) => / objects? (?:of|that) /.test(line))).toEqual([
      'note: 1 object of a custom kind that is not read, nor are pods that it makes: 1 argoproj.io/v1alpha1 Rollout',
      'note: 2 objects that say nothing of the network: 1 v1 ConfigMap, 1 storage.k8s.io/v1 StorageClass',
    ]);
  });

  it('has a line for each row, with the ports at its end', () => {
    expect(text).toMatch(/^ {2}shop\/frontend +→ shop\/cart +7070\/TCP$/m);
    expect(text).toMatch(/^ {2}any address +→ shop\/frontend +8080\/TCP$/m);
  });

  it('names the question, and the rule that raises it, beside what is unknown', () => {
    expect(text).toContain('Unknown: does an ipBlock match the address of a pod? (shop/cart egress[1])');
    expect(text).toContain('name yours with --cni');
  });

  it('cuts long lists, and says so', () => {
    const listing = shop();
    const [row] = listing.connections;
    const many = Array.from({ length: 40 }, (_, i) => ({ ...row!.sources[0]!, id: `shop/w${i}`, name: `w${i}` }));
    const cut = connectivityToTxt({ ...listing, connections: [{ ...row!, sources: many }] }, plain);
    expect(cut).toContain('shop/w11, and 28 more');
    expect(cut).not.toContain('shop/w12');
    expect(cut).toContain('--output json has all of it');
  });

  it('never lets a name steer the terminal', () => {
    const hostile = connectivityToTxt(renamed(shop(), 'cart', '\u001b[31mcart\u202e\n'), plain);
    for (const steering of ['\u001b', '\u202e']) expect(hostile).not.toContain(steering);
    expect(hostile).toContain('\\u001b[31mcart\\u202e\\u000a');
  });

  it('has the same text with colours', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
    expect(connectivityToTxt(shop(), coloured).replace(/\u001b\[\d+m/g, '')).toBe(text);
    expect(connectivityToTxt(shop(), coloured)).toContain('\u001b[31m');
  });
});
