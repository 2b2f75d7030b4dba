import { describe, expect, it } from 'vitest';
import { explanationToTxt } from '../../../lib/render/explain/txt';
import { coloured, plain } from '../../../lib/render/paint';
import { explained } from './explanations';

const txt = (...args: Parameters<typeof explained>) => explanationToTxt(explained(...args), plain);

describe('an explanation for a person at a terminal', () => {
  it('tells the verdict, why, and the line that decides', () => {
    expect(txt('shop{app=checkout}', 'shop/cart', '80')).toMatchInlineSnapshot(`
      "ALLOWED shop{app=checkout} → shop/cart on 7070/TCP
        cart:80 (web) is translated to 7070/TCP (grpc) at the pod
            at shop.yaml:19

      Egress of shop{app=checkout}: allowed
        no NetworkPolicy selects it for egress

      Ingress of shop/cart: allowed
        isolated by shop/default-deny and shop/tierwall-cart
        shop/tierwall-cart ingress[0] allows it: pods app=checkout of shop on 7070/TCP (construct production/shop/cart)
            at shop.yaml:42
            42 │   - from:
            43 │     - podSelector: {matchLabels: {app: checkout}}
            44 │     ports:
            45 │     - port: 7070
      "
    `);
  });

  it('counts long lists of what tierwall would write, since that is not to be copied', () => {
    const text = txt('internet', 'shop/cart', 'grpc');
    expect(text).toMatch(
      /cidr: 0\.0\.0\.0\/0\n +except: # 16 ranges\n +- ipBlock:\n +cidr: "2000::\/3"\n +except: # 4 ranges\n/,
    );
    expect(text).not.toContain('192.168.0.0/16');
  });

  it('tells of a denial the nearest rule and what would allow it, in TypeScript where tierwall wrote the policy', () => {
    expect(txt('shop/frontend', 'shop/cart', 'grpc')).toMatchInlineSnapshot(`
      "DENIED  shop/frontend → shop/cart on 7070/TCP

      Egress of shop/frontend: allowed
        no NetworkPolicy selects it for egress

      Ingress of shop/cart: denied
        isolated by shop/default-deny, which selects every pod of shop
            at shop.yaml:24
        isolated by shop/tierwall-cart, which selects pods app=cart (construct production/shop/cart)
            at shop.yaml:31
        nothing allows ingress from shop/frontend on 7070/TCP: none of the 2 rules matches
        - shop/tierwall-cart ingress[0]
            wants pods app=checkout of shop, but shop/frontend has app=frontend
            at shop.yaml:42
            42 │   - from:
            43 │     - podSelector: {matchLabels: {app: checkout}}
            44 │     ports:
            45 │     - port: 7070
        - and 1 rule for other peers or ports (--output json has all)

      What would allow it
        tierwall writes this policy from production/shop/cart: change the TypeScript, not the YAML, which the next synth writes anew:
          new AllowFrom(cart, 'from-frontend', { from: Peer.pods({ namespace: 'shop', labels: { app: 'frontend' } }), ports: ['grpc'] });
        where cart is production/shop/cart
        Which comes to one more entry of spec.ingress in shop/tierwall-cart (shop.yaml:31):
          - from:
            - podSelector:
                matchLabels:
                  app: frontend
            ports:
            - protocol: TCP
              port: 7070
        This opens pods app=frontend of shop → pods app=cart of shop on 7070/TCP, and nothing else.
        Tried out: with this change of the policies the verdict is allowed.
      "
    `);
  });

  it('tells of a policy by others what to add as YAML', () => {
    expect(txt('203.0.113.7', 'shop/frontend')).toMatchInlineSnapshot(`
      "DENIED  203.0.113.7 → shop/frontend on 8080/TCP

      Egress of 203.0.113.7: allowed
        an address outside the cluster: no policy isolates it

      Ingress of shop/frontend: denied
        isolated by shop/default-deny, which selects every pod of shop
            at shop.yaml:24
            28 │   podSelector: {}
            29 │   policyTypes: [Ingress]
        nothing allows ingress from 203.0.113.7 on 8080/TCP: no policy that selects it has an ingress rule

      What would allow it
        As YAML, a new policy in shop:
          apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata:
            name: frontend-from-203.0.113.7
            namespace: shop
          spec:
            podSelector:
              matchLabels:
                app: frontend
            policyTypes:
            - Ingress
            ingress:
            - from:
              - ipBlock:
                  cidr: 203.0.113.7/32
              ports:
              - protocol: TCP
                port: 8080
        With tierwall, in TypeScript:
          new AllowFrom(frontend, 'from-203-0-113-7', { from: Peer.cidr('203.0.113.7/32'), ports: ['http'] });
        where frontend is the Service of shop/frontend
        This opens 203.0.113.7/32 → pods app=frontend of shop on 8080/TCP, and nothing else.
        Tried out: with this change the verdict is allowed.

      note: a load balancer, a NodePort or a proxy may put its own address in place of the source
      "
    `);
  });

  it('tells what is open, what would settle it, and which plugin decides how', () => {
    expect(txt('shop/frontend', 'shop/cart', '9000')).toMatchInlineSnapshot(`
      "UNKNOWN shop/frontend → shop/cart on 9000/TCP

      Egress of shop/frontend: allowed
        no NetworkPolicy selects it for egress

      Ingress of shop/cart: unknown
        isolated by shop/default-deny, which selects every pod of shop
            at shop.yaml:24
        isolated by shop/tierwall-cart, which selects pods app=cart (construct production/shop/cart)
            at shop.yaml:31
        does an ipBlock match the address of a pod? It decides what shop/tierwall-cart ingress[1] means. To settle it, say with --cni which network plugin the cluster runs; or admit the pods by their labels.
            at shop.yaml:46

      It depends on the network plugin
        denied with --cni cilium, gke-dataplane-v2
        unknown with --cni antrea, aws-vpc-cni, azure-npm, calico, canal, kube-network-policies, kube-router, openshift-sdn, ovn-kubernetes, weave-net

      note: 9000/TCP is no port that shop/cart declares
      "
    `);
  });

  it('begins with all verdicts where there are several', () => {
    const text = txt('shop/frontend', 'shop/cart', '7070', '9000');
    expect(text.split('\n').slice(0, 4)).toEqual([
      '2 verdicts: 1 denied, 1 unknown',
      '  DENIED  shop/frontend → shop/cart on 7070/TCP',
      '  UNKNOWN shop/frontend → shop/cart on 9000/TCP',
      '',
    ]);
  });

  it('shows no control characters of the input', () => {
    const explanation = explained('shop/frontend', 'shop/cart', 'grpc');
    const [one] = explanation.cases;
    const hostile = { ...one!, notes: ['\u001b[2Jgone'], source: { ...one!.source, text: 'a\u202eb' } };
    const text = explanationToTxt({ ...explanation, cases: [hostile] }, plain);
    expect(text).toContain('\\u001b[2Jgone');
    for (const char of ['\u001b', '\u202e']) expect(text.includes(char)).toBe(false);
  });

  it('has the same text with colours', () => {
    const explanation = explained('shop/frontend', 'shop/cart', 'grpc');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours are to be removed
    const uncoloured = explanationToTxt(explanation, coloured).replace(/\u001b\[\d+m/g, '');
    expect(uncoloured).toBe(explanationToTxt(explanation, plain));
  });
});
