import { describe, expect, it } from 'vitest';
import { Connectivity } from '../../../lib/analysis/connectivity/connectivity';
import { listConnectivity } from '../../../lib/analysis/connectivity/listing';
import { defaultProfile } from '../../../lib/model/cni-profiles';
import { clusterOfTexts } from '../../../lib/read/cluster';
import { connectivityToMatrix } from '../../../lib/render/connectivity/matrix';
import { plain } from '../../../lib/render/paint';
import { shop } from './shop';

/** Each workload is isolated and reached by its predecessor only, so that no two are alike. */
function chain(namespaces: number, workloads: number) {
  const texts = Array.from({ length: namespaces * workloads }, (_, i) => {
    const namespace = `ns${Math.floor(i / workloads)}`;
    return {
      file: `${i}.yaml`,
      text: `apiVersion: v1
kind: Pod
metadata: {name: w${i}, namespace: ${namespace}, labels: {app: w${i}}}
spec: {containers: [{name: c, image: x}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: w${i}, namespace: ${namespace}}
spec:
  podSelector: {matchLabels: {app: w${i}}}
  policyTypes: [Ingress]
  ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: w${i - 1}}}}]}]
`,
    };
  });
  return listConnectivity(new Connectivity(clusterOfTexts(texts), defaultProfile));
}

const longest = (text: string) => Math.max(...text.split('\n').map(({ length }) => length));

describe('connectivity as a matrix', () => {
  it('has sources down and destinations across, with a letter for each set of ports', () => {
    expect(connectivityToMatrix(shop(), 80, plain)).toMatchInlineSnapshot(`
      "4 workloads in 3 namespaces, 6 policies

                             to   1  2  3  4  5
        1 monitoring/prometheus   *  a  b  a  *
        2 shop/cart               ?  ·  ·  c  d
        3 shop/frontend           ·  e  ·  ·  ·
        4 shop/redis              ·  ·  ·  ·  ·
        5 addresses outside       *  ·  f  ·  ·

        * = any port
        a = 9100/TCP
        b = 8080/TCP 9100/TCP
        ? = unknown
        c = 6379/TCP, more is unknown
        d = 6379-6380/TCP
        e = 7070/TCP
        f = 8080/TCP

      warning: CiliumNetworkPolicy elsewhere/l7 (14.yaml:1): policies of this kind are not read, so whatever it could change is unknown
      note: of addresses outside, a letter may hold for some only: --output txt tells
      "
    `);
  });

  it.for([60, 80, 120])('fits %i columns with more workloads than that', (width) => {
    const matrix = connectivityToMatrix(chain(5, 12), width, plain).split('\n\n')[1]!;
    expect(longest(matrix)).toBeLessThanOrEqual(width);
    expect(matrix).toContain('ns0/*');
  });

  it('marks namespaces whose pairs differ, and says what a line is', () => {
    const text = connectivityToMatrix(chain(5, 12), 80, plain);
    expect(text).toContain('+ = some of the pairs');
    expect(text).toContain('a line is a whole namespace');
  });

  it('says how many namespaces it leaves out', () => {
    const text = connectivityToMatrix(chain(30, 2), 60, plain);
    expect(text).toMatch(/left out, with the fewest connections: \d+ namespaces with \d+ workloads/);
    expect(longest(text.split('\n\n')[1]!)).toBeLessThanOrEqual(60);
  });
});
