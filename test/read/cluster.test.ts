import { describe, expect, it, test } from 'vitest';
import { workloadToString } from '../../lib/model/cluster';
import { clusterOfObjects, clusterOfTexts } from '../../lib/read/cluster';
import { clusterOf, policyText, problemsOf } from './reading';

const template = (labels = '{app: web}') =>
  `template: {metadata: {labels: ${labels}}, spec: {containers: [{ports: [{containerPort: 80, name: http}]}]}}`;
const selector = 'selector: {matchLabels: {app: web}}';
const object = (apiVersion: string, kind: string, metadata: string, spec = '{}') =>
  `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {${metadata}}\nspec: ${spec}\n`;

describe('workloads', () => {
  test.for([
    ['apps/v1', 'Deployment', `{${selector}, ${template()}}`],
    ['extensions/v1beta1', 'Deployment', `{${template()}}`],
    ['apps/v1', 'StatefulSet', `{${selector}, ${template()}}`],
    ['apps/v1', 'DaemonSet', `{${selector}, ${template()}}`],
    ['apps/v1', 'ReplicaSet', `{${selector}, ${template()}}`],
    ['v1', 'ReplicationController', `{selector: {app: web}, ${template()}}`],
    ['v1', 'ReplicationController', `{${template()}}`],
    ['batch/v1', 'Job', `{${template()}}`],
    ['batch/v1beta1', 'CronJob', `{jobTemplate: {spec: {${template()}}}}`],
  ])('%s %s: labels, ports and selector of its pods', ([apiVersion, kind, spec]) => {
    expect(clusterOf(object(apiVersion!, kind!, 'name: a, namespace: shop', spec)).workloads).toMatchObject([
      {
        kind,
        name: 'a',
        namespace: 'shop',
        podLabels: { app: 'web' },
        selector: { matchLabels: { app: 'web' } },
        ports: [{ name: 'http', number: 80, protocol: 'TCP' }],
        network: 'pod',
        addresses: [],
      },
    ]);
  });

  it('a Pod has its addresses, its owner, and may be on the host network', () => {
    const pod = `${object('v1', 'Pod', 'name: a, labels: {app: web}, ownerReferences: [{kind: Node, name: n}, {kind: ReplicaSet, name: r, controller: true}]', '{hostNetwork: true, initContainers: [{restartPolicy: Always, ports: [{containerPort: 9, protocol: UDP}]}, {ports: [{containerPort: 8}]}]}')}status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: "fd00::1"}]}\n`;
    expect(clusterOf(pod).workloads).toMatchObject([
      {
        kind: 'Pod',
        namespace: 'default',
        podLabels: { app: 'web' },
        network: 'host',
        addresses: ['10.0.0.1', 'fd00::1'],
        owner: { kind: 'ReplicaSet', name: 'r' },
        ports: [{ number: 9, protocol: 'UDP' }],
      },
    ]);
  });

  it('a name that the API server completes is given as far as it goes', () => {
    const jobs = object('batch/v1', 'Job', 'generateName: migrate-', `{${template()}}`).repeat(2);
    expect(clusterOf(jobs).workloads.map(workloadToString)).toEqual(['default/migrate-', 'default/migrate-']);
  });

  it('kinds of the same name in other API groups are none', () => {
    const text =
      object('serving.knative.dev/v1', 'Service', 'name: a') +
      object('batch.volcano.sh/v1alpha1', 'Job', 'name: a') +
      object('config.openshift.io/v1', 'Ingress', 'name: a');
    const { workloads, services, exposures, skipped } = clusterOf(text);
    expect([workloads, services, exposures]).toEqual([[], [], []]);
    expect([...skipped.keys()]).toEqual([
      'serving.knative.dev/v1 Service',
      'batch.volcano.sh/v1alpha1 Job',
      'config.openshift.io/v1 Ingress',
    ]);
  });

  test.for([
    ['no template', 'Deployment', `{${selector}}`, 'spec.template: Deployment `default/a`: a value is missing'],
    [
      'a label that is a number',
      'Deployment',
      `{${selector}, ${template('{app: 1}')}}`,
      'spec.template.metadata.labels[app]: Deployment `default/a`: `1` is of the wrong type: must be a string',
    ],
    [
      'a label of bad form',
      'Deployment',
      `{${selector}, ${template('{app: "a b"}')}}`,
      'spec.template.metadata.labels: Deployment `default/a`: `"a b"` is not valid',
    ],
    [
      'an operator that there is not',
      'Deployment',
      `{selector: {matchExpressions: [{key: a, operator: in, values: [x]}]}, ${template()}}`,
      'spec.selector.matchExpressions[0].operator: Deployment `default/a`: `"in"` is not valid',
    ],
    [
      'a hostNetwork that is a text',
      'Deployment',
      `{${selector}, template: {spec: {hostNetwork: "true"}}}`,
      'spec.template.spec.hostNetwork: Deployment `default/a`: `"true"` is of the wrong type',
    ],
    [
      'a protocol that there is not',
      'Deployment',
      `{${selector}, template: {spec: {containers: [{ports: [{containerPort: 1, protocol: tcp}]}]}}}`,
      'spec.template.spec.containers[0].ports[0].protocol: Deployment `default/a`: `"tcp"` is not supported',
    ],
  ] as const)('%s is a problem', ([, kind, spec, problem]) => {
    const problems = problemsOf(() => clusterOf(object('apps/v1', kind, 'name: a', spec)));
    expect(problems).toEqual([expect.stringMatching(/^all\.yaml:[25] /)]);
    expect(problems[0]).toContain(problem);
  });
});

describe('what a workload owns is not counted beside it', () => {
  const deployment = object('apps/v1', 'Deployment', 'name: web', `{${selector}, ${template()}}`);
  const replicaSet = object(
    'apps/v1',
    'ReplicaSet',
    'name: web-5d4f, ownerReferences: [{kind: Deployment, name: web, controller: true}]',
    `{${selector}, ${template()}}`,
  );
  const pod = (
    name: string,
    ip: string,
    owner = 'ReplicaSet, name: web-5d4f',
    labels = 'app: web, pod-template-hash: 5d4f',
  ) =>
    `${object('v1', 'Pod', `name: ${name}, labels: {${labels}}, ownerReferences: [{kind: ${owner}, controller: true}]`)}status: {podIP: ${ip}}\n`;
  const read = (...texts: string[]) =>
    clusterOf(texts.join('')).workloads.map((w) => `${w.kind} ${w.name} ${w.addresses.join(' ')}`.trim());

  test.for([
    [
      'the Pods of a ReplicaSet of a Deployment',
      [pod('a', '10.0.0.1'), replicaSet, deployment, pod('b', '10.0.0.2')],
      ['Deployment web 10.0.0.1 10.0.0.2'],
    ],
    ['the Pods of a ReplicaSet that is not given', [deployment, pod('a', '10.0.0.1')], ['Deployment web 10.0.0.1']],
    ['the Pods of a ReplicaSet alone', [replicaSet, pod('a', '10.0.0.1')], ['ReplicaSet web-5d4f 10.0.0.1']],
    ['not those of an owner that is not given', [pod('a', '10.0.0.1')], ['Pod a 10.0.0.1']],
    [
      'not those of the same name in another namespace',
      [deployment.replace('name: web', 'name: web, namespace: other'), pod('a', '10.0.0.1')],
      ['Deployment web', 'Pod a 10.0.0.1'],
    ],
    [
      'the Pods of a Job of a CronJob',
      [
        object('batch/v1', 'CronJob', 'name: tidy', `{jobTemplate: {spec: {${template()}}}}`),
        pod('a', '10.0.0.1', 'Job, name: tidy-29012345', 'a: b'),
      ],
      ['CronJob tidy 10.0.0.1'],
    ],
    [
      'not a Pod that somebody labelled otherwise, where a policy asks for that label',
      [
        deployment,
        pod('a', '10.0.0.1', undefined, 'app: stolen, pod-template-hash: 5d4f'),
        pod('b', '10.0.0.2', undefined, 'app: web, pod-template-hash: 5d4f, other: x'),
        object('networking.k8s.io/v1', 'NetworkPolicy', 'name: p', '{podSelector: {matchLabels: {app: web}}}'),
      ],
      ['Deployment web 10.0.0.2', 'Pod a 10.0.0.1'],
    ],
    [
      'not those that own each other',
      [pod('a', '10.0.0.1', 'Pod, name: b'), pod('b', '10.0.0.2', 'Pod, name: a')],
      ['Pod a 10.0.0.1', 'Pod b 10.0.0.2'],
    ],
  ] as const)('%s', ([, texts, workloads]) => {
    expect(read(...texts)).toEqual(workloads);
  });
});

describe('namespaces', () => {
  it('have the labels of their object, and always their name', () => {
    expect(clusterOf(object('v1', 'Namespace', 'name: shop, labels: {team: a}')).namespaces).toMatchObject([
      {
        name: 'shop',
        labels: { team: 'a', 'kubernetes.io/metadata.name': 'shop' },
        source: 'given',
        place: { line: 2 },
      },
    ]);
  });

  it('are assumed, with their name alone, where only something in them is given', () => {
    const text =
      policyText('{}') +
      object('v1', 'Service', 'name: a, namespace: b') +
      object('v1', 'Namespace', 'name: c') +
      object('v1', 'ConfigMap', 'name: x, namespace: y');
    expect(
      clusterOf(text).namespaces.map(({ name, source, labels }) => `${name} ${source} ${Object.keys(labels)}`),
    ).toEqual([
      'b assumed kubernetes.io/metadata.name',
      'c given kubernetes.io/metadata.name',
      'shop assumed kubernetes.io/metadata.name',
    ]);
  });

  it('that the API server refuses are a problem', () => {
    expect(problemsOf(() => clusterOf(object('v1', 'Namespace', 'name: a.b, labels: {x: 1}')))).toEqual([
      'all.yaml:4 metadata.labels[x]: Namespace `a.b`: `1` is of the wrong type: must be a string; the API server refuses it; put it in quotes, since YAML reads it as something else',
    ]);
  });
});

describe('what leads to workloads', () => {
  it('a Service has a type, a selector and ports', () => {
    const service = object(
      'v1',
      'Service',
      'name: a',
      '{type: NodePort, selector: {app: web}, ports: [{port: 80}, {port: 81, name: x, targetPort: http, protocol: UDP}]}',
    );
    expect(clusterOf(service).services).toMatchObject([
      {
        type: 'NodePort',
        selector: { app: 'web' },
        ports: [
          { port: 80, targetPort: 80, protocol: 'TCP' },
          { name: 'x', port: 81, targetPort: 'http', protocol: 'UDP' },
        ],
      },
    ]);
  });

  it('a Service without selector, or that is a name for something outside, has no pods', () => {
    const text =
      object('v1', 'Service', 'name: a') +
      object('v1', 'Service', 'name: b', '{type: ExternalName, externalName: x.y, selector: {app: web}}');
    expect(clusterOf(text).services.map((s) => [s.type, s.selector])).toEqual([
      ['ClusterIP', undefined],
      ['ExternalName', undefined],
    ]);
  });

  test.for([
    [
      'networking.k8s.io/v1',
      'Ingress',
      '{defaultBackend: {service: {name: d, port: {number: 1}}}, rules: [{http: {paths: [{backend: {service: {name: a, port: {name: http}}}}, {backend: {resource: {name: x}}}]}}, {host: h}]}',
      ['shop/d 1', 'shop/a http'],
    ],
    [
      'extensions/v1beta1',
      'Ingress',
      '{backend: {serviceName: d, servicePort: 1}, rules: [{http: {paths: [{backend: {serviceName: a, servicePort: http}}]}}]}',
      ['shop/d 1', 'shop/a http'],
    ],
    [
      'gateway.networking.k8s.io/v1',
      'HTTPRoute',
      '{rules: [{backendRefs: [{name: a, port: 80}, {name: b, namespace: other, port: 81}, {name: a, port: 80}, {name: x, kind: Bucket, group: other.org}], filters: [{type: RequestMirror, requestMirror: {backendRef: {name: m, port: 2}}}]}]}',
      ['shop/a 80', 'other/b 81', 'shop/m 2'],
    ],
    [
      'route.openshift.io/v1',
      'Route',
      '{to: {kind: Service, name: a}, alternateBackends: [{kind: Service, name: b}], port: {targetPort: http}}',
      ['shop/a http', 'shop/b http'],
    ],
    [
      'route.openshift.io/v1',
      'Route',
      '{to: {kind: Service, name: a}, port: {targetPort: 8080}}',
      ['shop/a undefined'],
    ],
  ] as const)('%s %s', ([apiVersion, kind, spec, backends]) => {
    const { exposures } = clusterOf(object(apiVersion, kind, 'name: x, namespace: shop', spec));
    expect(exposures).toMatchObject([{ kind, namespace: 'shop', name: 'x', place: { line: 2 } }]);
    expect(exposures[0]?.backends.map((b) => `${b.namespace}/${b.service} ${b.port}`)).toEqual(backends);
  });
});

describe('policies of kinds that are not read are named, with the pods that they are about', () => {
  test.for([
    ['cilium.io/v2', 'CiliumNetworkPolicy', 'shop'],
    ['cilium.io/v2', 'CiliumClusterwideNetworkPolicy', undefined],
    ['crd.projectcalico.org/v1', 'NetworkPolicy', 'shop'],
    ['projectcalico.org/v3', 'NetworkPolicy', 'shop'],
    ['projectcalico.org/v3', 'GlobalNetworkPolicy', undefined],
    ['policy.networking.k8s.io/v1alpha1', 'AdminNetworkPolicy', undefined],
    ['policy.networking.k8s.io/v1alpha1', 'BaselineAdminNetworkPolicy', undefined],
    ['policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicy', undefined],
    ['crd.antrea.io/v1beta1', 'NetworkPolicy', 'shop'],
    ['crd.antrea.io/v1beta1', 'ClusterNetworkPolicy', undefined],
    ['security.istio.io/v1', 'AuthorizationPolicy', 'shop'],
    ['k8s.ovn.org/v1', 'EgressFirewall', 'shop'],
    ['network.openshift.io/v1', 'EgressNetworkPolicy', 'shop'],
    // Nobody here knows it: it may be about everything.
    ['example.org/v1', 'FancyNetworkPolicy', undefined],
  ] as const)('%s %s', ([apiVersion, kind, namespace]) => {
    const { unread, policies, skipped } = clusterOf(object(apiVersion, kind, 'name: x, namespace: shop'));
    expect(unread).toMatchObject([{ kind, name: 'x', place: { line: 2 } }]);
    expect(unread[0]?.namespace).toBe(namespace);
    expect([policies.length, skipped.size]).toEqual([0, 0]);
  });

  it('one of the root namespace of a mesh is about the whole cluster', () => {
    const text = object('security.istio.io/v1', 'AuthorizationPolicy', 'name: x, namespace: istio-system');
    expect(clusterOf(text).unread).toMatchObject([{ namespace: undefined }]);
  });

  it('the default tier of Calico, where it does more than to deny what its policies leave undecided', () => {
    const tier = (name: string, spec: string) =>
      clusterOf(object('projectcalico.org/v3', 'Tier', `name: ${name}`, spec)).unread.length;
    expect([
      tier('default', '{defaultAction: Pass}'),
      tier('default', '{order: 1}'),
      tier('platform', '{defaultAction: Pass}'),
    ]).toEqual([1, 0, 0]);
  });

  test.for([
    ['projectcalico.org/v3', 'StagedNetworkPolicy'],
    ['projectcalico.org/v3', 'StagedGlobalNetworkPolicy'],
    ['crd.projectcalico.org/v1', 'StagedKubernetesNetworkPolicy'],
    ['security.istio.io/v1', 'PeerAuthentication'],
    ['apps/v1', 'ControllerRevision'],
  ] as const)('%s %s changes no connection, and is counted', ([apiVersion, kind]) => {
    const { unread, skipped } = clusterOf(object(apiVersion, kind, 'name: x') + object(apiVersion, kind, 'name: y'));
    expect(unread).toEqual([]);
    expect([...skipped]).toEqual([[`${apiVersion} ${kind}`, 2]]);
  });
});

describe('the same object given twice', () => {
  it('counts once if it says the same, in whatever order', () => {
    const again =
      'kind: NetworkPolicy\napiVersion: networking.k8s.io/v1\nspec: {ingress: [{}], podSelector: {}}\nmetadata: {namespace: shop, name: cart}\n';
    expect(clusterOf(`${policyText('{podSelector: {}, ingress: [{}]}')}---\n${again}`).policies).toHaveLength(1);
  });

  it('is a problem that names both places if it says something else', () => {
    const texts = [
      { file: 'a.yaml', text: policyText('{}') },
      { file: 'b.yaml', text: `---\n${policyText('{ingress: [{}]}')}` },
    ];
    expect(problemsOf(() => clusterOfTexts(texts))).toEqual([
      'b.yaml:2: NetworkPolicy `shop/cart` is given twice, with different content: also at a.yaml:1; leave one of them out; overlays are rendered first, as with `kustomize build`',
    ]);
  });

  it('is another one in another namespace, or of another kind', () => {
    expect(
      clusterOf(`${policyText('{}')}---\n${policyText('{ingress: [{}]}').replace('shop', 'other')}`).policies,
    ).toHaveLength(2);
    const text = object('apps/v1', 'Deployment', 'name: a', `{${selector}, ${template()}}`);
    expect(clusterOf(text + text.replace('Deployment', 'StatefulSet')).workloads).toHaveLength(2);
  });
});

describe('objects in memory', () => {
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'a' },
    spec: { ingress: [{}] },
  };

  it('have the place that is given for them, with the field', () => {
    const { policies } = clusterOfObjects([policy], (i) => ({ construct: `prod/${i}` }));
    expect(policies[0]?.rules[0]?.place).toMatchObject({ construct: 'prod/0', field: 'spec.ingress[0]' });
  });

  it('may be Lists', () => {
    const { policies } = clusterOfObjects([{ kind: 'List', items: [policy] }], { file: 'x' });
    expect(policies[0]?.rules[0]?.place).toMatchObject({ file: 'x', field: 'items[0].spec.ingress[0]' });
  });

  it('are compared as those of texts', () => {
    expect(clusterOfObjects([policy, structuredClone(policy)]).policies).toHaveLength(1);
    expect(problemsOf(() => clusterOfObjects([policy, { ...policy, spec: {} }]))).toHaveLength(1);
  });
});
