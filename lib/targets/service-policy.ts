import { type Atom, outsideAtoms } from '../model/atom';
import type { Flow } from '../model/flow';
import type {
  NetworkPolicy,
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '../model/network-policy';
import { requirementsOf } from '../model/pod-box';
import { policyLabels } from '../model/policy-labels';
import {
  defaultDenyOf,
  type EnvironmentModel,
  isolatesIn,
  type NamespaceModel,
  type ServiceModel,
} from '../model/program';
import { namespaceNameKey, selectorFrom, selectorOf } from '../model/selector';
import type { LabelBox, Requirement } from '../sets/label-box';
import { PortSet } from '../sets/port-set';
import { annotationsOf } from './annotations';
import { minimalRules, type Opening } from './minimal-rules';
import { policyName, policyTypesOf } from './names';

/**
 * The one policy that holds all of a service's ingress and egress, or undefined for a service without intents, where the namespace's
 * default deny is all it gets. Names are looked up (DNS) only by services that have egress to somewhere.
 * @param dns `given`: the policy of another service lets these pods look up names
 */
export function servicePolicy(
  service: ServiceModel,
  flows: readonly Flow[],
  dns: 'implied' | 'given',
): NetworkPolicy | undefined {
  if (flows.length === 0 && isDeniedByDefault(service)) return undefined;
  const ingress = flows.filter((flow) => flow.direction === 'ingress');
  const egress: Opening[] = flows.filter((flow) => flow.direction === 'egress');
  if (egress.length > 0 && dns === 'implied') egress.push(...dnsOpenings(service.namespace));
  const own = service.namespace.name;
  const from = minimalRules(ingress).map(
    ({ peers, ports }): NetworkPolicyIngressRule => ({ ...peersOf('from', peers, own), ...portsOf(ports) }),
  );
  const to = minimalRules(egress).map(
    ({ peers, ports }): NetworkPolicyEgressRule => ({ ...peersOf('to', peers, own), ...portsOf(ports) }),
  );
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: {
      name: policyName(service),
      namespace: service.namespace.name,
      labels: policyLabels,
      annotations: annotationsOf(service, flows, service.namespace),
    },
    spec: {
      podSelector: selectorOf(service.pods),
      policyTypes: policyTypesOf(service.isolates),
      ...(from.length > 0 ? { ingress: inOrder(from) } : {}),
      ...(to.length > 0 ? { egress: inOrder(to) } : {}),
    },
  };
}

/** Whether the namespace's default deny isolates the service in every direction in which it is to be isolated. */
function isDeniedByDefault({ isolates, namespace }: ServiceModel): boolean {
  const denied = defaultDenyOf(namespace);
  return (['ingress', 'egress'] as const).every((side) => !isolatesIn(isolates, side) || isolatesIn(denied, side));
}

const knownDns = new WeakMap<EnvironmentModel, readonly Opening[]>();

function dnsOpenings({ environment }: NamespaceModel): readonly Opening[] {
  let openings = knownDns.get(environment);
  if (!openings) {
    const { servers, port } = environment.dns;
    const ports = PortSet.of([
      { protocol: 'TCP', first: port, last: port },
      { protocol: 'UDP', first: port, last: port },
    ]);
    openings = servers.flatMap((server) => outsideAtoms(server, environment)).map((peer) => ({ peer, ports }));
    knownDns.set(environment, openings);
  }
  return openings;
}

function peersOf(field: 'from' | 'to', peers: readonly Atom[], own: string): { [key: string]: NetworkPolicyPeer[] } {
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

function podPeer(box: LabelBox, own: string): NetworkPolicyPeer {
  if (box.isEmpty) throw new TypeError(`no pod can match \`${box}\``);
  const { namespaces, pods } = requirementsOf(box);
  if (isNamed(namespaces, own)) return { podSelector: selectorFrom(pods) };
  const namespaceSelector = selectorFrom(namespaces);
  return pods.length === 0 ? { namespaceSelector } : { namespaceSelector, podSelector: selectorFrom(pods) };
}

function isNamed(namespaces: readonly Requirement[], name: string): boolean {
  const [first] = namespaces;
  const { key, operator, values } = first ?? {};
  return (
    namespaces.length === 1 &&
    key === namespaceNameKey &&
    operator === 'In' &&
    values?.length === 1 &&
    values[0] === name
  );
}

function portsOf(ports: PortSet): { ports?: NetworkPolicyPort[] } {
  if (ports.isEverything) return {};
  const items = ports.items();
  if (items.length === 0) throw new TypeError('no ports cannot be written: an empty list means every port');
  return {
    ports: items.map((item): NetworkPolicyPort => {
      if ('name' in item) return { protocol: item.protocol, port: item.name };
      const { protocol, first: port, last: endPort } = item;
      return endPort > port ? { protocol, port, endPort } : { protocol, port };
    }),
  };
}

function inOrder<R>(rules: R[]): R[] {
  if (rules.length < 2) return rules;
  return rules
    .map((rule) => [JSON.stringify(rule), rule] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, rule]) => rule);
}
