import { sample } from '../analysis/open-world/witness';
import { intentsOfRule } from '../analysis/rule-intents';
import { type Flow, flowsOf } from '../model/flow';
import { namespacesOf, podsOf } from '../model/pod-box';
import type { Policy } from '../model/policy';
import { peerToJson, portsToJson } from '../model/policy-json';
import type { Port } from '../model/port';
import { AnyPort } from '../model/port';
import { type EnvironmentModel, partyToString, type ServiceModel } from '../model/program';
import { selectorOf } from '../model/selector';
import { type ContainerPort, isWorkloadKind, type WorkloadKind } from '../model/workload';
import { foundPlace } from '../read/found-items';
import { policyName } from '../targets/names';
import { declaredAt } from './declared-at';
import { handedGuarantees } from './handed-guarantees';
import { type HandedOpening, type HandedPods, type HandedSource, ruleKey } from './handed-over';
import type { Synthesized } from './synthesizer';

/**
 * What commands that read an app as they read manifests need to know of it.
 * @param read the policies that were written for an environment, as anybody reads them
 */
export function sourceOf(
  result: Synthesized,
  read: (environment: EnvironmentModel) => readonly Policy[],
): HandedSource {
  const { program, unnamed, active } = result;
  const { environments, namespaces, tiers, services, guarantees, rawPolicies } = program;
  const declared = [environments, namespaces, tiers, services, guarantees, rawPolicies].flat();
  return {
    environments: environments.map(({ name, cluster }) => ({ name, cluster })),
    namespaces: namespaces.map(({ environment, name, labels, path }) => ({
      cluster: environment.cluster,
      environment: environment.name,
      name,
      labels,
      path,
    })),
    pods: [
      ...services.map(podsOfService),
      ...unnamed.map(({ namespace, description, labels, place }): HandedPods => {
        return {
          ...describedAs(description),
          cluster: namespace.environment.cluster,
          namespace: namespace.name,
          labels,
          selector: { matchLabels: labels },
          ports: [],
          path: undefined,
          place: foundPlace(place),
          pods: 'known',
        };
      }),
    ],
    lines: Object.fromEntries(
      declared.flatMap(({ path, origin }) => {
        const at = declaredAt(origin);
        return at ? [[path, at]] : [];
      }),
    ),
    guarantees: handedGuarantees(program),
    suppressions: program.suppressions.map(({ origin, ...suppression }) => ({
      ...suppression,
      at: declaredAt(origin),
    })),
    intents: active.map((intent) => {
      const { path, origin, caller, callee, because, until } = intent;
      const [from, to] = [partyToString(caller), partyToString(callee)];
      const openings = [...flowsOf(intent)].map(openingOf);
      return { path, at: declaredAt(origin), caller: from, callee: to, because, until, openings };
    }),
    rules: Object.fromEntries(intentsOfRules(result, read)),
  };
}

function openingOf({ direction, subject, peer, ports }: Flow): HandedOpening {
  const asked =
    peer.kind === 'pods' ? { kind: peer.kind, namespaces: namespacesOf(peer.box), pods: podsOf(peer.box) } : peer;
  return { direction, service: subject.path, peer: peerToJson(asked), ports: portsToJson(ports) };
}

/** Where the pods are not known, labels that the service's selector picks stand for theirs. */
function podsOfService({ namespace, name, path, pods, ports, known, sharesPodsWith }: ServiceModel): HandedPods {
  return {
    cluster: namespace.environment.cluster,
    namespace: namespace.name,
    name,
    kind: known ? describedAs(known.description).kind : 'Pod',
    labels: known?.labels ?? sample(pods),
    selector: selectorOf(pods),
    ports: ports instanceof AnyPort ? [] : [...ports].flatMap(containerPorts),
    declares: ports instanceof AnyPort ? '*' : [...ports].map(([name, { item }]) => ({ name, item })),
    portNames: ports instanceof AnyPort ? [] : [...ports.values()].flatMap(({ item }) => ('name' in item ? item : [])),
    path,
    pods: known ? 'known' : 'assumed',
    sharesPodsWith: [...sharesPodsWith],
  };
}

/** A container port is one number: a range is its two ends. A port that is only a name has no number to give. */
function containerPorts([name, { item }]: readonly [string, Port]): ContainerPort[] {
  if ('name' in item) return [];
  const { protocol, first, last } = item;
  const named = { name, number: first, protocol };
  return last > first ? [named, { number: last, protocol }] : [named];
}

/** As in `Deployment redis`; what cdk8s-plus defines is described by its class and construct path. */
function describedAs(description: string): { readonly kind: WorkloadKind; readonly name: string } {
  const [kind = '', name = ''] = description.split(' ');
  return { kind: isWorkloadKind(kind) ? kind : 'Pod', name: name.replaceAll('`', '').split('/').at(-1)! };
}

function* intentsOfRules(
  { program, active }: Synthesized,
  read: (environment: EnvironmentModel) => readonly Policy[],
): Generator<readonly [string, readonly number[]]> {
  const numbers = new Map(active.map((intent, i) => [intent, i] as const));
  const flows = new Map<ServiceModel, Flow[]>();
  for (const flow of active.flatMap((intent) => [...flowsOf(intent)])) {
    const list = flows.get(flow.subject);
    if (list) list.push(flow);
    else flows.set(flow.subject, [flow]);
  }
  const owners = new Map(
    program.services.map((service) => {
      const { environment, name } = service.namespace;
      return [`${environment.name}/${name}/${policyName(service)}`, service] as const;
    }),
  );
  for (const environment of program.environments) {
    for (const policy of read(environment)) {
      const owner = owners.get(`${environment.name}/${policy.namespace}/${policy.name}`);
      const own = (owner && flows.get(owner)) ?? [];
      for (const rule of policy.rules) {
        yield [ruleKey(environment.name, rule), intentsOfRule(rule, own).map((intent) => numbers.get(intent)!)];
      }
    }
  }
}
