import { App, Chart, Cron } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { loadAll } from 'js-yaml';
import {
  Environment,
  type LabelSelector,
  Namespace,
  type NetworkPolicy,
  type PortRef,
  Service,
  type ServiceWithPorts,
  Tier,
} from 'tierwall';
import { fromWorkload, type PlusWorkload, servicePort } from 'tierwall/plus';
import { describe, expect, test } from 'vitest';

const { TCP, UDP, SCTP } = kplus.Protocol;
const address = 'cdk8s.io/metadata.addr';

/** Labels of a pod that stay (`app`), and that change with each release. */
const labels = {
  app: 'api',
  'helm.sh/chart': 'api-1.2.3',
  'app.kubernetes.io/version': '1.2.3',
  'pod-template-hash': '5d4f8',
  'controller-revision-hash': 'api-7c9',
  'batch.kubernetes.io/job-name': 'api-28',
};

const ports = [
  { name: 'http', number: 8080 },
  { name: 'dns', number: 5353, protocol: UDP },
  { name: 'm3ua', number: 2905, protocol: SCTP },
  { number: 9090, protocol: TCP },
];
const containers = [{ image: 'api', ports }];
const asPolicyPorts = [
  { protocol: 'SCTP', port: 2905 },
  { protocol: 'TCP', port: 8080 },
  { protocol: 'TCP', port: 9090 },
  { protocol: 'UDP', port: 5353 },
];

type Props = kplus.PodProps & Pick<kplus.WorkloadProps, 'podMetadata'>;

/** A workload of each kind, named `api`, whose pods carry {@link labels} and listen on {@link ports}. */
const kinds: Readonly<Record<string, (chart: Chart, props: Props) => kplus.AbstractPod & PlusWorkload>> = {
  Deployment: (chart, props) => new kplus.Deployment(chart, 'api', props),
  StatefulSet: (chart, props) => new kplus.StatefulSet(chart, 'api', { ...props, service: headless(chart) }),
  DaemonSet: (chart, props) => new kplus.DaemonSet(chart, 'api', props),
  Job: (chart, props) => new kplus.Job(chart, 'api', props),
  CronJob: (chart, props) => new kplus.CronJob(chart, 'api', { ...props, schedule: Cron.daily() }),
  Pod: (chart, { podMetadata = {}, ...props }) => new kplus.Pod(chart, 'api', { ...props, metadata: podMetadata }),
};
const withSelector = ['Deployment', 'StatefulSet', 'DaemonSet'];

const headless = (chart: Chart) => new kplus.Service(chart, 'headless', { ports: [{ port: 80 }] });

/** An app with the namespace `shop`, a chart of its workloads, and a service that calls. */
function shop(team = 'storefront') {
  const app = new App();
  const namespace = new Namespace(new Environment(app, 'prod'), 'shop', { team });
  return {
    app,
    namespace,
    chart: new Chart(app, 'workloads', { namespace: 'shop' }),
    caller: new Service(namespace, 'caller'),
  };
}

interface Template {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
}

interface WrittenWorkload extends Template {
  readonly kind: string;
  readonly spec: {
    readonly selector?: LabelSelector;
    readonly template?: Template;
    readonly jobTemplate?: { readonly spec: { readonly template: Template } };
  };
}

function written(app: App, kind: string): WrittenWorkload {
  const found = (loadAll(app.synthYaml()) as WrittenWorkload[]).filter((object) => object.kind === kind);
  expect(found).toHaveLength(1);
  return found[0]!;
}

function podLabels(workload: WrittenWorkload): Readonly<Record<string, string>> {
  const { spec } = workload;
  return (spec.template ?? spec.jobTemplate?.spec.template ?? workload).metadata.labels;
}

/** The NetworkPolicy objects that cdk8s writes. */
function policy(app: App, service: string): NetworkPolicy {
  const objects = loadAll(app.synthYaml()) as NetworkPolicy[];
  const found = objects.find(
    ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === `tierwall-${service}`,
  );
  if (!found) throw new Error(`there is no policy of ${service}`);
  return found;
}

const ingressPorts = (app: App, service: string) => policy(app, service).spec.ingress?.flatMap((rule) => rule.ports);

describe.for(Object.entries(kinds))('a service made from a %s', ([kind, make]) => {
  test('is its pods by spec.selector, or by the labels that stay from release to release where there is none', () => {
    const { app, chart, namespace, caller } = shop();
    fromWorkload(namespace, 'api', make(chart, { containers, podMetadata: { labels } })).allowFrom(caller);

    const workload = written(app, kind);
    const stable = { app: 'api', [address]: podLabels(workload)[address] };
    const podSelector = withSelector.includes(kind) ? workload.spec.selector : { matchLabels: stable };
    expect(podLabels(workload)).toMatchObject(labels);
    expect(policy(app, 'api').spec.podSelector).toEqual(podSelector);
    expect(policy(app, 'caller').spec.egress).toContainEqual({ to: [{ podSelector }], ports: asPolicyPorts });
  });

  test('opens its containers’ ports, each with its protocol, and no others', () => {
    const { app, chart, namespace, caller } = shop();
    fromWorkload(namespace, 'api', make(chart, { containers })).allowFrom(caller);
    const from = [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'caller' } } }];
    expect(policy(app, 'api').spec.ingress).toEqual([{ from, ports: asPolicyPorts }]);
  });

  test('knows its ports by the names that the containers give them', () => {
    const { app, chart, namespace, caller } = shop();
    fromWorkload(namespace, 'api', make(chart, { containers })).allowFrom(caller, { ports: ['dns'] });
    expect(ingressPorts(app, 'api')).toEqual([{ protocol: 'UDP', port: 5353 }]);
  });

  test('can be its pods by the label scheme, whose labels are then put on them', () => {
    const { app, chart, namespace, caller } = shop();
    const workload = make(chart, { containers, podMetadata: { labels: { app: 'api' } } });
    const tier = new Tier(namespace, 'back');
    fromWorkload(tier, 'api', workload, { name: 'backend', labels: 'scheme' }).allowFrom(caller);

    expect(policy(app, 'backend').spec.podSelector).toEqual({ matchLabels: { 'app.kubernetes.io/name': 'backend' } });
    expect(podLabels(written(app, kind))).toEqual({
      app: 'api',
      [address]: expect.any(String),
      'app.kubernetes.io/name': 'backend',
      'tierwall.dev/tier': 'back',
      'tierwall.dev/team': 'storefront',
      'tierwall.dev/environment': 'prod',
    });
  });

  test('without container ports may be called on none until some are given', () => {
    const { app, chart, namespace, caller } = shop();
    const workload = make(chart, { containers: [{ image: 'api' }] });
    fromWorkload(namespace, 'api', workload).allowFrom(caller);
    expect(() => app.synthYaml()).toThrow(
      /prod\/shop\/api \(test\/plus\.test\.ts:\d+\): service `prod\/shop\/api` declares no ports; declare its `ports`/,
    );

    const given = shop();
    const called = fromWorkload(given.namespace, 'api', make(given.chart, { containers: [{ image: 'api' }] }));
    called.allowFrom(given.caller, { ports: [80] });
    expect(ingressPorts(given.app, 'api')).toEqual([{ protocol: 'TCP', port: 80 }]);
  });
});

describe('a service made from a workload', () => {
  test('takes selectors that the workload was given, expressions too', () => {
    const { app, chart, namespace, caller } = shop();
    const podMetadata = { labels: { app: 'api', track: 'a' } };
    const workload = new kplus.Deployment(chart, 'api', { containers, select: false, podMetadata });
    workload.select(
      kplus.LabelSelector.of({ labels: { app: 'api' }, expressions: [kplus.LabelExpression.in('track', ['a', 'b'])] }),
    );
    fromWorkload(namespace, 'api', workload).allowFrom(caller);
    const expressions = [{ key: 'track', operator: 'In', values: ['a', 'b'] }];
    expect(policy(app, 'api').spec.podSelector).toEqual({ matchLabels: { app: 'api' }, matchExpressions: expressions });
  });

  test('takes containers and labels that are added later in the program', () => {
    const { app, chart, namespace, caller } = shop();
    const workload = new kplus.Pod(chart, 'api', { containers: [{ image: 'api', portNumber: 80 }] });
    fromWorkload(namespace, 'api', workload).allowFrom(caller);
    workload.addContainer({ image: 'metrics', name: 'metrics', portNumber: 9100 });
    workload.podMetadata.addLabel('app', 'api');
    expect(ingressPorts(app, 'api')).toEqual([
      { protocol: 'TCP', port: 80 },
      { protocol: 'TCP', port: 9100 },
    ]);
    expect(policy(app, 'api').spec.podSelector.matchLabels).toMatchObject({ app: 'api' });
  });

  test('has no port by a name that two containers give to different ones, and loses neither port', () => {
    const { app, chart, namespace, caller } = shop();
    const [first, second] = [9090, 9091].map((number) => ({ name: 'metrics', number }));
    const workload = new kplus.Deployment(chart, 'api', {
      containers: [
        { image: 'a', name: 'a', ports: [first!] },
        { image: 'b', name: 'b', ports: [second!] },
      ],
    });
    const api = fromWorkload(namespace, 'api', workload);
    api.allowFrom(caller);
    expect(ingressPorts(app, 'api')).toEqual([{ protocol: 'TCP', port: 9090, endPort: 9091 }]);
    api.allowFrom(caller, { ports: ['metrics'] });
    expect(() => ingressPorts(app, 'api')).toThrow(
      'port `metrics` is not declared by `prod/shop/api`; it declares `9090/TCP` (9090/TCP), `9091/TCP` (9091/TCP)',
    );
  });

  test('can be given other ports than its containers name', () => {
    const { app, chart, namespace, caller } = shop();
    const workload = new kplus.Deployment(chart, 'api', { containers });
    fromWorkload(namespace, 'api', workload, { ports: { grpc: 7070 } }).allowFrom(caller);
    expect(ingressPorts(app, 'api')).toEqual([{ protocol: 'TCP', port: 7070 }]);
  });

  test('is an error in another namespace than the workload’s, where its policies would select nothing', () => {
    const { app, namespace } = shop();
    const elsewhere = new Chart(app, 'elsewhere', { namespace: 'web' });
    fromWorkload(namespace, 'api', new kplus.Deployment(elsewhere, 'api', { containers }));
    expect(() => app.synthYaml()).toThrow(
      'Deployment `elsewhere/api` is in namespace `web`, and the service is in `shop`',
    );
  });

  test('does not overwrite labels of the pods with those of the scheme: selectors may rely on them', () => {
    const { app, chart, namespace } = shop();
    const podMetadata = { labels: { 'app.kubernetes.io/name': 'theirs' } };
    const workload = new kplus.Deployment(chart, 'api', { containers, podMetadata });
    fromWorkload(namespace, 'api', workload, { labels: 'scheme' });
    expect(() => app.synthYaml()).toThrow(
      'Deployment `workloads/api` labels its pods `app.kubernetes.io/name: theirs`, where the label scheme says `api`',
    );
  });

  test('reports an unknown port with what is declared', () => {
    const { app, chart, namespace, caller } = shop();
    const workload = new kplus.Deployment(chart, 'api', { containers: [{ image: 'api', ports: [ports[0]!] }] });
    fromWorkload(namespace, 'api', workload).allowFrom(caller, { ports: ['grpc', 9999] });
    expect(() => app.synthYaml()).toThrow(
      'port `grpc` is not declared by `prod/shop/api`; it declares `http` (8080/TCP)',
    );
    expect(() => app.synthYaml()).toThrow('port `9999/TCP` is not declared by `prod/shop/api`');
  });
});

describe('the port of a Kubernetes Service', () => {
  /** The ports that are opened for what a Service's port is followed to. */
  const opened = (follow: (workload: kplus.Deployment) => PortRef) => {
    const { app, chart, namespace, caller } = shop();
    const workload = new kplus.Deployment(chart, 'api', { containers });
    fromWorkload(namespace, 'api', workload).allowFrom(caller, { ports: [follow(workload)] });
    return ingressPorts(app, 'api');
  };
  const expose = (workload: kplus.Deployment) =>
    workload.exposeViaService({
      name: 'front',
      ports: [
        { name: 'web', port: 80, targetPort: 8080 },
        { name: 'dns-udp', port: 53, targetPort: 5353, protocol: UDP },
        { name: 'plain', port: 9090 },
      ],
    });

  test.for([
    ['by number', 80, { protocol: 'TCP', port: 8080 }],
    ['by name', 'web', { protocol: 'TCP', port: 8080 }],
    ['by number and protocol', '53/UDP', { protocol: 'UDP', port: 5353 }],
    ['with its protocol', 'dns-udp', { protocol: 'UDP', port: 5353 }],
    ['to itself where it names no target', 9090, { protocol: 'TCP', port: 9090 }],
  ] as const)('is followed to its target port %s', ([, port, expected]) => {
    expect(opened((workload) => servicePort(expose(workload), port))).toEqual([expected]);
  });

  test('is followed to a target port by name, which the callee’s containers resolve', () => {
    const service: ServiceWithPorts = { name: 'front', ports: [{ port: 80, targetPort: 'http' }] };
    expect(opened(() => servicePort(service, 80))).toEqual([{ protocol: 'TCP', port: 8080 }]);
  });

  test('that is not there is a mistake at the intent, with the ports that are', () => {
    expect(() => opened((workload) => servicePort(expose(workload), 'https'))).toThrow(
      /prod\/shop\/api \(.*plus\.test\.ts:\d+\): Kubernetes Service `front` has no port `https`; its ports are `80\/TCP` \(`web`\)/,
    );
  });

  test('that leads to a port which the callee does not declare is a mistake', () => {
    const ports = [
      { port: 80, targetPort: 'grpc' },
      { port: 81, targetPort: 4711 },
    ];
    expect(() => opened(() => servicePort({ name: 'front', ports }, 80))).toThrow('port `grpc` is not declared');
    expect(() => opened(() => servicePort({ name: 'front', ports }, 81))).toThrow('port `4711/TCP` is not declared');
  });

  test('of one number in two protocols must say which', () => {
    const ports = [
      { name: 'tcp', port: 53, targetPort: 5353, protocol: 'TCP' },
      { name: 'udp', port: 53, targetPort: 5353, protocol: 'UDP' },
    ];
    expect(() => opened(() => servicePort({ name: 'front', ports }, 53))).toThrow('has several ports `53`');
    expect(opened(() => servicePort({ name: 'front', ports }, 'udp'))).toEqual([{ protocol: 'UDP', port: 5353 }]);
  });
});
