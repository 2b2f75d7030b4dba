import type { Issue } from '../../model/issue';
import { resolvePorts } from '../../model/port-resolution';
import {
  type Group,
  type Intent,
  isGroup,
  type NamespaceModel,
  namespaceOf,
  type ServiceModel,
  servicesOf,
} from '../../model/program';
import { PortSet } from '../../sets/port-set';
import { problem } from './problem';

type BetweenGroups = Intent & { readonly caller: Group; readonly callee: Group };

/**
 * Access of another team is declared by the callee's side too, for at least the caller and the ports. What is declared for a tier or
 * namespace holds for what is in it. A declaration whose last day has passed gives no access, and so allows none.
 * @param active the intents whose last day has not passed
 */
export function checkTeams(active: readonly Intent[]): Issue[] {
  const between = active.filter(isBetweenTeams);
  const asked = between.filter((intent) => intent.declaredBy === 'caller');
  if (asked.length === 0) return [];
  const targets = new Set(asked.flatMap(({ callee }) => servicesOf(callee)));
  const granted = grants(between, targets);
  return asked.flatMap((intent) => {
    const { caller, callee } = intent;
    const { of } = resolvePorts(intent, namespaceOf(callee).environment);
    for (const target of servicesOf(callee)) {
      const declared = withinOf(caller)
        .map((group) => granted.get(target)?.get(group) ?? PortSet.empty)
        .reduce((all, ports) => all.union(ports));
      const rest = of(target).subtract(declared);
      if (!rest.isEmpty) return [undeclared(intent, target, rest, declared)];
    }
    return [];
  });
}

/** The ports that callees declare, by the service that is reached and the group that may reach it. */
function grants(intents: readonly BetweenGroups[], targets: ReadonlySet<ServiceModel>) {
  const granted = new Map<ServiceModel, Map<Group, PortSet>>();
  for (const intent of intents) {
    if (intent.declaredBy === 'caller') continue;
    const { caller, callee } = intent;
    const { of } = resolvePorts(intent, namespaceOf(callee).environment);
    for (const target of servicesOf(callee)) {
      if (!targets.has(target)) continue;
      const byCaller = granted.get(target) ?? new Map<Group, PortSet>();
      granted.set(target, byCaller.set(caller, (byCaller.get(caller) ?? PortSet.empty).union(of(target))));
    }
  }
  return granted;
}

function isBetweenTeams(intent: Intent): intent is BetweenGroups {
  const { caller, callee } = intent;
  return isGroup(caller) && isGroup(callee) && namespaceOf(caller).team !== namespaceOf(callee).team;
}

/** The group, and those that it is in. */
function withinOf(group: Group): readonly Group[] {
  if (group.kind === 'namespace') return [group];
  if (group.kind === 'tier') return [group, group.namespace];
  return group.tier ? [group, group.tier, group.namespace] : [group, group.namespace];
}

function undeclared(intent: BetweenGroups, target: ServiceModel, rest: PortSet, declared: PortSet): Issue {
  const { caller, callee } = intent;
  const [from, to] = [ownerOf(namespaceOf(caller)), ownerOf(namespaceOf(callee))];
  const message = declared.isEmpty
    ? `${from} reaches into ${to}, which does not declare it`
    : `${from} reaches into ${to} on ${rest} of \`${target.path}\`, which declares it only for ${declared}`;
  return problem('cross-team', intent, message, `say \`${callee.name}.allowFrom(${caller.name})\` on its side`);
}

/** A namespace without a team is of none of the teams. */
function ownerOf({ team, path }: NamespaceModel): string {
  return team === undefined ? `namespace \`${path}\` of no team` : `team \`${team}\``;
}
