import { type Policy, policyToString, type Rule } from '../../model/policy';
import type { Protocol } from '../../sets/port-set';
import { mayBeDns, opensDnsPort } from '../dns-rules';
import { policy } from '../examples';
import type { LintRule } from '../rule';

const dns = (ports: string) =>
  policy(
    'dns',
    `podSelector: {}
policyTypes: [Egress]
egress:
  - to: [{ namespaceSelector: {}, podSelector: { matchLabels: { k8s-app: kube-dns } } }]
    ports: [${ports}]`,
  );

export const requireDnsOverTcp: LintRule = {
  id: 'require-dns-over-tcp',
  group: 'workability',
  severity: 'warning',
  wrong: 'a policy opens DNS by UDP only',
  why: 'An answer that is too long for UDP is asked for again by TCP. Without it, just the names with many addresses fail, and only at times.',
  todo: 'add `{ port: 53, protocol: TCP }` beside it',
  references: [{ name: 'RFC 7766, DNS Transport over TCP', url: 'https://www.rfc-editor.org/rfc/rfc7766#section-5' }],
  good: [{ yaml: dns('{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }') }, { yaml: dns('{ port: 53 }') }],
  bad: [{ yaml: dns('{ port: 53, protocol: UDP }'), at: ['spec.egress[0].ports'] }],
  *check({ cluster }) {
    const byTcp = new Map<string, Policy[]>();
    for (const policy of cluster.policies.filter((own) => dnsRules(own, 'TCP').length > 0)) {
      const list = byTcp.get(policy.namespace);
      if (list) list.push(policy);
      else byTcp.set(policy.namespace, [policy]);
    }
    for (const policy of cluster.policies) {
      const [rule] = dnsRules(policy, 'UDP');
      const others = byTcp.get(policy.namespace) ?? [];
      if (!rule || others.includes(policy) || others.some((other) => policy.pods.isSubsetOf(other.pods))) continue;
      yield {
        message: `policy \`${policyToString(policy)}\` opens DNS by UDP, and not by TCP`,
        place: policy.place.at(`spec.egress[${rule.index}].ports`),
      };
    }
  },
};

function dnsRules({ rules }: Policy, protocol: Protocol): readonly Rule[] {
  return rules.filter(
    (rule) => rule.direction === 'egress' && opensDnsPort(rule, protocol) && rule.peers.some((peer) => mayBeDns(peer)),
  );
}
