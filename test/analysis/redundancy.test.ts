import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { podEnd } from '../../lib/analysis/connectivity/pod-classes';
import { evaluate } from '../../lib/analysis/evaluate';
import { universeOf } from '../../lib/analysis/open-world/cluster-relation';
import { type PolicyStatement, relationOf } from '../../lib/analysis/open-world/relation';
import { covers } from '../../lib/analysis/open-world/uncovered';
import { redundancyOf } from '../../lib/analysis/redundancy';
import type { Cluster } from '../../lib/model/cluster';
import type { End } from '../../lib/model/connection';
import { type Policy, policyToString, type Rule, ruleToString } from '../../lib/model/policy';
import { clusterOfTexts } from '../../lib/read/cluster';
import { parseAddress } from '../../lib/sets/cidr';
import { addresses, cluster, policies, portNumbers, profile, protocols } from '../support/arbitrary-cluster';

const bare = { workloads: [], services: [], exposures: [], unread: [], skipped: new Map() };

function namespaceOf(name: string) {
  return { 'kubernetes.io/metadata.name': name };
}

function clusterOf(list: readonly Policy[]): Cluster {
  const namespaces = ['a', 'b', 'c'].map((name) => ({ name, source: 'given' as const, labels: namespaceOf(name) }));
  return { ...bare, namespaces, policies: list };
}

const relation = (list: readonly Policy[]) => relationOf(list, ['a', 'b', 'c'], universeOf(clusterOf([])));

const nearOf = (list: readonly PolicyStatement[], s: PolicyStatement) =>
  list.filter((o) => o.namespace === s.namespace && o.direction === s.direction);

function equal(a: readonly Policy[], b: readonly Policy[]): boolean {
  const [x, y] = [relation(a), relation(b)];
  return x.every((s) => covers(nearOf(y, s), s)) && y.every((s) => covers(nearOf(x, s), s));
}

/** The policies without what is redundant. */
function reduced(list: readonly Policy[]): Policy[] {
  const found = redundancyOf(clusterOf(list));
  const gone = new Set(found.policies.map(({ policy }) => policy));
  const rules = new Set(found.rules.map(({ rule }) => rule));
  return list.filter((p) => !gone.has(p)).map((p) => ({ ...p, rules: p.rules.filter((rule) => !rules.has(rule)) }));
}

describe('redundancy', () => {
  it('names what can be removed all at once without changing what is allowed', () => {
    fc.assert(
      fc.property(policies, (list) => {
        expect(equal(list, reduced(list))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('names what can be removed without another verdict on any connection, whatever the plugin does', () => {
    const yes = { value: 'yes' as const };
    // A feature that a plugin lacks is lacked by the whole policy.
    const features = { enforcesEndPort: yes, enforcesSctp: yes, enforcesNamedPorts: yes, enforcesIpBlockExcept: yes };
    const outside = addresses.map((text): End => ({ kind: 'address', address: parseAddress(text)! }));
    fc.assert(
      fc.property(cluster, profile, ({ workloads, policies: list }, drawn) => {
        const cni = { ...drawn, facts: { ...drawn.facts, ...features } };
        const pods = workloads.map((pod) =>
          podEnd({ ...pod, addresses: pod.addresses.slice(0, 1) }, namespaceOf(pod.namespace)),
        );
        const kept = reduced(list);
        for (const pod of pods) {
          for (const other of [...pods, ...outside]) {
            for (const [source, destination] of [
              [pod, other],
              [other, pod],
            ] as const) {
              for (const protocol of protocols) {
                for (const port of portNumbers) {
                  const connection = { source, destination, protocol, port };
                  const [before, after] = [list, kept].map((these) => evaluate(connection, these, cni));
                  expect(after?.egress.decision).toBe(before?.egress.decision);
                  expect(after?.ingress.decision).toBe(before?.ingress.decision);
                }
              }
            }
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('names so much that nothing more can be removed', () => {
    fc.assert(
      fc.property(policies, (list) => {
        const kept = reduced(list);
        for (const policy of kept) {
          expect(
            equal(
              list,
              kept.filter((other) => other !== policy),
            ),
          ).toBe(false);
          for (const rule of policy.rules) {
            const without = { ...policy, rules: policy.rules.filter((other) => other !== rule) };
            expect(
              equal(
                list,
                kept.map((other) => (other === policy ? without : other)),
              ),
            ).toBe(false);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('names what covers it among what stays', () => {
    fc.assert(
      fc.property(policies, (list) => {
        const found = redundancyOf(clusterOf(list));
        const gone = new Set(found.policies.map(({ policy }) => policy));
        const rules = new Set(found.rules.map(({ rule }) => rule));
        for (const { coveredBy, why } of found.policies) {
          for (const policy of coveredBy) expect(gone.has(policy)).toBe(false);
          expect(coveredBy.length > 0).toBe(why === 'covered');
        }
        for (const { rule, coveredBy } of found.rules) {
          for (const other of coveredBy) expect(rules.has(other) || gone.has(other.policy)).toBe(false);
          const allowing = (wanted: readonly Rule[]) => relation(list).filter((s) => s.rule && wanted.includes(s.rule));
          for (const s of allowing([rule])) expect(covers(nearOf(allowing(coveredBy), s), s)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the first of two equal rules and says what covers the other', () => {
    const policy = (name: string, spec: string) =>
      `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: ${name}, namespace: a }\nspec: ${spec}\n---\n`;
    const text =
      policy('a-deny', '{ podSelector: {}, policyTypes: [Ingress, Egress] }') +
      policy(
        'b-web',
        '{ podSelector: { matchLabels: { app: web } }, ingress: [{ ports: [{ port: 80 }] }, { from: [{ podSelector: {} }], ports: [{ port: 80 }] }] }',
      ) +
      policy('c-same', '{ podSelector: { matchLabels: { app: web } }, ingress: [{ ports: [{ port: 80 }] }] }') +
      policy('d-deny', '{ podSelector: { matchLabels: { app: db } }, policyTypes: [Ingress] }');
    const { rules, policies: found } = redundancyOf(clusterOfTexts([{ file: 'p.yaml', text }]));
    expect(found.map((r) => [policyToString(r.policy), r.coveredBy.map(policyToString)])).toEqual([
      ['a/c-same', ['a/a-deny', 'a/b-web']],
      ['a/d-deny', ['a/a-deny']],
    ]);
    expect(rules.map((r) => [ruleToString(r.rule), r.coveredBy.map(ruleToString)])).toEqual([
      ['a/b-web ingress[1]', ['a/b-web ingress[0]']],
    ]);
  });

  it('keeps a rule for everyone beside rules for every pod and address: under some plugins only it admits nodes', () => {
    const rules = (...from: string[]) =>
      `{ podSelector: {}, ingress: [${from.map((f) => `{ from: [${f}], ports: [{ port: 80 }] }`)}] }`;
    const every = "{ namespaceSelector: {} }, { ipBlock: { cidr: '0.0.0.0/0' } }, { ipBlock: { cidr: '::/0' } }";
    const text = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: p, namespace: a }
spec: ${rules(every, '')}`;
    const { rules: found, policies: gone } = redundancyOf(clusterOfTexts([{ file: 'p.yaml', text }]));
    expect(gone).toEqual([]);
    expect(found.map((r) => [ruleToString(r.rule), r.coveredBy.map(ruleToString)])).toEqual([
      ['a/p ingress[0]', ['a/p ingress[1]']],
    ]);
  });

  it('keeps a rule by the name of a port for addresses: under some plugins these may be of pods, which give that name', () => {
    const text = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: p, namespace: a }
spec: { podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }], ports: [{ port: http }] }] }`;
    expect(redundancyOf(clusterOfTexts([{ file: 'p.yaml', text }]))).toEqual({ rules: [], policies: [] });
  });

  it('keeps a rule by a label of a namespace that no Namespace object gives: it may match there', () => {
    const rule = '{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: b, team: shop } } }';
    const text = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: p, namespace: a }
spec: { podSelector: {}, ingress: [{ from: [${rule}] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: x, namespace: b }
spec: { containers: [{ name: x, image: x }] }
`;
    const rules = (given: string) =>
      redundancyOf(clusterOfTexts([{ file: 'p.yaml', text: text + given }])).rules.length;
    expect(rules('')).toBe(0);
    expect(rules('---\napiVersion: v1\nkind: Namespace\nmetadata: { name: b, labels: { team: pay } }')).toBe(1);
  });
});
