import { picking } from '../peers';
import type { EnvironmentPlan, NamespacePlan, PartyPlan, ServicePlan, StatementPlan } from '../plan';
import type { AppNames } from './app-names';
import { importLine } from './import-line';
import { constant, literal, object, quoted, wrapped } from './literal';
import { askedCode, declaredCode } from './ports';

const defaultNameKey = 'app.kubernetes.io/name';

/** The file of one namespace: its services, and a function that says who may talk to them, for when all services are declared. */
export function namespaceCode(namespace: NamespacePlan, environment: EnvironmentPlan, names: AppNames): string {
  const own = names.namespaces.get(namespace.name)!;
  const body = [
    constant(own, call('new Namespace', [names.environment, quoted(namespace.name)], namespaceOptions(namespace))),
    ...namespace.tiers.map(
      (tier) => `const ${names.tiers.get(`${namespace.name}/${tier}`)} = new Tier(${own}, ${quoted(tier)});`,
    ),
    '',
    ...namespace.services.flatMap((service) => serviceLines(service, own, environment, names)),
    ...rawLines(namespace, own),
    ...allowLines(namespace, names),
  ].join('\n');
  return `${importLines(body, namespace, names)}\n\n${body}`;
}

function namespaceOptions({ name, isolates, unnamedPods, team, labels }: NamespacePlan): string | undefined {
  return object({
    isolates: isolates === 'both' ? undefined : quoted(isolates),
    unnamedPods: unnamedPods === 'denied' ? undefined : quoted(unnamedPods),
    team: team === undefined ? undefined : quoted(team),
    labels: Object.keys(labels).length > 0 ? literal(labels) : undefined,
    systemNamespace: name.startsWith('kube-') ? quoted('managed') : undefined,
  });
}

function serviceLines(
  service: ServicePlan,
  namespace: string,
  { nameKey = defaultNameKey }: EnvironmentPlan,
  names: AppNames,
): string[] {
  const { name, pods, isolates, ports, sharesPodsWith, workload } = service;
  const byName = pods.toString() === `${nameKey}=${name}`;
  const scope = names.tiers.get(`${service.namespace}/${service.tier}`) ?? namespace;
  const shared = sharesPodsWith.map((other) => names.services.get(`${service.namespace}/${other}`)!);
  const options = object({
    ...(pods.isEverything ? { pods: quoted('all') } : byName ? {} : picking(pods)),
    ports: declaredCode(ports),
    isolates: isolates && quoted(isolates),
    sharesPodsWith: shared.length > 0 ? `[${shared.join(', ')}]` : undefined,
  });
  const variable = names.services.get(`${service.namespace}/${name}`)!;
  const comment = workload === undefined ? '' : `/** ${asComment(workload)} */\n`;
  return [`${comment}${constant(variable, call('new Service', [scope, quoted(name)], options))}`];
}

function rawLines({ rawPolicies }: NamespacePlan, namespace: string): string[] {
  return rawPolicies.flatMap(({ name, spec, reason }) => {
    const options = object({ spec: literal(spec), because: quoted(reason) });
    return ['', `${wrapped(call('new RawPolicy', [namespace, quoted(name)], options))};`];
  });
}

function allowLines({ name, statements }: NamespacePlan, names: AppNames): string[] {
  if (statements.length === 0) return [''];
  const lines = statements.flatMap((statement, i) => {
    const gap = i > 0 && statements[i - 1]!.subject !== statement.subject ? [''] : [];
    return [...gap, `  ${statementCode(statement, names)}`];
  });
  return ['', '/** Who may talk to whom. */', `export function ${names.functions.get(name)}() {`, ...lines, '}', ''];
}

function statementCode({ verb, subject, parties, ports, enforcedAt, because }: StatementPlan, names: AppNames): string {
  const own = names.services.get(`${subject.namespace}/${subject.name}`)!;
  const codes = parties.map((party) => partyCode(party, names));
  const options = object({
    ports: askedCode(ports, verb === 'allowFrom' ? subject : undefined),
    enforcedAt: enforcedAt && quoted(enforcedAt),
    because: because === undefined ? undefined : quoted(because),
  });
  const peers = codes.length === 1 ? codes[0]! : `[${codes.join(', ')}]`;
  return `${wrapped(call(`${own}.${verb}`, [peers], options), '  ', 1)};`;
}

function partyCode(party: PartyPlan, { namespaces, services, peers }: AppNames): string {
  if (party.kind === 'peer') return peers.get(party.peer.code) ?? party.peer.code;
  if (party.kind === 'namespace') return namespaces.get(party.namespace)!;
  return services.get(`${party.service.namespace}/${party.service.name}`)!;
}

function call(what: string, args: readonly string[], options: string | undefined): string {
  return `${what}(${[...args, ...(options ? [options] : [])].join(', ')})`;
}

function importLines(body: string, { name, statements }: NamespacePlan, names: AppNames): string {
  const code = withoutTexts(body);
  const uses = (word: string) => new RegExp(`(?<![\\w$.])${word}(?![\\w$])`).test(code);
  const tierwall = ['anyPort', 'Namespace', 'Peer', 'Port', 'RawPolicy', 'Service', 'Tier'].filter(uses);
  const peers = [...names.peers.values()].filter(uses);
  const others = new Map<string, Set<string>>();
  const need = (namespace: string, word: string) => {
    if (namespace !== name) others.set(namespace, (others.get(namespace) ?? new Set()).add(word));
  };
  for (const party of statements.flatMap(({ parties }) => parties)) {
    if (party.kind === 'namespace') need(party.namespace, names.namespaces.get(party.namespace)!);
    if (party.kind === 'service') {
      const { namespace, name: service } = party.service;
      need(namespace, names.services.get(`${namespace}/${service}`)!);
    }
  }
  return [
    importLine(tierwall, 'tierwall'),
    importLine([names.environment], '../environment.js'),
    ...(peers.length > 0 ? [importLine(peers, '../peers.js')] : []),
    ...[...others]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([other, words]) => importLine([...words], `./${other}.js`)),
  ].join('\n');
}

/** The code without what is between quotes and in comments. */
function withoutTexts(code: string): string {
  return code.replace(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|\/\/.*|\/\*[\s\S]*?\*\//g, "''");
}

/** A text that ends no comment and steers no terminal. */
function asComment(text: string): string {
  return quoted(text.replaceAll('*/', '* /')).slice(1, -1).replaceAll("\\'", "'");
}
