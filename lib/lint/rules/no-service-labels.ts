import type { Policy, RulePeer } from '../../model/policy';
import { policyToString } from '../../model/policy';
import { LabelBox } from '../../sets/label-box';
import { fieldsOf } from '../../validation/json-value';
import type { LintContext } from '../context';
import { opensDnsPort } from '../dns-rules';
import { deployment, documents, policy } from '../examples';
import type { LintRule } from '../rule';

const web = (labels: string) =>
  policy(
    'web',
    `podSelector: { matchLabels: { app: web } }
policyTypes: [Egress]
egress: [{ to: [{ podSelector: { matchLabels: { ${labels} } } }] }]`,
  );
const service = `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop, labels: { service: cart } }
spec: { selector: { app: cart }, ports: [{ port: 80 }] }
`;
const dns = (labels: string) =>
  policy(
    'dns',
    `podSelector: {}
policyTypes: [Egress]
egress: [{ to: [{ namespaceSelector: {}, podSelector: { matchLabels: { ${labels} } } }], ports: [{ port: 53, protocol: UDP }] }]`,
  );

export const noServiceLabels: LintRule = {
  id: 'no-service-labels',
  group: 'workability',
  severity: 'warning',
  wrong: 'a peer names the labels of a Service instead of those of its pods',
  why: 'Policies are judged at the pods, after the Service’s address was translated. A Service’s own labels are on no pod, so the entry lets nothing through.',
  todo: 'write the labels that the Service selects',
  references: [
    {
      name: 'Kubernetes, debugging DNS resolution',
      url: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
    },
  ],
  good: [
    { yaml: documents(deployment('web'), deployment('cart'), service, web('app: cart')) },
    { yaml: dns('k8s-app: kube-dns') },
  ],
  bad: [
    {
      yaml: documents(deployment('web'), deployment('cart'), service, web('service: cart')),
      at: ['spec.egress[0].to[0].podSelector'],
    },
    { yaml: dns('kubernetes.io/name: CoreDNS'), at: ['spec.egress[0].to[0].podSelector'] },
  ],
  *check(context) {
    const services = labelledServices(context);
    for (const policy of context.cluster.policies) {
      for (const rule of policy.rules) {
        const name = rule.direction === 'ingress' ? 'from' : 'to';
        for (const [i, peer] of rule.peers.entries()) {
          if (peer.kind !== 'pods' || peer.pods.isEverything || context.pods.ofPeer(peer).length > 0) continue;
          const own = services.find((s) => picks(peer, s, context));
          const ofDns = rule.direction === 'egress' && opensDnsPort(rule, 'UDP') && namesDnsService(peer);
          if (!own && !ofDns) continue;
          const called = own ? `Service \`${own.namespace}/${own.name}\`` : "the cluster's DNS Service";
          yield {
            message: `policy \`${policyToString(policy)}\` names \`${peer.pods}\`, the labels of ${called}, which are on no pod`,
            place: placeOf(policy, rule, name, i),
            hint: `its pods are labelled \`${own ? own.pods : 'k8s-app=kube-dns'}\``,
          };
        }
      }
    }
  },
};

interface LabelledService {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The pods behind it. */
  readonly pods: LabelBox;
}

/** Services with labels of their own and a selector. */
function labelledServices({ objects }: LintContext): LabelledService[] {
  return objects.flatMap(({ kind, namespace, name, object }): LabelledService[] => {
    if (kind !== 'Service' || namespace === undefined) return [];
    const labels = textsOf(fieldsOf(object['metadata'])['labels']);
    const selector = textsOf(fieldsOf(object['spec'])['selector']);
    if (Object.keys(labels).length === 0 || Object.keys(selector).length === 0) return [];
    return [{ namespace, name, labels, pods: LabelBox.ofLabels(selector) }];
  });
}

function textsOf(value: unknown): Record<string, string> {
  const entries = Object.entries(fieldsOf(value)).filter(([, text]) => typeof text === 'string');
  return Object.fromEntries(entries) as Record<string, string>;
}

type PodPeer = Extract<RulePeer, { kind: 'pods' }>;

/** Whether the entry would pick the Service, were it a pod, and its known pods do not have such labels. */
function picks(peer: PodPeer, { namespace, labels, pods }: LabelledService, context: LintContext): boolean {
  if (!peer.pods.matches(labels) || !peer.pods.keys.some((key) => peer.pods.valuesOf(key) !== undefined)) return false;
  if (!context.pods.namespaces(peer.namespaces).includes(namespace)) return false;
  return !pods.isSubsetOf(peer.pods) && context.pods.selected(namespace, pods).length > 0;
}

/** Labels that kubeadm, GKE and others put on the Service `kube-dns`, and on no pod. */
const dnsServiceKeys = ['kubernetes.io/name', 'kubernetes.io/cluster-service'];

function namesDnsService({ pods }: PodPeer): boolean {
  return dnsServiceKeys.some((key) => pods.valuesOf(key) !== undefined);
}

function placeOf({ place }: Policy, rule: Policy['rules'][number], name: string, i: number) {
  return place.at(`spec.${rule.direction}[${rule.index}].${name}[${i}].podSelector`);
}
