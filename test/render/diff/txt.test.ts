import { describe, expect, it } from 'vitest';
import type { DiffListing } from '../../../lib/model/diff-listing';
import { diffToTxt } from '../../../lib/render/diff/txt';
import { plain } from '../../../lib/render/paint';
import { after, before, diffOf, policy, type Texts } from './changes';

const txt = (old: Texts, fresh: Texts) => diffToTxt(diffOf(old, fresh), plain);

describe('a difference as text', () => {
  it('says first what it comes to, then each change with the rule and line that causes it', () => {
    expect(txt(before, after)).toMatchInlineSnapshot(`
      "different: more is let through between 5 pairs of workloads; 2 workloads may talk to, or be reached from, more addresses outside, public ones among them; less is let through between 1 pair of workloads; 1 workload new

      More is let through
        + shop/frontend  → shop/redis   6379/TCP
            by shop/redis ingress[1] (redis.yaml:9)
        + 203.0.113.0/24 → shop/cart    any port
            by shop/cart ingress[1] (cart.yaml:9)
        + shop/search    → any address  any port
            as Deployment shop/search (workloads.yaml:28) is new

      More of one, less of another
        ~ shop/frontend → shop/cart  +9090/TCP
                                     +(any port but 7070/TCP 9090/TCP) perhaps
                                     -7070/TCP perhaps
            does an ipBlock match the address of a pod? (shop/cart ingress[1])
            by shop/cart ingress[0] (cart.yaml:7)
            by shop/cart ingress[1] (cart.yaml:9)
            no longer by shop/cart ingress[0] (cart.yaml:7)

      Another certainty, where the API leaves it open
        ? shop/* but frontend → shop/cart  any port perhaps
            does an ipBlock match the address of a pod? (shop/cart ingress[1])
            by shop/cart ingress[1] (cart.yaml:9)

      Workloads
        new:  shop/search

      note: policies: shop/cart, shop/redis with other rules
      note: 12 boxes of connections compared in 1 namespace
      "
    `);
  });

  it('says that a refactoring changes no meaning, and which policies it touched', () => {
    const { 'cart.yaml': cart, 'redis.yaml': redis, ...others } = before;
    const fresh = { ...others, 'one.yaml': [redis!, cart!.replace('name: cart, n', 'name: basket, n')].join('---\n') };
    expect(txt(before, fresh)).toMatchInlineSnapshot(`
      "no change in meaning: proved for the workloads given, and over every pod, namespace, port and address that could exist

      note: policies: shop/basket new; shop/cart gone; altogether they mean the same
      note: 1 namespace with the same rules in both
      "
    `);
  });

  it('says what is left open where a policy of a kind that is not read decides', () => {
    const cilium = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: l7, namespace: shop}\n';
    expect(txt(before, { ...before, 'l7.yaml': cilium })).toContain(
      'left open by CiliumNetworkPolicy shop/l7 (l7.yaml:1)',
    );
  });

  it('says what is won and lost where all policies go', () => {
    expect(txt(before, { 'workloads.yaml': before['workloads.yaml']! })).toMatchInlineSnapshot(`
      "different: more is let through between 9 pairs of workloads; 3 workloads may talk to, or be reached from, more addresses outside, public ones among them; isolation is lost by 3 workloads; more is let through for pods that could exist, in 2 cases

      More is let through
        + shop/cart                 → shop/redis      +(any port but 6379/TCP)
            no longer isolated by shop/deny (deny.yaml:1)
            no longer isolated by shop/redis (redis.yaml:1)
        + every workload            → shop/frontend   any port
            no longer isolated by shop/deny (deny.yaml:1)
        + shop/cart, shop/redis     → shop/cart       any port
            no longer isolated by shop/cart (cart.yaml:1)
            no longer isolated by shop/deny (deny.yaml:1)
        + shop/frontend             → shop/cart       +(any port but 7070/TCP)
            no longer isolated by shop/cart (cart.yaml:1)
            no longer isolated by shop/deny (deny.yaml:1)
        + shop/frontend, shop/redis → shop/redis      any port
            no longer isolated by shop/deny (deny.yaml:1)
            no longer isolated by shop/redis (redis.yaml:1)
        + any address               → every workload  any port
            no longer isolated by shop/cart (cart.yaml:1)
            no longer isolated by shop/deny (deny.yaml:1)
            no longer isolated by shop/redis (redis.yaml:1)

      Isolation
        every workload: open for ingress, before isolated
            no longer isolated by shop/cart (cart.yaml:1)
            no longer isolated by shop/deny (deny.yaml:1)
            no longer isolated by shop/redis (redis.yaml:1)

      Any pod that could exist
        + ingress of any pod of shop from any address on any port
            no longer isolated by shop/cart (cart.yaml:1)
            no longer isolated by shop/deny (deny.yaml:1)
            no longer isolated by shop/redis (redis.yaml:1)
        + ingress of any pod of shop from any pod of any namespace on any port, in part, as pod {app=cart} of shop → pod {app=redis} of shop on 80/TCP
            no longer isolated by shop/cart (cart.yaml:1)
            no longer isolated by shop/deny (deny.yaml:1)
            no longer isolated by shop/redis (redis.yaml:1)

      note: policies: shop/cart, shop/deny, shop/redis gone
      note: 11 boxes of connections compared in 1 namespace
      "
    `);
  });

  it('tells of policies alone what they mean for any pod', () => {
    const text = txt(
      { 'deny.yaml': before['deny.yaml']! },
      { 'deny.yaml': before['deny.yaml']!, 'open.yaml': policy('deny-less', '  ingress: [{}]\n') },
    );
    expect(text).toMatchInlineSnapshot(`
      "different: more is let through for pods that could exist, in 1 case

      Any pod that could exist
        + ingress of any pod of shop from any pod of any namespace and any address on any port
            by shop/deny-less ingress[0] (open.yaml:6)

      note: policies: shop/deny-less new
      note: 9 boxes of connections compared in 1 namespace
      note: the input has no workloads: only what could exist is compared
      "
    `);
  });

  it('shows control characters for what they are', () => {
    const quoted = JSON.stringify('\u001b[31mredis\u202e\n').slice(1, -1);
    const listing = JSON.parse(JSON.stringify(diffOf(before, after)).replaceAll('redis', () => quoted)) as DiffListing;
    const text = diffToTxt(listing, plain);
    for (const steering of ['\u001b', '\u202e']) expect(text).not.toContain(steering);
    expect(text).toContain('shop/\\u001b[31mredis\\u202e\\u000a');
  });
});
