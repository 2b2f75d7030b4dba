import { labelOf } from '../analysis/check/label-tiers';
import type { SaidTwice } from '../analysis/said-twice';
import { placeToString } from '../model/issue';
import type { Intent, NamespaceModel } from '../model/program';
import type { Synthesized } from './synthesizer';

/** What synthesis did not write and why, and what may be otherwise than it looks, one line each, for people. */
export function reportLines(result: Synthesized): string[] {
  const { expired, withoutEffect, empty, idle, unnamed, twice, overlaps, labelTiers, deniedDns, asOf, beside } = result;
  const lines = [
    ...expired.map(
      (intent) =>
        `${placeOf(intent)}: access of \`${intent.path}\` ended on ${intent.until} and is not emitted (as of ${asOf?.day})`,
    ),
    ...withoutEffect.map(
      (intent) =>
        `${placeOf(intent)}: \`${intent.path}\` is allowed until ${intent.until}, but what it opens is allowed without end: the time box has no effect`,
    ),
    ...empty.map(
      (intent) => `${placeOf(intent)}: \`${intent.path}\` names a group without services, so it opens nothing for it`,
    ),
    ...idle.map(
      (intent) =>
        `${placeOf(intent)}: \`${intent.path}\` opens nothing: nothing isolates the pods on that side, so it is open already`,
    ),
    ...unnamed.map(
      ({ description, namespace }) =>
        `${description} in namespace \`${namespace.name}\` is named by no Service and ${fate(namespace)}`,
    ),
    ...twice.flatMap(differences),
    ...overlaps.map(({ first, second, pods, others, namespace }) => {
      const more =
        others > 0
          ? `; so could ${others} more ${others === 1 ? 'pair' : 'pairs'} in namespace \`${namespace.name}\``
          : '';
      return `services \`${first.path}\` and \`${second.path}\` could both select one pod, with the labels \`${pods}\`${more}`;
    }),
    ...labelTiers.map(({ tier, members }) => {
      const names = members.map(({ name }) => `\`${name}\``).join(', ');
      return `tier \`${tier.path}\` is selected by its label: only pods of ${names} that carry ${labelOf(tier)} are let in`;
    }),
    ...[...beside.clusters.values()].flatMap(({ unread }) =>
      unread.map(
        ({ kind, name, place }) =>
          `${placeToString(place)}: ${kind} \`${name}\` is of a kind that is not read: what it opens or closes is not proved`,
      ),
    ),
    ...beside.unplaced.map(
      ({ name, source }) =>
        `${source}: NetworkPolicy \`${name}\` names no namespace: what it opens or closes where it is applied is not proved`,
    ),
    ...foreignPolicies(result).map(
      ({ source, name, namespace }) =>
        `${source}: NetworkPolicy \`${name}\` of namespace \`${namespace}\` is another owner's: what it opens or closes is proved only by \`tierwall prove --with\``,
    ),
    ...deniedDns.map(
      ({ environment, namespace, description }) =>
        `pods of environment \`${environment.name}\` look up names at ${description}, in namespace \`${namespace.name}\` of this app, which lets nobody in on that port`,
    ),
  ];
  // A policy that may be of several clusters is told once.
  return [...new Set(lines)].sort();
}

/** Policies of manifests that the app was given, in namespaces that it manages: but for default denies that are taken over. */
function foreignPolicies({ program }: Synthesized) {
  const managed = new Map(program.namespaces.map((n) => [`${n.environment.cluster}/${n.name}`, n] as const));
  return program.foreignPolicies.filter(({ cluster, namespace, name }) => {
    const home = managed.get(`${cluster}/${namespace}`);
    return home && home.defaultDenyName !== name;
  });
}

/** What becomes of pods that no service names. */
function fate({ unnamedPods, isolates }: NamespaceModel): string {
  if (unnamedPods === 'open') return 'is isolated by nothing';
  return isolates === 'both' ? 'is denied everything' : `is denied all ${isolates}`;
}

/** What the two sides of one intent say differently; a last day on one side only is told as a time box without effect. */
function differences({ callee, caller }: SaidTwice): string[] {
  const both = `${placeOf(callee)}: \`${callee.path}\` and \`${caller.path}\` (${placeOf(caller)}) say the same intent`;
  const lines: string[] = [];
  if (callee.because && caller.because && callee.because !== caller.because) {
    lines.push(`${both}, one because of \`${callee.because}\`, the other because of \`${caller.because}\``);
  }
  if (callee.until && caller.until && callee.until !== caller.until) {
    lines.push(`${both}, one until ${callee.until}, the other until ${caller.until}: the later counts`);
  }
  return lines;
}

function placeOf({ origin, path }: Intent): string {
  return `${origin ?? path}`;
}
