import { Testing } from 'cdk8s';
import { Environment, Namespace, Never, Service } from 'tierwall';
import { describe, expect, it } from 'vitest';
import { relationOf } from '../../../lib/analysis/open-world/relation';
import { Universe } from '../../../lib/analysis/open-world/universe';
import { type GuaranteeProof, proveGuarantees } from '../../../lib/analysis/prove/guarantees';
import { synthesize } from '../../../lib/constructs/synthesizer';
import { namespaceNameKey } from '../../../lib/model/selector';
import { clusterOfObjects, clusterOfTexts } from '../../../lib/read/cluster';

/** A page and an API whose pods carry labels of different keys, so that a pod could carry both. */
function program(sharesPodsWith: 'nobody' | 'web' = 'nobody') {
  const app = Testing.app();
  const prod = new Environment(app, 'prod');
  const shop = new Namespace(prod, 'shop');
  const web = new Service(shop, 'web', { ports: { http: 8080 } });
  const shares = sharesPodsWith === 'web' ? { sharesPodsWith: [web] } : {};
  const api = new Service(shop, 'api', { ports: { http: 80 }, labels: { app: 'api' }, ...shares });
  api.allowFrom(web);
  return { app, prod, web, api };
}

function proofs(app: ReturnType<typeof program>['app'], others = ''): GuaranteeProof[] {
  const { program: declared, namespaces } = synthesize(app);
  const objects = clusterOfObjects(namespaces.flatMap((n) => [n.defaultDeny, ...n.policies])).policies;
  const known = new Map(declared.namespaces.map((n) => [n.name, { ...n.labels, [namespaceNameKey]: n.name }] as const));
  const policies = [...objects, ...clusterOfTexts([{ file: 'others.yaml', text: others }]).policies];
  return proveGuarantees(
    declared,
    'default',
    relationOf(policies, known.keys(), new Universe(known, 'told-apart')),
    known,
  );
}

const clusterName = () => synthesize(program().app).program.environments[0]!.cluster;

describe('a guarantee over every pod that could exist', () => {
  it('is about the cluster that the environments share', () => expect(clusterName()).toBe('default'));

  it('holds though a pod that two services select could do what neither may', () => {
    const { app, prod, web, api } = program();
    new Never(prod, 'no-way-back', { from: api, to: web });
    expect(proofs(app).map(({ verdict }) => verdict)).toEqual(['proved']);
  });

  it('is broken by the policy of another owner, for pods of one service', () => {
    const { app, prod, web, api } = program();
    new Never(prod, 'no-way-back', { from: api, to: web });
    const open = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: open, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}] }
`;
    const [proof] = proofs(app, open);
    expect(proof?.verdict).toBe('broken');
    expect(proof?.breach?.rules.map(({ rule }) => rule?.policy.name)).toEqual(['open', 'open']);
    expect(proof?.breach?.witness).toMatchObject({ source: { labels: { app: 'api' } } });
  });

  it('is not certain where an ipBlock of another owner may take in pods, by number of port or by name', () => {
    const { app, prod, web, api } = program();
    new Never(prod, 'no-way-back', { from: api, to: web });
    const block = (cidr: string, port: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: out, namespace: shop }
spec: { podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: ${cidr} } }], ports: [{ port: ${port} }] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: in, namespace: shop }
spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }
`;
    const certainty = (text: string) => proofs(app, text).map(({ verdict, breach }) => [verdict, breach?.certainty]);
    for (const port of ['8080', 'http']) {
      expect(certainty(block('10.0.0.0/8', port))).toEqual([['broken', 'if-blocks-take-in-pods']]);
    }
    expect(certainty(block('203.0.114.0/24', '8080'))).toEqual([['proved', undefined]]);
  });
});
