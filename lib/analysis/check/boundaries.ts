import { outsideAtoms } from '../../model/atom';
import type { Issue } from '../../model/issue';
import { namespacesOf } from '../../model/pod-box';
import {
  type EnvironmentModel,
  type Group,
  type Intent,
  isGroup,
  type NamespaceModel,
  namespaceOf,
  type Party,
  type Program,
} from '../../model/program';
import { namespaceNameKey } from '../../model/selector';
import { groupedBy } from '../grouping';
import { problem } from './problem';

/**
 * Clusters meet only by address, environments only with a reason. Peers that are given by labels count as every namespace that they
 * match. Teams are asked about apart: see `checkTeams`.
 */
export function checkBoundaries(program: Program): Issue[] {
  const byCluster = groupedBy(program.namespaces, (n) => n.environment.cluster);
  const wide = new Map<Party, NamespaceModel[]>();
  return program.intents.flatMap((intent) => {
    const { caller, callee } = intent;
    if (isGroup(caller) && isGroup(callee)) return betweenGroups(intent, caller, callee);
    const own = isGroup(caller) ? caller : isGroup(callee) ? callee : undefined;
    if (!own) return [];
    const other = isGroup(caller) ? callee : caller;
    const { environment } = namespaceOf(own);
    let reached = wide.get(other);
    if (!reached) {
      reached = matchedNamespaces(other, environment, byCluster.get(environment.cluster) ?? []);
      wide.set(other, reached);
    }
    return toLabelled(intent, environment, reached);
  });
}

/** Managed namespaces that a peer given by labels, and not by name, takes in. */
export function matchedNamespaces(
  party: Party,
  environment: EnvironmentModel,
  managed: readonly NamespaceModel[],
): NamespaceModel[] {
  if (isGroup(party)) return [];
  return outsideAtoms(
    party.kind === 'internet' && typeof party.via === 'object' ? party.via : party,
    environment,
  ).flatMap((atom) => {
    if (atom.kind === 'addresses') return [];
    if (atom.kind === 'everyone') return managed;
    const namespaces = namespacesOf(atom.box);
    if (namespaces.valuesOf(namespaceNameKey)) return [];
    return managed.filter((n) => namespaces.matches({ ...n.labels, [namespaceNameKey]: n.name }));
  });
}

function betweenGroups(intent: Intent, caller: Group, callee: Group): Issue[] {
  const [from, to] = [namespaceOf(caller), namespaceOf(callee)];
  if (from.environment.cluster !== to.environment.cluster) {
    const message = `\`${from.path}\` and \`${to.path}\` are in different clusters, where labels of the other mean nothing`;
    return [
      problem('cross-cluster', intent, message, 'use `Peer.cidr` with the addresses by which they reach each other'),
    ];
  }
  return from.environment === to.environment ? [] : crossing(intent, from.environment, to.environment);
}

function toLabelled(intent: Intent, own: EnvironmentModel, reached: readonly NamespaceModel[]): Issue[] {
  const other = reached.find((namespace) => namespace.environment !== own);
  return other ? crossing(intent, own, other.environment) : [];
}

function crossing(intent: Intent, a: EnvironmentModel, b: EnvironmentModel): Issue[] {
  if (intent.crossEnvironment !== undefined && intent.crossEnvironment.trim() !== '') return [];
  const message = `an intent joins environments \`${a.name}\` and \`${b.name}\``;
  return [problem('cross-environment', intent, message, "say `crossEnvironment: { because: '…' }` if that is meant")];
}
