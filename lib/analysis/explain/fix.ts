import type { Cluster } from '../../model/cluster';
import type { CniProfile } from '../../model/cni-profile';
import type { Decision } from '../../model/connection';
import type { Change, Fix } from '../../model/explanation';
import type { Policy } from '../../model/policy';
import type { PortSet } from '../../sets/port-set';
import { allowFromLine, type NamedEnd } from './allow-from-line';
import { planChange } from './change';
import { type DeclaringApp, forbidden } from './declaring-app';
import { identityOf } from './identity';
import type { JudgedEnd } from './judged-end';
import { isolatingOf, type Judgement, judge, type Pair } from './judgement';
import { mislabelled } from './mislabelled';
import type { WrittenPolicies } from './written-policies';

/** What a change is made for, and who makes it. */
export interface FixContext {
  readonly cluster: Cluster;
  readonly profile: CniProfile;
  readonly written: WrittenPolicies;
  /** Undefined where the app is not known. */
  readonly app: DeclaringApp | undefined;
}

/** The smallest change that allows what is denied, tried out; or why there is none. */
export function fixFor(
  pair: Pair,
  { ports, verdicts }: Judgement,
  { cluster, profile, written, app }: FixContext,
): Fix | string {
  const never = app && forbidden(pair, ports, app);
  if (never !== undefined) return never;
  const unreached = [pair.source, pair.destination].flatMap((end) => mislabelled(end, cluster.policies, written) ?? []);
  if (unreached.length > 0) return unreached.join('; ');
  const denying = (['egress', 'ingress'] as const).filter((side) => verdicts[0]![side].decision === 'denied');
  let { policies } = cluster;
  const changes: Change[] = [];
  for (const direction of denying) {
    // A policy of both ends is not the same any more once its first side is changed.
    const side = { ...pair, direction, ports, isolating: isolatingOf(pair, policies)[direction] };
    const planned = planChange(side, cluster, policies, written);
    if (typeof planned === 'string') return planned;
    changes.push(planned.change);
    policies = planned.policies;
  }
  const verdict = decisionWith(policies, pair, ports, cluster, profile);
  if (verdict === 'denied')
    return `no rule can allow it: with ${profile.name}, selectors do not pick one of these pods`;
  const [source, destination] = namedEnds(pair, cluster, written, app);
  return { changes, verdict, typescript: allowFromLine(source, destination, ports, app) };
}

function decisionWith(
  policies: readonly Policy[],
  pair: Pair,
  ports: PortSet,
  cluster: Cluster,
  profile: CniProfile,
): Decision {
  const judgements = judge(pair, ports, isolatingOf(pair, policies), cluster, profile, () => {});
  return overall(judgements.flatMap(({ verdicts }) => verdicts.map(({ decision }) => decision)));
}

/** `allowed` if all are; else `denied` if any is. */
export function overall(decisions: readonly Decision[]): Decision {
  if (decisions.includes('denied')) return 'denied';
  return decisions.includes('unknown') ? 'unknown' : 'allowed';
}

function namedEnds(
  { source, destination }: Pair,
  cluster: Cluster,
  written: WrittenPolicies,
  app: DeclaringApp | undefined,
): [NamedEnd, NamedEnd] {
  const named = (end: JudgedEnd) => {
    if (end.kind === 'addresses') return { end, constructs: [], identity: undefined, services: [] };
    const { namespace, labels } = end.pod;
    const selecting = cluster.policies.filter((p) => p.namespace === namespace && p.pods.matches(labels));
    const constructs = selecting.flatMap(({ pods }, i) => {
      const construct = written.constructOf(selecting[i]!);
      return construct ? [{ construct, own: !pods.isEverything }] : [];
    });
    const services = app?.services.filter((s) => s.namespace === namespace && s.pods.matches(labels)) ?? [];
    return { end, constructs, identity: identityOf(end, cluster), services };
  };
  const ends = [named(source), named(destination)] as const;
  const isApp = ends.some(({ constructs, services }) => constructs.length + services.length > 0);
  const finish = ({ end, constructs, identity, services }: ReturnType<typeof named>): NamedEnd => {
    const own = constructs.find((construct) => construct.own)?.construct;
    const service = services.find(({ path }) => path === own?.path) ?? services[0];
    const declared = service && { path: service.path, ...written.lineOf?.(service.path) };
    const isManaged = constructs.length + services.length > 0 || !isApp;
    const by = end.kind === 'pod' && isManaged ? 'app' : 'others';
    return { end, by, construct: declared ?? own, service, identity };
  };
  return [finish(ends[0]), finish(ends[1])];
}
