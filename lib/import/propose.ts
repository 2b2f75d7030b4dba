import type { PortSet } from '../sets/port-set';
import { asReason } from './comments';
import { draftsOfWorkloads, type ServiceDraft } from './drafts';
import { type Evidence, evidenceIn } from './evidence';
import { completed, planWith, servicePlans } from './make-plan';
import type { AppPlan, PartyPlan, ServicePlan } from './plan';
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

/**
 * An app of a cluster without policies: everything is denied, each workload is a service, and whom workloads name in their settings they
 * may call. What is exposed outside the cluster may be called from there.
 */
export function proposePlan(input: ImportInput, environment: string): ProposedPlan {
  const { cluster, objects } = input;
  const drafts = draftsOfWorkloads(cluster);
  const evidence = evidenceIn(input, drafts);
  const asked = new Map<ServiceDraft, PortSet[]>();
  for (const { callee, ports } of evidence) asked.set(callee, [...(asked.get(callee) ?? []), ports]);
  const services = servicePlans(cluster, drafts, new Reasons(objects), asked);
  const plan = planWith(cluster, drafts, services, environment, 'kubeDns');
  const singles = evidence.map((item) => singleOf(item, services));
  const proposals = singles.map(({ subject, party, ports, because }): Proposal => {
    const caller =
      party.kind === 'service' ? nameOf(party.service) : party.kind === 'peer' ? party.peer.description : '';
    return { caller, callee: nameOf(subject), ports: `${ports}`, evidence: because ?? '' };
  });
  const inOrder = proposals.sort((a, b) => (`${a.caller} ${a.callee}` < `${b.caller} ${b.callee}` ? -1 : 1));
  return { plan: completed(plan, grouped(withinAnnotations(singles))), proposals: inOrder };
}

function nameOf({ namespace, name }: ServicePlan): string {
  return `${namespace}/${name}`;
}

export function singleOf(
  { callee, caller, ports, text }: Evidence,
  services: ReadonlyMap<ServiceDraft, ServicePlan>,
): Single {
  const party: PartyPlan =
    'peer' in caller ? { kind: 'peer', peer: caller.peer } : { kind: 'service', service: services.get(caller)! };
  const because = asReason(text);
  return { verb: 'allowFrom', subject: services.get(callee)!, party, ports, enforcedAt: undefined, because };
}
