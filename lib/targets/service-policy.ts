import { type Atom, outsideAtoms } from '../model/atom';
import type { Flow } from '../model/flow';
import type {
  LabelSelector,
  NetworkPolicy,
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '../model/network-policy';
import { namespacesOf, podsOf } from '../model/pod-box';
import type { EnvironmentModel, ServiceModel } from '../model/program';
import { namespaceNameKey, selectorOf } from '../model/selector';
import type { LabelBox } from '../sets/label-box';
import { PortSet } from '../sets/port-set';
import { annotationsOf } from './annotations';
import { minimalRules } from './minimal-rules';
import { policyLabels, policyName } from './names';

/**
 * The one policy that holds all of a service's ingress and egress, or undefined for a service without intents: the namespace's
 * default deny is all it gets. Names are looked up (DNS) only by services that have egress to somewhere.
 */
export function servicePolicy(service: ServiceModel, flows: readonly Flow[]): NetworkPolicy | undefined {
  if (flows.length === 0) return undefined;
  const ingress = openings(flows, 'ingress');
  const egress = openings(flows, 'egress');
  if (egress.length > 0) egress.push(...dnsOpenings(service));
  const own = service.namespace.name;
  const from = minimalRules(ingress).map(
    ({ peers, ports }): NetworkPolicyIngressRule => ({
      ...rendered('from', peers, own),
      ...portsOf(ports),
    }),
  );
  const to = minimalRules(egress).map(
    ({ peers, ports }): NetworkPolicyEgressRule => ({
      ...rendered('to', peers, own),
      ...portsOf(ports),
    }),
  );
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: {
      name: policyName(service),
      namespace: own,
      labels: policyLabels,
      annotations: annotationsOf(service, flows, service.namespace),
    },
    spec: {
      podSelector: selectorOf(service.pods),
      policyTypes: ['Ingress', 'Egress'],
      ...(from.length > 0 ? { ingress: inOrder(from) } : {}),
      ...(to.length > 0 ? { egress: inOrder(to) } : {}),
    },
  };
}

function openings(flows: readonly Flow[], direction: Flow['direction']): (readonly [Atom, PortSet])[] {
  return flows.filter((flow) => flow.direction === direction).map((flow) => [flow.peer, flow.ports] as const);
}

const dnsOf = new WeakMap<EnvironmentModel, readonly (readonly [Atom, PortSet])[]>();

function dnsOpenings({ namespace: { environment } }: ServiceModel): readonly (readonly [Atom, PortSet])[] {
  let openings = dnsOf.get(environment);
  if (!openings) {
    const { servers, port } = environment.dns;
    const ports = PortSet.of([
      { protocol: 'TCP', first: port, last: port },
      { protocol: 'UDP', first: port, last: port },
    ]);
    openings = servers.flatMap((server) => outsideAtoms(server, environment)).map((atom) => [atom, ports] as const);
    dnsOf.set(environment, openings);
  }
  return openings;
}

function rendered(field: 'from' | 'to', peers: readonly Atom[], own: string): { [key: string]: NetworkPolicyPeer[] } {
  if (peers.some((atom) => atom.kind === 'everyone')) return {};
  return { [field]: peers.map((atom) => peerOf(atom, own)) };
}

function peerOf(atom: Atom, own: string): NetworkPolicyPeer {
  if (atom.kind === 'addresses') {
    const { cidr, except } = atom.block;
    return { ipBlock: { cidr, ...(except.length > 0 ? { except: [...except].sort() } : {}) } };
  }
  if (atom.kind === 'everyone') throw new TypeError('everyone is said by leaving the peers out');
  return podPeer(atom.box, own);
}

interface Selectors {
  /** The namespace's name, where the box pins nothing but that. */
  readonly home: string | undefined;
  readonly namespaceSelector: LabelSelector;
  readonly podSelector: LabelSelector;
  readonly allPods: 'yes' | 'no';
}

/** A service is the peer of many policies: its selectors are worked out once. */
const selectors = new WeakMap<LabelBox, Selectors>();

function podPeer(box: LabelBox, own: string): NetworkPolicyPeer {
  let found = selectors.get(box);
  if (!found) {
    const namespaces = namespacesOf(box);
    const pods = podsOf(box);
    const [home, ...others] = namespaces.valuesOf(namespaceNameKey) ?? [];
    found = {
      home: namespaces.keys.length === 1 && others.length === 0 ? home : undefined,
      namespaceSelector: selectorOf(namespaces),
      podSelector: selectorOf(pods),
      allPods: pods.isEverything ? 'yes' : 'no',
    };
    selectors.set(box, found);
  }
  const { home, namespaceSelector, podSelector, allPods } = found;
  if (home === own) return { podSelector };
  return { namespaceSelector, ...(allPods === 'yes' ? {} : { podSelector }) };
}

function portsOf(ports: PortSet): { ports?: NetworkPolicyPort[] } {
  if (ports.isEverything) return {};
  return {
    ports: ports.items().map((item): NetworkPolicyPort => {
      if ('name' in item) return { protocol: item.protocol, port: item.name };
      const { protocol, first, last } = item;
      return { protocol, port: first, ...(last > first ? { endPort: last } : {}) };
    }),
  };
}

function inOrder<R>(rules: R[]): R[] {
  return rules
    .map((rule) => [JSON.stringify(rule), rule] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, rule]) => rule);
}
