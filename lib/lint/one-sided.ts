import type { PlacedWorkload } from '../model/cluster';
import { workloadToString } from '../model/cluster';
import type { RelatedPlace } from '../model/finding';
import { resolveNames } from '../model/named-ports';
import type { Direction, Rule } from '../model/policy';
import { policyToString } from '../model/policy';
import { podPorts } from '../model/workload';
import type { LintContext } from './context';
import type { Found } from './rule';

/**
 * Entries of rules that open known pods to known peers, where the other end lets none of it through: its own policies isolate it, and
 * open nothing that fits. Entries for all pods of a namespace, or for every peer, are not meant for one flow and not looked at.
 *
 * @param direction of the rules: whether egress waits for ingress that is not there, or the reverse
 */
export function* oneSided(direction: Direction, context: LintContext): Generator<Found> {
  const { cluster, pods, connectivity } = context;
  const numbers = new Map<PlacedWorkload, number>();
  for (const { index, workloads } of connectivity.classes) for (const w of workloads) numbers.set(w, index);
  const [name, waiting] = direction === 'ingress' ? (['from', 'egress'] as const) : (['to', 'ingress'] as const);
  for (const policy of cluster.policies) {
    const rules = policy.rules.filter((rule) => rule.direction === direction);
    if (rules.length === 0) continue;
    const subjects = pods.selected(policy.namespace, policy.pods);
    for (const rule of subjects.length > 0 ? rules : []) {
      for (const [i, peer] of rule.peers.entries()) {
        if (peer.kind !== 'pods' || peer.pods.isEverything) continue;
        const closed = pods.ofPeer(peer).filter((other) => !subjects.some((subject) => passes(rule, subject, other)));
        if (closed.length === 0) continue;
        yield {
          message: messageOf(rule, closed),
          place: policy.place.at(`spec.${direction}[${rule.index}].${name}[${i}]`),
          related: relatedOf(rule, closed[0]!),
        };
      }
    }
  }

  /** Whether some of what the rule opens gets through between the two. */
  function passes(rule: Rule, subject: PlacedWorkload, other: PlacedWorkload): boolean {
    const [source, destination] = direction === 'egress' ? [subject, other] : [other, subject];
    // A pod always reaches itself, and nothing says whether the two are one.
    if (source === destination) return true;
    const asked = resolveNames(rule.ports, podPorts(destination));
    // A name that nobody declares is a finding of its own.
    if (asked.isEmpty) return true;
    const pair = [numbers.get(source)!, numbers.get(destination)!] as const;
    // Its own side lets through what the rule opens, but where no selector may pick the other pod.
    const { possible } =
      other.network === 'pod' ? connectivity.sideReach(waiting, ...pair) : connectivity.between(...pair);
    return !possible.intersect(asked).isEmpty;
  }

  function messageOf({ policy, ports }: Rule, closed: readonly PlacedWorkload[]): string {
    const names = closed.map((workload) => `\`${workloadToString(workload)}\``);
    const shown = names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
    const on = ports.isEverything ? '' : ` on ${ports}`;
    return direction === 'egress'
      ? `policy \`${policyToString(policy)}\` opens egress to ${shown}${on}, whose own policies let none of it in`
      : `policy \`${policyToString(policy)}\` opens ingress from ${shown}${on}, whose own policies let none of it out`;
  }

  function relatedOf({ policy }: Rule, closed: PlacedWorkload): readonly RelatedPlace[] {
    const { policies } = connectivity.sideOf(numbers.get(closed)!, waiting);
    return policies
      .filter((own) => own !== policy)
      .slice(0, 3)
      .map((own) => ({ text: `isolates \`${workloadToString(closed)}\` for ${waiting}`, place: own.place }));
  }
}
