// One program of N services with three intents each, in namespaces of 50, said in one of four ways. Run by main.ts.
const [, , way, size] = process.argv;
const services = Number(size);
const perNamespace = 50;
const callees = (i) => [1, 7, 13].map((step) => (i + step) % services);

const ways = {
  tierwall() {
    const { App } = require('cdk8s');
    const { Environment, Namespace, Service } = require('../../dist');
    const app = new App();
    const environment = new Environment(app, 'bench');
    const namespaces = Array.from(
      { length: Math.ceil(services / perNamespace) },
      (_, i) => new Namespace(environment, `ns-${i}`),
    );
    const all = Array.from(
      { length: services },
      (_, i) => new Service(namespaces[Math.floor(i / perNamespace)], `s-${i}`, { ports: { http: 8080 } }),
    );
    for (const [i, caller] of all.entries()) for (const j of callees(i)) all[j].allowFrom(caller);
    app.synth();
  },
  // The objects that tierwall writes, in the same shape, written out with cdk8s alone.
  objects() {
    const { ApiObject, App, Chart } = require('cdk8s');
    const app = new App();
    const chart = new Chart(app, 'bench');
    const callers = Array.from({ length: services }, () => []);
    for (let i = 0; i < services; i++) for (const j of callees(i)) callers[j].push(i);
    const namespace = (i) => `ns-${Math.floor(i / perNamespace)}`;
    const ports = [{ protocol: 'TCP', port: 8080 }];
    const peer = (own, i) => {
      const podSelector = { matchLabels: { 'app.kubernetes.io/name': `s-${i}` } };
      if (namespace(i) === own) return { podSelector };
      return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace(i) } }, podSelector };
    };
    const dns = {
      to: [
        {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
          podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
        },
      ],
      ports: [
        { protocol: 'TCP', port: 53 },
        { protocol: 'UDP', port: 53 },
      ],
    };
    const policy = (id, own, podSelector, rules) =>
      new ApiObject(chart, id, {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: {
          name: `tierwall-${id}`,
          namespace: own,
          labels: { 'app.kubernetes.io/managed-by': 'tierwall' },
          annotations: { 'tierwall.dev/source': `bench/${own}/${id}` },
        },
        spec: { podSelector, policyTypes: ['Ingress', 'Egress'], ...rules },
      });
    for (let n = 0; n < Math.ceil(services / perNamespace); n++) policy(`deny-${n}`, `ns-${n}`, {}, {});
    for (let i = 0; i < services; i++) {
      const own = namespace(i);
      policy(
        `s-${i}`,
        own,
        { matchLabels: { 'app.kubernetes.io/name': `s-${i}` } },
        {
          ingress: [{ from: callers[i].map((j) => peer(own, j)), ports }],
          egress: [{ to: callees(i).map((j) => peer(own, j)), ports }, dns],
        },
      );
    }
    app.synth();
  },
  plus() {
    const { App, Chart } = require('cdk8s');
    const kplus = require('cdk8s-plus-28');
    const app = new App();
    const charts = Array.from(
      { length: Math.ceil(services / perNamespace) },
      (_, i) => new Chart(app, `ns-${i}`, { namespace: `ns-${i}` }),
    );
    const all = Array.from(
      { length: services },
      (_, i) =>
        new kplus.Deployment(charts[Math.floor(i / perNamespace)], `s-${i}`, {
          isolate: true,
          containers: [{ image: 'x', portNumber: 8080 }],
        }),
    );
    for (const [i, caller] of all.entries()) for (const j of callees(i)) all[j].connections.allowFrom(caller);
    app.synth();
  },
};

ways[way]();
