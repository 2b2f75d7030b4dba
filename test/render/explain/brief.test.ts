import { expect, test } from 'vitest';
import { explanationToBrief } from '../../../lib/render/explain/brief';
import { explained } from './explanations';

const brief = (...args: Parameters<typeof explained>) => explanationToBrief(explained(...args));

test('an explanation for a test that failed tells of a denial the nearest rule of the side that denies, and the code to write', () => {
  expect(brief('shop/frontend', 'shop/cart', 'grpc')).toMatchInlineSnapshot(`
    "DENIED shop/frontend → shop/cart on 7070/TCP

    Ingress of shop/cart: denied
      nothing allows ingress from shop/frontend on 7070/TCP: none of the 2 rules matches
      - shop/tierwall-cart ingress[0]
          wants pods app=checkout of shop, but shop/frontend has app=frontend
          at shop.yaml:42

    What would allow it
      tierwall writes this policy from production/shop/cart: change the TypeScript, not the YAML, which the next synth writes anew:
        new AllowFrom(cart, 'from-frontend', { from: Peer.pods({ namespace: 'shop', labels: { app: 'frontend' } }), ports: ['grpc'] });
      where cart is production/shop/cart
      This opens pods app=frontend of shop → pods app=cart of shop on 7070/TCP, and nothing else.
      Tried out: with this change of the policies the verdict is allowed."
  `);
});

test('it names what isolates only where no rule is near', () => {
  expect(brief('203.0.113.7', 'shop/frontend')).toContain(
    'no policy that selects it has an ingress rule\n  isolated by shop/default-deny, which selects every pod of shop\n      at shop.yaml:24\n',
  );
});

test('it tells of what is allowed by which rules', () => {
  expect(brief('shop{app=checkout}', 'shop/cart', '80')).toMatchInlineSnapshot(`
    "ALLOWED shop{app=checkout} → shop/cart on 7070/TCP

    Egress of shop{app=checkout}: allowed
      no NetworkPolicy selects it for egress

    Ingress of shop/cart: allowed
      shop/tierwall-cart ingress[0] allows it: pods app=checkout of shop on 7070/TCP (construct production/shop/cart)
          at shop.yaml:42"
  `);
});
