import type { Atom } from '../model/atom';
import { kubeDnsPods, nodeLocalDnsCache, openshiftDnsPods } from '../model/known-peers';
import type { OutsideAddresses, OutsidePods } from '../model/outside';
import { podBox } from '../model/pod-box';
import { PortSet } from '../sets/port-set';
import { atomKey } from './atom-key';
import { holdsOpening } from './holds-opening';
import type { EnvironmentPlan } from './plan';
import type { Opening, Subject } from './subjects';

type Dns = EnvironmentPlan['dns'];

/** Where an environment's pods look up names, as the openings that go with the egress of each. */
export interface DnsChoice {
  readonly dns: Dns;
  /** Whether the opening goes with others, and so is not to be stated. */
  isImplied(subject: Subject, opening: Opening): boolean;
}

const choices: readonly (readonly [Dns, readonly Opening[]])[] = [
  ['kubeDns', openings([kubeDnsPods()], 53)],
  ['nodeLocalDns', openings([nodeLocalDnsCache(), kubeDnsPods()], 53)],
  ['openshiftDns', openings([openshiftDnsPods()], 5353)],
];

/**
 * The DNS that every service with egress may use already: then it need not be stated for any of them. Without one, it is stated where
 * policies state it.
 */
export function dnsOf(subjects: readonly Subject[]): DnsChoice {
  const everyPod = new Map(subjects.filter(({ pods }) => pods.isEverything).map((s) => [s.namespace, s] as const));
  const egressOf = (subject: Subject) => [
    ...subject.openings.egress,
    ...(everyPod.get(subject.namespace)?.openings.egress ?? []),
  ];
  for (const [dns, implied] of [...choices].reverse()) {
    const isDns = (opening: Opening) => implied.some((one) => isPart(opening, one));
    const others = (subject: Subject) => subject.openings.egress.filter((opening) => !isDns(opening));
    const sending = subjects.filter((subject) => others(subject).length > 0);
    if (!sending.every((s) => implied.every((asked) => egressOf(s).some((own) => holdsOpening(own, asked))))) continue;
    // Where nothing is sent, or everything is open, any choice comes to the same: the usual one needs no words.
    const isStated = ({ openings: { egress } }: Subject) =>
      implied.every((asked) => egress.some((own) => isPart(own, asked)));
    if (dns !== 'kubeDns' && !sending.some(isStated)) continue;
    return { dns, isImplied: (subject, opening) => isDns(opening) && others(subject).length > 0 };
  }
  return { dns: 'noDns', isImplied: () => false };
}

function isPart(opening: Opening, whole: Opening): boolean {
  return atomKey(opening.peer) === atomKey(whole.peer) && opening.ports.isSubsetOf(whole.ports);
}

function openings(servers: readonly (OutsidePods | OutsideAddresses)[], port: number): Opening[] {
  const ports = PortSet.of((['TCP', 'UDP'] as const).map((protocol) => ({ protocol, first: port, last: port })));
  return servers.flatMap((server) => atomsOf(server).map((peer) => ({ peer, ports })));
}

function atomsOf(server: OutsidePods | OutsideAddresses): readonly Atom[] {
  if (server.kind === 'pods') return [{ kind: 'pods', box: podBox(server.namespaces, server.pods) }];
  return server.blocks.map((block) => ({ kind: 'addresses', block }));
}
