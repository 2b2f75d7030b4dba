import { describe, expect, it, test } from 'vitest';
import { Connectivity } from '../../lib/analysis/connectivity/connectivity';
import { hasUnreadExposure, listExposure } from '../../lib/analysis/exposure-listing';
import type { CniProfile } from '../../lib/model/cni-profile';
import { defaultProfile, profileOf } from '../../lib/model/cni-profiles';
import { clusterOfTexts } from '../../lib/read/cluster';
import { exposureToTxt } from '../../lib/render/exposure/txt';
import { plain } from '../../lib/render/paint';

/** As in `web app=web,tier=front`. */
const pod = (text: string) => {
  const [name, labels = ''] = text.split(' ');
  return `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { ${labels.replaceAll('=', ': ').replaceAll(',', ', ')} } }
spec: { containers: [{ name: a, image: a, ports: [{ name: http, containerPort: 8080 }] }] }
`;
};

const policy = (name: string, spec: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: shop }
spec: ${spec}
`;

function exposure(...texts: string[]) {
  return exposureWith(defaultProfile, ...texts);
}

function exposureWith(profile: CniProfile, ...texts: string[]) {
  const cluster = clusterOfTexts([{ file: 'shop.yaml', text: texts.join('---\n') }]);
  const listing = listExposure(new Connectivity(cluster, profile));
  return { listing, text: exposureToTxt(listing, plain) };
}

/** Lines of the tables, as `from → to ports`. */
const rows = ({ text }: { text: string }) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('  '))
    .map((line) => line.trim().replace(/\s+/g, ' '));

const ingressOf = (labels: string, from: string) =>
  policy(
    labels.replaceAll('=', '-').replaceAll(',', '-'),
    `{
    podSelector: { matchLabels: { ${labels.replaceAll('=', ': ').replaceAll(',', ', ')} } },
    policyTypes: [Ingress],
    ingress: [${from}] }`,
  );

describe('pods that are alike', () => {
  it('are one, whatever policies of their namespace tell them apart by', () => {
    const shown = exposure(
      pod('web app=web'),
      ingressOf('app=web', '{ from: [{ podSelector: {} }], ports: [{ port: 8080 }] }'),
      policy('out-a', '{ podSelector: { matchLabels: { app: a, part: x } }, policyTypes: [Egress], egress: [{}] }'),
      policy(
        'out-b',
        '{ podSelector: { matchLabels: { app: b, part: x, kind: z } }, policyTypes: [Egress], egress: [{}] }',
      ),
    );
    expect(rows(shown)[0]).toBe('any pod of shop → shop/web 8080/TCP');
  });

  it('are one where they differ in the value of one label', () => {
    const peer = (app: string) => `{ podSelector: { matchLabels: { app: ${app} } } }`;
    const shown = exposure(
      pod('web app=web'),
      ingressOf('app=web', `{ from: [${peer('a')}, ${peer('b')}, ${peer('c')}] }`),
    );
    expect(rows(shown)[0]).toBe('pods with {app=a|b|c} of shop → shop/web any port');
  });

  it('go by what they have in common where no policy limits them', () => {
    const shown = exposure(
      pod('web app=web,part=shop'),
      pod('cart app=cart,tier=back'),
      ingressOf('app=web,part=shop', '{ from: [{ podSelector: { matchLabels: { app: proxy } } }] }'),
      ingressOf('app=cart,tier=back', '{ from: [{ podSelector: { matchLabels: { app: proxy } } }] }'),
    );
    expect(rows(shown)).toContain('pods of shop whose ingress no policy limits');
  });

  it('are shown although the same selector picks a workload too', () => {
    const from =
      '{ from: [{ podSelector: { matchExpressions: [{ key: app, operator: In, values: [web, ghost] }] } }] }';
    const shown = exposure(pod('web app=web'), pod('db app=db'), ingressOf('app=db', from));
    expect(rows(shown)).toContain('pods with {app=ghost} of shop → shop/db any port');
    expect(shown.text).not.toContain('app=web');
  });
});

describe('policies without workloads', () => {
  const policies = [
    policy('deny', '{ podSelector: {}, policyTypes: [Ingress, Egress] }'),
    ingressOf(
      'app=web',
      '{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: proxy } } }], ports: [{ port: http }] }',
    ),
    ingressOf('app=db', '{ from: [{ podSelector: { matchLabels: { app: web } } }], ports: [{ port: 5432 }] }'),
  ];

  it('are shown by what they select', () => {
    expect(exposure(...policies).text).toMatchInlineSnapshot(`
      "0 workloads in 1 namespace, 3 policies, beside the workloads of the input

      Could be reached
        pods with {app=proxy} of any namespace outside the input → shop{app=web}  http/TCP

      Closed to all pods outside the input: shop{app=db}, shop{}

      note: the input has no workloads in shop: each selector of a policy there stands for pods that carry just what it asks for
      note: pods on the host network get in at workloads of their own node, whatever the policies say: the API has it so
      note: no Namespace object is given for shop: other labels than the name are taken as absent there
      "
    `);
  });

  it('stand for pods that carry just that', () => {
    const { standIns, closed, totals } = exposure(...policies).listing;
    expect(standIns.map(({ id }) => id)).toEqual(['shop{app=db}', 'shop{app=web}', 'shop{}']);
    expect([closed.map(({ id }) => id), totals.workloads]).toEqual([['shop{app=db}', 'shop{}'], 0]);
  });

  it('stand for nothing where there are workloads', () => {
    expect(exposure(pod('web app=web'), ...policies).listing.standIns).toEqual([]);
  });
});

test.for(['kubernetes', 'calico'])(
  'a policy of a kind that is not read leaves pods of the host network open too: %s',
  (plugin) => {
    const host = pod('node app=node').replace('spec: {', 'spec: { hostNetwork: true,');
    const cilium = policy('l7', '{}').replace('networking.k8s.io/v1', 'cilium.io/v2').replace('kind: ', 'kind: Cilium');
    const { listing } = exposureWith(profileOf(plugin)!, host, cilium);
    expect(listing.rows.map(({ direction, decision }) => `${direction} ${decision}`)).toEqual([
      'ingress unknown',
      'egress unknown',
    ]);
    expect(hasUnreadExposure(listing)).toBe(true);
  },
);
