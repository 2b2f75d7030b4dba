import { type Policy, policyToString } from '../../model/policy';
import { mayBeDns, opensDnsPort } from '../dns-rules';
import { deployment, documents, policy } from '../examples';
import type { LintRule } from '../rule';
import type { SelectedPods } from '../selected-pods';

const toCart = '{ to: [{ podSelector: { matchLabels: { app: cart } } }], ports: [{ port: 7070 }] }';
const toDns = `{ to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }, podSelector: { matchLabels: { k8s-app: kube-dns } } }],
    ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }] }`;
const web = (...rules: readonly string[]) =>
  policy('web', `podSelector: { matchLabels: { app: web } }\npolicyTypes: [Egress]\negress: [${rules.join(', ')}]`);

export const requireDnsEgress: LintRule = {
  id: 'require-dns-egress',
  group: 'workability',
  severity: 'warning',
  wrong: 'egress is restricted, and DNS is not open',
  why: 'Pods find each other by name. Where they may not ask for it, every connection that a policy opens fails before it begins, with an error that says nothing of policies.',
  todo: 'open UDP and TCP 53 to the cluster’s DNS pods, for pods that look up names',
  references: [
    {
      name: 'Kubernetes, DNS for Services and Pods',
      url: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/',
    },
  ],
  good: [
    { yaml: web(toCart, toDns) },
    {
      yaml: documents(
        web(toCart),
        policy('dns', `podSelector: {}\npolicyTypes: [Egress]\negress: [${toDns}]`),
        deployment('web'),
      ),
    },
    // Who may send nothing asks for no names.
    { yaml: web() },
  ],
  bad: [
    { yaml: web(toCart), at: ['spec.egress'] },
    {
      yaml: documents(
        web(toCart),
        policy('dns', `podSelector: { matchLabels: { app: cart } }\npolicyTypes: [Egress]\negress: [${toDns}]`),
        deployment('web'),
      ),
      at: ['spec.egress'],
    },
  ],
  *check({ cluster, pods }) {
    const dnsIn = new Map<string, Policy[]>();
    for (const policy of cluster.policies.filter(opensDns)) {
      const list = dnsIn.get(policy.namespace);
      if (list) list.push(policy);
      else dnsIn.set(policy.namespace, [policy]);
    }
    for (const policy of cluster.policies) {
      if (!policy.rules.some(({ direction }) => direction === 'egress')) continue;
      const who = withoutDns(policy, dnsIn.get(policy.namespace) ?? [], pods);
      if (who === undefined) continue;
      yield {
        message: `policy \`${policyToString(policy)}\` restricts egress, and no policy opens DNS for ${who}`,
        place: policy.place.at('spec.egress'),
      };
    }
  },
};

function opensDns({ rules }: Policy): boolean {
  return rules.some(
    (rule) => rule.direction === 'egress' && opensDnsPort(rule, 'UDP') && rule.peers.some((peer) => mayBeDns(peer)),
  );
}

/** Some pods of the policy that get no DNS; undefined if all known ones do, or, where none is known, if perhaps all do. */
function withoutDns(policy: Policy, dns: readonly Policy[], pods: SelectedPods): string | undefined {
  if (dns.includes(policy) || dns.some((other) => policy.pods.isSubsetOf(other.pods))) return undefined;
  const known = pods.selected(policy.namespace, policy.pods);
  const [left] = known.filter(({ podLabels }) => !dns.some((other) => other.pods.matches(podLabels)));
  if (left) return `\`${left.namespace}/${left.name}\``;
  if (known.length > 0 || dns.some((other) => other.pods.meets(policy.pods))) return undefined;
  return policy.pods.isEverything ? 'its pods' : `pods with the labels \`${policy.pods}\``;
}
