import { podEnd } from '../analysis/connectivity/pod-classes';
import { peerFits } from '../analysis/evaluate';
import type { Ends, PodSpace } from '../analysis/open-world/meetings';
import { everythingRule, type Reading, readingsOf } from '../analysis/open-world/readings';
import type { Cluster, PlacedWorkload } from '../model/cluster';
import type { CniProfile } from '../model/cni-profile';
import { resolveNames } from '../model/named-ports';
import type { Policy, Rule, RulePeer } from '../model/policy';
import { namespaceBox } from '../model/selector';
import { podPorts } from '../model/workload';
import { LabelBox } from '../sets/label-box';

/** A label that no pod can carry tells the workload from all other pods. */
const mark = ' marked';

const others = LabelBox.of([{ key: mark, operator: 'DoesNotExist' }]);

/** The workload of {@link readingsBeside}. */
export function marked({ namespace }: PlacedWorkload): PodSpace {
  return { namespaces: namespaceBox(namespace), pods: LabelBox.of([{ key: mark, operator: 'Exists' }]) };
}

/** Pods of {@link readingsBeside} that are not it. */
export function unmarked({ namespaces, pods }: PodSpace): PodSpace {
  return { namespaces, pods: pods.intersect(others) };
}

/** The ends of {@link readingsBeside} by the labels that pods can carry. */
export function withoutMark(ends: Ends): Ends {
  if ('addresses' in ends) return ends;
  return { ...ends, pods: ends.pods.renamed((key) => (key === mark ? undefined : key)) };
}

/**
 * Readings of the policies in which a workload that labels alone do not tell stands beside pods that could exist: one of the host network, of which it is left to
 * the plugin whether its own policies isolate it and which rules of the others are about it, or one that is known by its addresses.
 */
export function readingsBeside(
  workload: PlacedWorkload,
  cluster: Cluster,
  profile: CniProfile,
): { readonly least: Reading; readonly most: Reading } {
  const own = readingsOf(cluster, profile);
  const noBlocks = { ...profile, facts: { ...profile.facts, ipBlockMatchesPods: { value: 'no' } as const } };
  const asPeer = readingsOf(cluster, noBlocks);
  const rules = rulesAbout(workload, cluster, profile);
  const isUnread = cluster.unread.some(({ namespace }) => namespace === undefined || namespace === workload.namespace);
  const picked = isUnread || workload.network === 'pod' ? 'yes' : profile.facts.selectsHostNetworkPods.value;
  const numbered = new Map<Rule, Rule>();
  const atOwnPorts = (rule: Rule) => {
    const found = rule.direction === 'ingress' ? (numbered.get(rule) ?? atNumbers(rule, workload)) : rule;
    numbered.set(rule, found);
    return found;
  };
  const reading = (name: 'least' | 'most'): Policy[] => {
    const forIt = own[name].policies.filter(
      ({ namespace, pods }) => picked !== 'no' && namespace === workload.namespace && pods.matches(workload.podLabels),
    );
    const everything = (policy: Policy) =>
      picked === 'unknown' && name === 'most'
        ? policy.isolates.map((direction) => everythingRule(policy, direction))
        : [];
    return [
      ...forIt.map((policy) => {
        return {
          ...policy,
          pods: marked(workload).pods,
          rules: [...policy.rules.map(atOwnPorts), ...everything(policy)],
        };
      }),
      ...asPeer[name].policies.map((policy) => {
        return { ...policy, pods: policy.pods.intersect(others), rules: rules[name](policy, asPeer[name]) };
      }),
    ];
  };
  const [least, most] = [reading('least'), reading('most')];
  return { least: { policies: least, doubts: new Map() }, most: { policies: most, doubts: new Map() } };
}

/** Rules of other pods' policies, for the workload alone. Readings have them in common. */
function rulesAbout(workload: PlacedWorkload, cluster: Cluster, profile: CniProfile) {
  const labels = cluster.namespaces.find(({ name }) => name === workload.namespace)?.labels ?? {};
  const end = podEnd(workload, labels);
  const peers: RulePeer[] = [{ kind: 'pods', ...marked(workload) }];
  const known = new Map<Rule, { readonly fit: 'yes' | 'no' | 'perhaps'; readonly rule: Rule }>();
  const about = (rule: Rule) => {
    const fits = rule.peers.map((peer) => peerFits(peer, end, profile));
    const fit = fits.includes('yes') ? 'yes' : fits.every((own) => own === 'no') ? 'no' : 'perhaps';
    const own = rule.direction === 'egress' ? atNumbers(rule, workload) : rule;
    const found = known.get(rule) ?? ({ fit, rule: { ...own, peers } } as const);
    known.set(rule, found);
    return found;
  };
  const least = ({ rules }: Policy): Rule[] => rules.map(about).flatMap(({ fit, rule }) => (fit === 'yes' ? rule : []));
  const most = (policy: Policy, { doubts }: Reading): Rule[] => {
    // That IPv6 may not be judged is about addresses alone.
    const judged = policy.rules.filter(
      (rule) => !doubts.has(rule) || rule.peers.some(({ kind }) => kind === 'everyone'),
    );
    const found = judged.map(about).flatMap(({ fit, rule }) => (fit === 'no' ? [] : rule));
    if (workload.network === 'pod' || !policy.isolates.includes('ingress')) return found;
    // The API allows ingress from the pod's own node.
    return [...found, { ...everythingRule(policy, 'ingress'), peers }];
  };
  return { least, most };
}

/** With ports by name as what they are at the workload. */
function atNumbers(rule: Rule, workload: PlacedWorkload): Rule {
  return { ...rule, ports: resolveNames(rule.ports, podPorts(workload)) };
}
