import type { Issue } from '../../model/issue';
import { AnyPort, Port } from '../../model/port';
import { type PortResolution, readRef, resolvePorts, toSet } from '../../model/port-resolution';
import {
  type EnvironmentModel,
  type Guarantee,
  isGroup,
  namespaceOf,
  type Party,
  type PortRef,
  type Program,
  partyToString,
  type ServiceModel,
  servicesOf,
} from '../../model/program';
import { PortSet } from '../../sets/port-set';
import { problem } from './problem';

/** A guarantee that names nothing, or ports that nobody has, would hold by saying nothing. */
export function checkGuaranteeScope(program: Program): Issue[] {
  return program.guarantees.flatMap((guarantee) => [
    ...subjectIssues(program, guarantee),
    ...apiServerIssues(program, guarantee),
    ...(guarantee.ports ? guarantee.to.flatMap((party) => portIssues(program, guarantee, party)) : []),
  ]);
}

function subjectIssues(program: Program, guarantee: Guarantee): Issue[] {
  const { name, from, to } = guarantee;
  const issues: Issue[] = [];
  const report = (message: string, hint: string) =>
    issues.push(problem('guarantee-without-subject', guarantee, message, hint));
  for (const [side, parties] of [
    ['from', from],
    ['to', to],
  ] as const) {
    for (const party of parties) {
      if (membersOf(program, party)?.length !== 0) continue;
      const what = `${party.kind} \`${partyToString(party)}\``;
      report(`\`${side}\` of guarantee \`${name}\` names ${what}, which has no services`, 'declare some, or remove it');
    }
  }
  if (![...from, ...to].some((party) => membersOf(program, party))) {
    const names = [...from, ...to].map(partyToString).join(', ');
    report(`guarantee \`${name}\` names nothing that this app isolates`, `only outside peers are named: ${names}`);
  }
  return issues;
}

/** An API server that is nowhere is never reached. */
function apiServerIssues(program: Program, guarantee: Guarantee): Issue[] {
  const { name, from, to } = guarantee;
  const others = [...(to.some(isApiServer) ? from : []), ...(from.some(isApiServer) ? to : [])];
  const environments = new Set(
    others.flatMap((party) => membersOf(program, party) ?? []).map(({ namespace }) => namespace.environment),
  );
  return [...environments]
    .filter((environment) => !environment.apiServer)
    .map((environment) => {
      const message = `environment \`${environment.name}\` does not say where its API server is, so guarantee \`${name}\` would say nothing of it`;
      const hint = "give `apiServer: { cidrs: ['192.0.2.1/32'], port: 6443 }` to the environment";
      return problem('guarantee-without-subject', guarantee, message, hint);
    });
}

function isApiServer(party: Party | EnvironmentModel): boolean {
  return party.kind === 'api-server';
}

/** The mistakes that the ports would be in an intent. An environment's ports by number are those of any service that may come. */
function portIssues(program: Program, guarantee: Guarantee, party: Party | EnvironmentModel): Issue[] {
  if (party.kind !== 'environment') {
    const { problems } = resolved(guarantee, party);
    return problems.map(({ code, message, hint }) => problem(code, guarantee, message, hint));
  }
  const members = membersOf(program, party) ?? [];
  return (guarantee.ports ?? []).flatMap((given) => {
    const ref = readRef(given);
    if (ref instanceof Port && ref.problem)
      return [problem('bad-port', guarantee, ref.problem, 'give one that exists')];
    if (typeof ref !== 'string' || members.length === 0 || members.some((member) => named(member, ref))) return [];
    const message = `port \`${ref}\` is declared by no service of environment \`${party.name}\``;
    return [problem('unknown-port', guarantee, message, 'name one that is declared, or give a number')];
  });
}

/** The services that a party stands for, or undefined for a peer outside the app. */
export function membersOf(program: Program, party: Party | EnvironmentModel): readonly ServiceModel[] | undefined {
  if (party.kind !== 'environment') return isGroup(party) ? servicesOf(party) : undefined;
  return program.services.filter((service) => service.namespace.environment === party);
}

/** The ports that a guarantee is about, at each service that it protects and at the peers outside. */
export interface GuaranteedPorts {
  of(target: ServiceModel): PortSet;
  readonly outside: PortSet;
}

export function guaranteedPorts({ ports, to }: Guarantee): GuaranteedPorts {
  if (!ports) return { of: () => PortSet.all, outside: PortSet.all };
  const resolutions = to.flatMap((party) => (party.kind === 'environment' ? [] : [resolved({ ports }, party)]));
  const environments = new Set(to.filter((party) => party.kind === 'environment'));
  const union = (sets: readonly PortSet[]) => sets.reduce((all, set) => all.union(set), PortSet.empty);
  return {
    of: (target) => {
      const sets = resolutions.map((resolution) => resolution.of(target));
      if (environments.has(target.namespace.environment)) sets.push(portsAt(target, ports));
      return union(sets);
    },
    outside: union(resolutions.map(({ shared }) => shared)),
  };
}

function resolved({ ports }: Pick<Guarantee, 'ports'>, party: Party): PortResolution {
  return resolvePorts({ callee: party, ports }, isGroup(party) ? namespaceOf(party).environment : undefined);
}

function portsAt(service: ServiceModel, ports: readonly PortRef[]): PortSet {
  return toSet(
    ports.flatMap((given) => {
      const ref = readRef(given);
      return typeof ref === 'string' ? (named(service, ref) ?? []) : [ref];
    }),
  );
}

function named({ ports }: ServiceModel, name: string): Port | undefined {
  return ports instanceof AnyPort ? undefined : ports.get(name);
}
