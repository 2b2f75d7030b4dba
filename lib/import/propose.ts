import type { Cluster, PlacedWorkload } from '../model/cluster';
import type { ServiceObject } from '../model/service-object';
import { workloadToString } from '../model/workload';
import { PortSet } from '../sets/port-set';
import { asReason } from './comments';
import { draftsOfWorkloads, type ServiceDraft } from './drafts';
import { internetPeers } from './internet';
import { completed, planWith, servicePlans } from './make-plan';
import { type NamedService, NamedServices } from './named-services';
import type { AppPlan, PartyPlan, PeerPlan, ServicePlan } from './plan';
import type { ImportInput } from './reading';
import { Reasons } from './reasons';
import { grouped, type Single } from './statements';
import { withinAnnotations } from './within-annotations';

/** An intent that no policy says, and what speaks for it. */
export interface Proposal {
  readonly caller: string;
  readonly callee: string;
  readonly ports: string;
  readonly evidence: string;
}

export interface ProposedPlan {
  readonly plan: AppPlan;
  readonly proposals: readonly Proposal[];
}

type PlacedService = ServiceObject & { readonly namespace: string };

/** Who calls a service, by what is written. */
interface Evidence {
  readonly callee: ServiceDraft;
  readonly caller: ServiceDraft | PeerPlan;
  readonly ports: PortSet;
  readonly text: string;
}

const ingressController: PeerPlan = {
  code: 'Peer.ingressNginx()',
  description: 'ingress-nginx',
  words: 'ingress nginx',
};
const openshiftRouter: PeerPlan = {
  code: "Peer.namespaces({ labels: { 'network.openshift.io/policy-group': 'ingress' } })",
  description: 'namespaces network.openshift.io/policy-group=ingress',
  words: 'openshift router',
};

/**
 * An app of a cluster without policies: everything is denied, each workload is a service, and whom workloads name in their settings they
 * may call. What is exposed outside the cluster may be called from there.
 */
export function proposePlan({ cluster, objects, references }: ImportInput, environment: string): ProposedPlan {
  const drafts = draftsOfWorkloads(cluster);
  const draftOf = new Map<PlacedWorkload, ServiceDraft>();
  for (const { services } of drafts.values()) {
    for (const draft of services.values()) for (const workload of draft.workloads) draftOf.set(workload, draft);
  }
  const behind = podsBehind(cluster, draftOf);
  const evidence = [...referenceEvidence(cluster, references, draftOf, behind), ...exposureEvidence(cluster, behind)];
  const asked = new Map<ServiceDraft, PortSet[]>();
  for (const { callee, ports } of evidence) asked.set(callee, [...(asked.get(callee) ?? []), ports]);
  const services = servicePlans(cluster, drafts, new Reasons(objects), asked);
  const plan = planWith(cluster, drafts, services, environment, 'kubeDns');
  const singles = oneForEachPair(evidence).map((item) => singleOf(item, services));
  const proposals = singles.map(({ subject, party, ports, because }): Proposal => {
    const caller =
      party.kind === 'service' ? nameOf(party.service) : party.kind === 'peer' ? party.peer.description : '';
    return { caller, callee: nameOf(subject), ports: `${ports}`, evidence: because ?? '' };
  });
  return { plan: completed(plan, grouped(withinAnnotations(singles))), proposals };
}

function nameOf({ namespace, name }: ServicePlan): string {
  return `${namespace}/${name}`;
}

function singleOf({ callee, caller, ports, text }: Evidence, services: ReadonlyMap<ServiceDraft, ServicePlan>): Single {
  const party: PartyPlan =
    'code' in caller ? { kind: 'peer', peer: caller } : { kind: 'service', service: services.get(caller)! };
  const because = asReason(text);
  return { verb: 'allowFrom', subject: services.get(callee)!, party, ports, enforcedAt: undefined, because };
}

/** What several texts say of one pair is one intent, with the first of them as its reason. */
function oneForEachPair(evidence: readonly Evidence[]): Evidence[] {
  const pairs = new Map<ServiceDraft, Map<ServiceDraft | PeerPlan, Evidence>>();
  for (const item of evidence) {
    const callers = pairs.get(item.callee) ?? new Map<ServiceDraft | PeerPlan, Evidence>();
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
    const settings = references.get(`${workload.namespace}/${workload.kind}/${workload.name}`) ?? [];
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
    return behind({ service, port: undefined }).map((target) => ({ ...target, caller: internetPeers.ingress, text }));
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
