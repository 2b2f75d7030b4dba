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
import { groupBy, problem } from './problem';

/**
 * Clusters meet only by address, environments only with a reason, teams only if the callee's side says so.
 * Peers that are given by labels count as every namespace that they match.
 */
export function checkBoundaries(program: Program): Issue[] {
  const byCluster = groupBy(program.namespaces, (n) => n.environment.cluster);
  const grants = new Set(
    program.intents.filter((i) => i.declaredBy === 'callee' && betweenTeams(i.caller, i.callee)).map(relation),
  );
  const wide = new Map<Party, NamespaceModel[]>();
  return program.intents.flatMap((intent) => {
    const { caller, callee } = intent;
    if (isGroup(caller) && isGroup(callee)) return betweenGroups(intent, caller, callee, grants);
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

function betweenGroups(intent: Intent, caller: Group, callee: Group, grants: ReadonlySet<string>): Issue[] {
  const [from, to] = [namespaceOf(caller), namespaceOf(callee)];
  if (from.environment.cluster !== to.environment.cluster) {
    const message = `\`${from.path}\` and \`${to.path}\` are in different clusters, where labels of the other mean nothing`;
    return [
      problem('cross-cluster', intent, message, 'use `Peer.cidr` with the addresses by which they reach each other'),
    ];
  }
  const issues: Issue[] = [];
  if (from.environment !== to.environment) issues.push(...crossing(intent, from.environment, to.environment));
  if (betweenTeams(caller, callee) && intent.declaredBy === 'caller' && !grants.has(relation(intent))) {
    const message = `${ownerOf(from)} reaches into ${ownerOf(to)}, which does not declare it`;
    issues.push(problem('cross-team', intent, message, `say \`${callee.name}.allowFrom(${caller.name})\` on its side`));
  }
  return issues;
}

function betweenTeams(caller: Party, callee: Party): boolean {
  if (!isGroup(caller) || !isGroup(callee)) return false;
  return namespaceOf(caller).team !== namespaceOf(callee).team;
}

/** A namespace without a team is of none of the teams. */
function ownerOf({ team, path }: NamespaceModel): string {
  return team === undefined ? `namespace \`${path}\` of no team` : `team \`${team}\``;
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

function relation({ caller, callee }: Intent): string {
  return isGroup(caller) && isGroup(callee) ? `${caller.path} -> ${callee.path}` : '';
}
