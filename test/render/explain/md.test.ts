import { describe, expect, it } from 'vitest';
import { explanationToMd } from '../../../lib/render/explain/md';
import { explained } from './explanations';

describe('an explanation as Markdown', () => {
  it('tells the verdict, why, and what would allow it', () => {
    expect(explanationToMd(explained('shop/frontend', 'shop/cart', 'grpc'))).toMatchInlineSnapshot(`
      "## DENIED: shop/frontend → shop/cart on 7070/TCP

      ### Egress of shop/frontend: allowed

      no NetworkPolicy selects it for egress

      ### Ingress of shop/cart: denied

      - isolated by shop/default-deny, which selects every pod of shop — shop.yaml:24
      - isolated by shop/tierwall-cart, which selects pods app=cart \\(construct production/shop/cart\\) — shop.yaml:31
      - nothing allows ingress from shop/frontend on 7070/TCP: none of the 2 rules matches
        - shop/tierwall-cart ingress\\[0\\] — shop.yaml:42
          - wants pods app=checkout of shop, but shop/frontend has app=frontend
          ~~~~yaml
            - from:
              - podSelector: {matchLabels: {app: checkout}}
              ports:
              - port: 7070
          ~~~~
        - and 1 rule for other peers or ports

      ### What would allow it

      tierwall writes this policy from production/shop/cart: change the TypeScript, not the YAML, which the next synth writes anew:

      ~~~~ts
      new AllowFrom(cart, 'from-frontend', { from: Peer.pods({ namespace: 'shop', labels: { app: 'frontend' } }), ports: ['grpc'] });
      ~~~~

      where cart is production/shop/cart

      Which comes to one more entry of spec.ingress in shop/tierwall-cart \\(shop.yaml:31\\):

      ~~~~yaml
      - from:
        - podSelector:
            matchLabels:
              app: frontend
        ports:
        - protocol: TCP
          port: 7070
      ~~~~

      This opens pods app=frontend of shop → pods app=cart of shop on 7070/TCP, and nothing else.
      Tried out: with this change of the policies the verdict is allowed.
      "
    `);
  });

  it('lets no name of the input become markup', () => {
    const explanation = explained('shop/frontend', 'shop/cart', 'grpc');
    const [one] = explanation.cases;
    const hostile = { ...one!, notes: ['<img src=x> `a` [b](c)'] };
    const text = explanationToMd({ ...explanation, cases: [hostile] });
    expect(text).toContain('&lt;img src=x&gt; \\`a\\` \\[b\\]\\(c\\)');
  });
});
