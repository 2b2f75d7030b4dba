import type { Cluster } from '../../model/cluster';
import type { CniProfile } from '../../model/cni-profile';
import type { Decision } from '../../model/connection';
import type { Change, Fix } from '../../model/explanation';
import type { Policy } from '../../model/policy';
import type { PortSet } from '../../sets/port-set';
import { allowFromLine, type NamedEnd } from './allow-from-line';
import { planChange } from './change';
import { identityOf } from './identity';
import type { JudgedEnd } from './judged-end';
import { isolatingOf, type Judgement, judge, type Pair } from './judgement';
import { mislabelled } from './mislabelled';
import type { WrittenPolicies } from './written-policies';

/** The smallest change that allows what is denied, tried out; or why there is none. */
export function fixFor(
  pair: Pair,
  { ports, verdicts }: Judgement,
  cluster: Cluster,
  profile: CniProfile,
  written: WrittenPolicies,
): Fix | string {
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
  const [source, destination] = namedEnds(pair, cluster, written);
  return { changes, verdict, typescript: allowFromLine(source, destination, ports) };
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

function namedEnds({ source, destination }: Pair, cluster: Cluster, written: WrittenPolicies): [NamedEnd, NamedEnd] {
  const named = (end: JudgedEnd) => {
    if (end.kind === 'addresses') return { end, constructs: [], identity: undefined };
    const { namespace, labels } = end.pod;
    const selecting = cluster.policies.filter((p) => p.namespace === namespace && p.pods.matches(labels));
    const constructs = selecting.flatMap(({ pods }, i) => {
      const construct = written.constructOf(selecting[i]!);
      return construct ? [{ construct, own: !pods.isEverything }] : [];
    });
    return { end, constructs, identity: identityOf(end, cluster) };
  };
  const ends = [named(source), named(destination)] as const;
  const isApp = ends.some(({ constructs }) => constructs.length > 0);
  const finish = ({ end, constructs, identity }: ReturnType<typeof named>): NamedEnd => ({
    end,
    by: end.kind === 'pod' && (constructs.length > 0 || !isApp) ? 'app' : 'others',
    construct: constructs.find(({ own }) => own)?.construct,
    identity,
  });
  return [finish(ends[0]), finish(ends[1])];
}
