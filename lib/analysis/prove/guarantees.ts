import type { Outside } from '../../model/outside';
import type { EnvironmentModel, Guarantee, NamespaceModel, Party, Program, ServiceModel } from '../../model/program';
import { isGroup, servicesOf } from '../../model/program';
import { namespaceNameKey } from '../../model/selector';
import { internetBlocks } from '../../model/special-addresses';
import { type AddressSet, addressesOf, everyAddress } from '../../sets/address-set';
import { IntervalSet } from '../../sets/interval-set';
import { LabelBox } from '../../sets/label-box';
import { PortSet } from '../../sets/port-set';
import { guaranteedPorts } from '../check/guarantee-scope';
import { podAddresses } from '../check/pod-addresses';
import { type Ends, type Meeting, Meetings } from '../open-world/meetings';
import type { PolicyStatement } from '../open-world/relation';
import { pairBox, subjectOf } from '../open-world/statement';
import { type Witness, witnessOf } from '../open-world/witness';
import { DistinctPods } from './distinct-pods';

export interface GuaranteeProof {
  readonly guarantee: Guarantee;
  /** `proved`: no pod that could exist reaches what it must not, by any policy that was given. */
  readonly verdict: 'proved' | 'broken';
  /** The rules that together let the witness through: for certain, or if an ipBlock takes in pods, which is left to the CNI. */
  readonly breach:
    | { readonly witness: Witness; readonly rules: readonly PolicyStatement[]; readonly certainty: Certainty }
    | undefined;
}

type Certainty = 'certain' | 'if-blocks-take-in-pods';

/**
 * Whether policies keep every guarantee of a program, over every pod that could exist.
 * @param relation of all policies of the cluster, also of those that others wrote
 * @param known the namespaces that the relation is about, with their labels
 */
export function proveGuarantees(
  program: Program,
  cluster: string,
  relation: readonly PolicyStatement[],
  known: ReadonlyMap<string, Readonly<Record<string, string>>>,
): GuaranteeProof[] {
  if (program.guarantees.length === 0) return [];
  const environments = program.environments.filter((environment) => environment.cluster === cluster);
  const distinct = new DistinctPods(program.namespaces.filter(({ environment }) => environment.cluster === cluster));
  const certain = new Meetings(relation, known);
  const possible = new Meetings([...relation, ...toPodsOfBlocks(relation, environments)], known);
  return program.guarantees.map((guarantee) => {
    const breach =
      firstBreach(program, environments, guarantee, { meetings: certain, certainty: 'certain' }, distinct) ??
      firstBreach(
        program,
        environments,
        guarantee,
        { meetings: possible, certainty: 'if-blocks-take-in-pods' },
        distinct,
      );
    return { guarantee, verdict: breach ? 'broken' : 'proved', breach };
  });
}

/** What rules by addresses allow if these are those of pods, as far as pods may have them: any pod, whose address is not known. */
function toPodsOfBlocks(
  relation: readonly PolicyStatement[],
  environments: readonly EnvironmentModel[],
): PolicyStatement[] {
  const servers = environments.flatMap(({ apiServer }) => apiServer?.cidrs ?? []);
  const pods = IntervalSet.union(environments.map(podAddresses)).subtract(rangesOf(servers));
  return relation
    .filter(({ addresses }) => addresses && !addresses.intersect(pods).isEmpty)
    .map((statement) => ({
      ...statement,
      labels: pairBox(subjectOf(statement.labels), everyPod),
      addresses: undefined,
    }));
}

const everyPod = { namespaces: LabelBox.everything, pods: LabelBox.everything };

function firstBreach(
  program: Program,
  environments: readonly EnvironmentModel[],
  guarantee: Guarantee,
  { meetings, certainty }: { readonly meetings: Meetings<PolicyStatement>; readonly certainty: Certainty },
  distinct: DistinctPods,
): GuaranteeProof['breach'] {
  const ports = guaranteedPorts(guarantee);
  const sources = guarantee.from.flatMap((party) => endsOfParty(program, environments, party, 'source'));
  const targets = guarantee.to.flatMap((party) =>
    endsOfParty(program, environments, party, 'target').map(([ends, service]) => [ends, service] as const),
  );
  for (const [target, service] of targets) {
    const asked = !guarantee.ports ? PortSet.all : service ? ports.of(service) : ports.outside;
    if (asked.isEmpty) continue;
    for (const [source] of sources) {
      for (const meeting of meetings.between(source, target, asked)) {
        // Nothing that was given isolates either of them: it is not for these policies to say.
        if (!meeting.egress && !meeting.ingress) continue;
        if (!distinct.mayExist(meeting.source) || !distinct.mayExist(meeting.destination)) continue;
        const rules = [meeting.egress, meeting.ingress].filter((statement) => statement !== undefined);
        return { witness: witnessOfMeeting(meeting, asked), rules, certainty };
      }
    }
  }
  return undefined;
}

function witnessOfMeeting({ source, destination, ports }: Meeting<PolicyStatement>, asked: PortSet): Witness {
  const shown = ports.isEmpty ? asked : ports;
  if ('addresses' in destination) {
    const from = source as Exclude<Ends, { addresses: unknown }>;
    const base = { namespace: nameIn(from.namespaces), labels: pairBox(from.pods), ports: shown };
    return witnessOf({ ...base, direction: 'egress', addresses: destination.addresses });
  }
  const base = { namespace: nameIn(destination.namespaces), direction: 'ingress' as const, ports: shown };
  return 'addresses' in source
    ? witnessOf({ ...base, labels: pairBox(destination.pods), addresses: source.addresses })
    : witnessOf({ ...base, labels: pairBox(destination.pods, source), addresses: undefined });
}

function nameIn(namespaces: LabelBox): string {
  return namespaces.valuesOf(namespaceNameKey)?.[0] ?? 'other';
}

/** Who a party is in one cluster, service by service where it is of this app. */
export function endsOfParty(
  program: Program,
  environments: readonly EnvironmentModel[],
  party: Party | EnvironmentModel,
  role: 'source' | 'target',
): readonly (readonly [Ends, ServiceModel | undefined])[] {
  const here = (namespace: NamespaceModel) => environments.includes(namespace.environment);
  if (party.kind === 'environment') {
    const own = program.namespaces.filter((n) => n.environment === party && here(n));
    return own.flatMap((namespace) => [...ofNamespace(namespace, role)]);
  }
  if (party.kind === 'namespace') return here(party) ? [...ofNamespace(party, role)] : [];
  if (isGroup(party))
    return servicesOf(party)
      .filter((s) => here(s.namespace))
      .map((s) => [podsOf(s), s] as const);
  return environments.flatMap((environment) =>
    outsideEnds(party, environment).map((ends) => [ends, undefined] as const),
  );
}

/** All pods of a namespace as senders; as targets its services one by one, since each has ports of its own, and any other pod. */
function* ofNamespace(
  namespace: NamespaceModel,
  role: 'source' | 'target',
): Generator<readonly [Ends, ServiceModel | undefined]> {
  if (role === 'target') for (const service of namespace.services) yield [podsOf(service), service];
  yield [{ namespaces: named(namespace.name), pods: LabelBox.everything }, undefined];
}

function podsOf(service: ServiceModel): Ends {
  return { namespaces: named(service.namespace.name), pods: service.pods };
}

function named(name: string): LabelBox {
  return LabelBox.ofLabels({ [namespaceNameKey]: name });
}

function rangesOf(cidrs: readonly string[]): AddressSet {
  return IntervalSet.union(cidrs.map((cidr) => addressesOf({ cidr, except: [] })));
}

function outsideEnds(outside: Outside, environment: EnvironmentModel): readonly Ends[] {
  switch (outside.kind) {
    case 'everyone':
      return [{ namespaces: LabelBox.everything, pods: LabelBox.everything }, { addresses: everyAddress }];
    case 'pods':
      return [{ namespaces: outside.namespaces, pods: outside.pods }];
    case 'addresses':
      return [{ addresses: IntervalSet.union(outside.blocks.map(addressesOf)) }];
    case 'api-server':
      return environment.apiServer ? [{ addresses: rangesOf(environment.apiServer.cidrs) }] : [];
    case 'internet': {
      const direct = { addresses: rangesOf(internetBlocks).subtract(rangesOf(environment.notInternet)) };
      return typeof outside.via === 'object' ? [direct, ...outsideEnds(outside.via, environment)] : [direct];
    }
  }
}
