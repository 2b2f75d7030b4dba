import type { AppPlan, PeerPlan } from '../plan';
import { Identifiers } from './identifiers';

/** What other files of the app call what one of them declares. */
export interface AppNames {
  readonly environment: string;
  /** By namespace. */
  readonly namespaces: ReadonlyMap<string, string>;
  /** By namespace and tier, as in `shop/data`. */
  readonly tiers: ReadonlyMap<string, string>;
  /** By namespace and service, as in `shop/cart`. */
  readonly services: ReadonlyMap<string, string>;
  /** By namespace, the functions that state its intents. */
  readonly functions: ReadonlyMap<string, string>;
  /** Long peers of more than one statement, by their code. */
  readonly peers: ReadonlyMap<string, string>;
}

/** A name for everything, different from all others of the app, so that no file has to rename what it imports. */
export function namesIn({ environment, namespaces }: AppPlan): AppNames {
  const identifiers = new Identifiers();
  const services = new Map<string, string>();
  const own = new Map<string, string>();
  const tiers = new Map<string, string>();
  const functions = new Map<string, string>();
  const environmentName = identifiers.give(environment.name, 'environment');
  for (const { name } of namespaces) own.set(name, identifiers.give(name, 'namespace'));
  const counts = new Map<string, number>();
  for (const { name } of namespaces.flatMap((n) => n.services)) counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const namespace of namespaces) {
    functions.set(namespace.name, identifiers.give(`allow ${namespace.name}`, 'intents'));
    for (const tier of namespace.tiers) {
      tiers.set(`${namespace.name}/${tier}`, identifiers.give(`${tier} tier`, `in ${namespace.name}`));
    }
    for (const { name } of namespace.services) {
      const words = (counts.get(name) ?? 0) > 1 ? `${name} in ${namespace.name}` : name;
      services.set(`${namespace.name}/${name}`, identifiers.give(words, 'service'));
    }
  }
  const peers = new Map<string, string>();
  for (const peer of sharedPeers(namespaces.flatMap(({ statements }) => statements))) {
    peers.set(peer.code, identifiers.give(peer.words, 'peer'));
  }
  return { environment: environmentName, namespaces: own, tiers, services, functions, peers };
}

/** Shorter ones are written where they are named: that reads better than a name for them. */
const longestInline = 40;

/** Long peers that more than one statement names. */
function sharedPeers(statements: AppPlan['namespaces'][number]['statements']): PeerPlan[] {
  const counts = new Map<string, { readonly peer: PeerPlan; count: number }>();
  for (const party of statements.flatMap(({ parties }) => parties)) {
    if (party.kind !== 'peer') continue;
    const entry = counts.get(party.peer.code) ?? { peer: party.peer, count: 0 };
    entry.count++;
    counts.set(party.peer.code, entry);
  }
  const shared = [...counts.values()].filter(({ count, peer: { code } }) => count > 1 && code.length > longestInline);
  return shared.map(({ peer }) => peer).sort((a, b) => (a.code < b.code ? -1 : 1));
}
