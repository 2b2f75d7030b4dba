// One part of the engine on the manifests of a folder, in a process of its own, so that each part starts cold and has a peak of memory of
// its own. Run by engine.ts, and by cyclonus.ts for `answers`; prints what the part took, and what it found, as JSON.
const { readFileSync } = require('node:fs');
// As every command does, before anything else.
require('../../dist/constructs/short-lived').expectShortLife();
const { evaluate } = require('../../dist/analysis/evaluate');
const { Connectivity } = require('../../dist/analysis/connectivity/connectivity');
const { listConnectivity } = require('../../dist/analysis/connectivity/listing');
const { listDiff } = require('../../dist/analysis/diff/diff');
const { explain } = require('../../dist/analysis/explain');
const { equivalence } = require('../../dist/analysis/prove/equivalence');
const { redundancyOf } = require('../../dist/analysis/redundancy');
const { defaultProfile } = require('../../dist/model/cni-profiles');
const { readCluster } = require('../../dist/read/cluster');
const { connectivityToJson } = require('../../dist/render/connectivity/json');
const { diffToJson } = require('../../dist/render/diff/json');
const { holdsAddress } = require('../../dist/sets/address-set');
const { parseAddress } = require('../../dist/sets/cidr');
const { PortSet } = require('../../dist/sets/port-set');

const [, , part, folder, argument] = process.argv;

const onPort = (port) => PortSet.of([{ protocol: 'TCP', first: port, last: port }]);

/** The cluster, the same with another port in one rule, and the policy that holds it. */
function withOnePortChanged(cluster) {
  const changed = cluster.policies.findLast(({ rules }) => rules.length > 0);
  const [first, ...others] = changed.rules;
  const other = { ...changed, rules: [{ ...first, ports: onPort(1) }, ...others] };
  return [cluster, { ...cluster, policies: cluster.policies.map((p) => (p === changed ? other : p)) }, changed];
}

/** Each is given the cluster and measured; `prepare` is not measured. */
const parts = {
  connectivity: {
    run: (cluster) => new Connectivity(cluster, defaultProfile).blocks(),
    found: (blocks) => `${blocks.length} blocks`,
  },
  listing: {
    prepare(cluster) {
      const connectivity = new Connectivity(cluster, defaultProfile);
      connectivity.blocks();
      return connectivity;
    },
    run(connectivity) {
      const listing = listConnectivity(connectivity);
      return { rows: listing.connections.length, text: connectivityToJson(listing) };
    },
    found: ({ rows, text }) => `${rows} rows, ${(text.length / 1e6).toFixed(1)} MB`,
  },
  explain: {
    prepare(cluster) {
      const [from, to] = argument.split(' ').map((text) => {
        const workload = cluster.workloads.find(({ namespace, name }) => `${namespace}/${name}` === text);
        return { text, ends: [{ kind: 'workload', workload }] };
      });
      return { cluster, from, to };
    },
    run: ({ cluster, from, to }) => explain(cluster, { from, to }),
    found: ({ decision }) => decision,
  },
  prove: {
    prepare: (cluster) => [cluster, { ...cluster, policies: [...cluster.policies].reverse() }],
    run: ([before, after]) => equivalence(before, after),
    found: ({ verdict }) => verdict,
  },
  'prove, one port changed': {
    prepare: withOnePortChanged,
    run: ([before, after, changed]) => ({ ...equivalence(before, after), changed }),
    found({ differences, changed }) {
      const kinds = differences.map(({ kind }) => kind).join(' and ');
      const elsewhere = differences.some(({ allowedBy: { rule } }) => rule?.policy.name !== changed.name);
      if (kinds !== 'lost and gained' || elsewhere) throw new Error(`the changed port was not found, but: ${kinds}`);
      return kinds;
    },
  },
  'diff, one port changed': {
    prepare: withOnePortChanged,
    run: ([before, after]) => diffToJson(listDiff(before, after, defaultProfile)),
    found(text) {
      const { connections, possible } = JSON.parse(text);
      if (connections.length !== 1) throw new Error(`${connections.length} connections changed, not one`);
      return `${connections.length} connection, ${possible.length} rules`;
    },
  },
  redundancy: {
    run: redundancyOf,
    found: ({ rules, policies }) => `${rules.length} rules, ${policies.length} policies`,
  },
};

async function main() {
  const start = process.cpuUsage();
  const cluster = await readCluster([folder], { cwd: folder, stdin: () => '' });
  if (part === 'reading') return print(start, `${cluster.policies.length} policies`);
  if (part === 'answers') return answers(cluster);
  const { prepare = (given) => given, run, found } = parts[part];
  const given = prepare(cluster);
  const before = process.cpuUsage();
  const result = run(given);
  print(before, () => found(result));
}

function print(start, found) {
  const { user, system } = process.cpuUsage(start);
  const memory = process.resourceUsage().maxRSS / 1024;
  const text = typeof found === 'string' ? found : found();
  console.log(JSON.stringify({ cpu: (user + system) / 1e6, memory, found: text }));
}

/**
 * Answers connections in the form of cyclonus: whole by the engine, whose cost is that of the process so far, and side by side by the
 * naive evaluator. Pods get the addresses that the connections give them.
 */
function answers(cluster) {
  const traffic = JSON.parse(readFileSync(argument, 'utf8'));
  const nameOf = ({ Internal }) => `${Internal.Namespace}/${Internal.PodLabels.app}`;
  const addresses = new Map();
  for (const { Source, Destination } of traffic) {
    for (const peer of [Source, Destination]) if (peer.Internal) addresses.set(nameOf(peer), peer.IP);
  }
  const workloads = cluster.workloads.map((workload) => {
    const address = addresses.get(`${workload.namespace}/${workload.name}`);
    return address ? { ...workload, addresses: [address] } : workload;
  });
  const connectivity = new Connectivity({ ...cluster, workloads }, defaultProfile);
  const classes = new Map(
    connectivity.classes.flatMap((c) => c.workloads.map(({ namespace, name }) => [`${namespace}/${name}`, c])),
  );

  const reachOf = ({ Source, Destination }) => {
    if (Source.Internal && Destination.Internal) {
      return connectivity.between(classes.get(nameOf(Source)).index, classes.get(nameOf(Destination)).index);
    }
    const [pod, direction, outside] = Source.Internal
      ? [Source, 'egress', Destination]
      : [Destination, 'ingress', Source];
    const reach = connectivity.addresses(classes.get(nameOf(pod)).index, direction);
    const part = reach.find(({ addresses }) => holdsAddress(addresses, parseAddress(outside.IP)));
    return part ?? { certain: PortSet.empty, possible: PortSet.empty };
  };
  const whole = traffic.map((connection) => {
    const port = onPort(connection.ResolvedPort);
    const { certain, possible } = reachOf(connection);
    if (port.isSubsetOf(certain)) return 'allowed';
    return port.intersect(possible).isEmpty ? 'denied' : 'unknown';
  });
  const { user, system } = process.cpuUsage();

  const endOf = (peer) =>
    peer.Internal ? classes.get(nameOf(peer)).end : { kind: 'address', address: parseAddress(peer.IP) };
  const sides = traffic.map(({ Source, Destination, ResolvedPort }) => {
    const connection = { source: endOf(Source), destination: endOf(Destination), protocol: 'TCP', port: ResolvedPort };
    const { egress, ingress, decision } = evaluate(connection, cluster.policies, defaultProfile);
    return { egress: egress.decision, ingress: ingress.decision, decision };
  });
  console.log(JSON.stringify({ cpu: (user + system) / 1e6, whole, sides }));
}

void main();
