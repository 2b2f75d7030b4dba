import type { Cluster, PlacedWorkload } from '../model/cluster';
import { internetBlocksOfPolicies } from '../model/internet';
import { podBox } from '../model/pod-box';
import type { RulePeer } from '../model/policy';
import { namespaceNameKey } from '../model/selector';
import type { ServiceObject } from '../model/service-object';
import { workloadToString } from '../model/workload';
import { LabelBox } from '../sets/label-box';
import { PortSet } from '../sets/port-set';
import type { NamespaceDraft, ServiceDraft } from './drafts';
import { internetPeers } from './internet';
import { type NamedService, NamedServices } from './named-services';
import { peerPlan } from './peers';
import type { PeerPlan } from './plan';
import type { ImportInput } from './reading';

type PlacedService = ServiceObject & { readonly namespace: string };

/** Who calls a service, by what is written. */
export interface Evidence {
  readonly callee: ServiceDraft;
  readonly caller: ServiceDraft | OutsideCaller;
  readonly ports: PortSet;
  readonly text: string;
}

/** A peer outside the app, as code and as policies say it. */
export interface OutsideCaller {
  readonly peer: PeerPlan;
  readonly peers: readonly RulePeer[];
}

const internetBlocks = internetBlocksOfPolicies.map((block) => ({ kind: 'addresses' as const, block }));
const internet: OutsideCaller = { peer: internetPeers.ingress, peers: internetBlocks };
const ingressController = podsCaller(
  LabelBox.ofLabels({ [namespaceNameKey]: 'ingress-nginx' }),
  LabelBox.ofLabels({ 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' }),
);
const openshiftRouter = podsCaller(
  LabelBox.ofLabels({ 'network.openshift.io/policy-group': 'ingress' }),
  LabelBox.everything,
);

const prometheus = podsCaller(
  LabelBox.ofLabels({ [namespaceNameKey]: 'monitoring' }),
  LabelBox.ofLabels({ 'app.kubernetes.io/name': 'prometheus' }),
);
function podsCaller(namespaces: LabelBox, pods: LabelBox): OutsideCaller {
  const peer = peerPlan({ kind: 'pods', box: podBox(namespaces, pods) });
  return { peer, peers: [{ kind: 'pods', namespaces, pods }] };
}

/** Whom workloads name in their settings, and what leads to them from outside, of those that are services of the app; one for each pair. */
export function evidenceIn(
  { cluster, references }: ImportInput,
  drafts: ReadonlyMap<string, NamespaceDraft>,
): Evidence[] {
  const draftOf = new Map<PlacedWorkload, ServiceDraft>();
  for (const { services } of drafts.values()) {
    for (const draft of services.values()) for (const workload of draft.workloads) draftOf.set(workload, draft);
  }
  const behind = podsBehind(cluster, draftOf);
  return oneForEachPair([
    ...referenceEvidence(cluster, references, draftOf, behind),
    ...exposureEvidence(cluster, behind),
    ...scrapeEvidence(cluster, references, behind),
  ]);
}

/** What several texts say of one pair is one intent, with the first of them as its reason. */
function oneForEachPair(evidence: readonly Evidence[]): Evidence[] {
  const pairs = new Map<ServiceDraft, Map<Evidence['caller'], Evidence>>();
  for (const item of evidence) {
    const callers = pairs.get(item.callee) ?? new Map<Evidence['caller'], Evidence>();
    pairs.set(item.callee, callers);
    const known = callers.get(item.caller);
    callers.set(item.caller, known ? { ...known, ports: known.ports.union(item.ports) } : item);
  }
  return [...pairs.values()].flatMap((callers) => [...callers.values()]);
}

function referenceEvidence(
  { workloads, services }: Cluster,
  references: ImportInput['references'],
  draftOf: ReadonlyMap<PlacedWorkload, ServiceDraft>,
  behind: Behind,
): Evidence[] {
  const named = new NamedServices(services);
  return workloads.flatMap((workload) => {
    const caller = draftOf.get(workload);
    const settings = references.settings.get(`${workload.namespace}/${workload.kind}/${workload.name}`) ?? [];
    if (!caller) return [];
    return settings.flatMap(({ where, text }) =>
      named.in(text, workload.namespace).flatMap((found): Evidence[] =>
        behind(found).flatMap(({ callee, ports }) => {
          const said = `${where} of ${workloadToString(workload)} names ${found.text}`;
          return callee === caller ? [] : [{ callee, caller, ports, text: said }];
        }),
      ),
    );
  });
}

function exposureEvidence({ services, exposures }: Cluster, behind: Behind): Evidence[] {
  const outside = services.flatMap((service) => {
    const { type } = service;
    if (type !== 'LoadBalancer' && type !== 'NodePort') return [];
    const text = `Service ${service.name} is of type ${type}`;
    return behind({ service, port: undefined }).map((target) => ({ ...target, caller: internet, text }));
  });
  const byName = new Map(services.map((service) => [`${service.namespace}/${service.name}`, service] as const));
  const routed = exposures.flatMap(({ kind, name, backends }) =>
    backends.flatMap((backend) => {
      const service = byName.get(`${backend.namespace}/${backend.service}`);
      // Who runs the gateway of an HTTPRoute is not said.
      if (!service || kind === 'HTTPRoute') return [];
      const caller = kind === 'Route' ? openshiftRouter : ingressController;
      const port = backend.port === undefined ? undefined : `${backend.port}`;
      return behind({ service, port }).map((target) => ({ ...target, caller, text: `${kind} ${name} leads to it` }));
    }),
  );
  return [...outside, ...routed];
}

/** What leads to services from gateways, of which no manifest says which pods they are. */
export function unsaidGateways({ cluster: { exposures }, references }: ImportInput): string[] {
  const routes = exposures.filter(({ kind }) => kind === 'HTTPRoute');
  return routes.flatMap(({ namespace, name, backends }) => {
    const gateways = references.gateways.get(`${namespace}/${name}`) ?? [];
    const from =
      gateways.length > 0
        ? `from Gateway ${gateways.join(' and ')}: no manifest says which pods run it`
        : 'from a Gateway that it does not name';
    return backends.map(
      (backend) => `HTTPRoute ${namespace}/${name} leads to Service ${backend.namespace}/${backend.service}, ${from}`,
    );
  });
}

function scrapeEvidence({ services }: Cluster, { scraped }: ImportInput['references'], behind: Behind): Evidence[] {
  return services.flatMap((service) => {
    const port = scraped.get(`${service.namespace}/${service.name}`);
    if (port === undefined) return [];
    const text = `Service ${service.name} asks Prometheus to scrape it`;
    return behind({ service, port }).map((target) => ({ ...target, caller: prometheus, text }));
  });
}

type Behind = (named: Pick<NamedService, 'service' | 'port'>) => { callee: ServiceDraft; ports: PortSet }[];

/** The pods behind a Service, and their ports to which its own lead. */
function podsBehind({ workloads }: Cluster, draftOf: ReadonlyMap<PlacedWorkload, ServiceDraft>): Behind {
  const byNamespace = new Map<string, PlacedWorkload[]>();
  for (const workload of workloads) {
    byNamespace.set(workload.namespace, [...(byNamespace.get(workload.namespace) ?? []), workload]);
  }
  return ({ service, port }) => {
    const { namespace, selector } = service;
    if (!selector) return [];
    return (byNamespace.get(namespace) ?? []).flatMap((workload) => {
      const callee = draftOf.get(workload);
      if (!callee || !Object.entries(selector).every(([key, value]) => workload.podLabels[key] === value)) return [];
      const ports = targetPorts(service, port, workload);
      return ports.isEmpty ? [] : [{ callee, ports }];
    });
  };
}

function targetPorts(
  { ports }: PlacedService,
  asked: string | undefined,
  { ports: declared }: PlacedWorkload,
): PortSet {
  const meant = ports.filter(({ port, name }) => asked === undefined || `${port}` === asked || name === asked);
  return PortSet.of(
    meant.flatMap(({ targetPort, protocol }) => {
      const number =
        typeof targetPort === 'number'
          ? targetPort
          : declared.find((port) => port.name === targetPort && port.protocol === protocol)?.number;
      return number === undefined ? [] : [{ protocol, first: number, last: number }];
    }),
  );
}
