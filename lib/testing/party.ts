import type { IConstruct } from 'constructs';
import { Environment } from '../constructs/environment';
import { kindOf } from '../constructs/mistakes';
import type { Namespace } from '../constructs/namespace';
import { Peer } from '../constructs/peer';
import type { Service } from '../constructs/service';
import type { Tier } from '../constructs/tier';
import { InputError } from '../model/issue';
import type { Outside } from '../model/outside';
import { Port } from '../model/port';
import { namespaceNameKey } from '../model/selector';
import type { LabelBox } from '../sets/label-box';
import { termHelp } from './term';

/**
 * Who is at one end: a name as commands take it (`shop/web`, `shop/*`, `10.0.0.0/8`), `internet`, every pod that could exist with some
 * labels (`shop{app=web}`, `*{}`), or what an intent takes.
 */
export type Party = string | Service | Tier | Namespace | Environment | Peer;

/** A port by name or number, as in `'grpc'`, `8080` or `'53/UDP'`. */
export type PortText = string | number;

/** A peer, and the ports on which it may be reached or may come. @default all that the destination declares */
export type ListedParty =
  | Party
  | { readonly peer: Party | readonly Party[]; readonly ports?: PortText | readonly PortText[] };

/** One peer of a list, as it is recorded. */
export interface ListedText {
  readonly peer: readonly string[];
  readonly ports?: readonly string[];
}

/** The same as texts that mean it. @throws InputError for what is no party */
export function partyTexts(parties: Party | readonly Party[]): string[] {
  const list = Array.isArray(parties) ? (parties as readonly Party[]) : [parties as Party];
  if (list.length === 0)
    throw bad('the list of parties is empty', 'name one: no parties would mean nobody, never everybody');
  return list.flatMap(textsOf);
}

export function portTexts(ports: PortText | readonly PortText[] | undefined): string[] | undefined {
  if (ports === undefined) return undefined;
  const list = Array.isArray(ports) ? (ports as readonly PortText[]) : [ports as PortText];
  if (list.length === 0)
    throw bad('the list of ports is empty', 'name one, or leave it out for all that the destination declares');
  return list.map((port) => `${port}`);
}

/** @param given as in `'shop/cart on grpc'`, a construct or peer, or `{ peer, ports }` */
export function listedTexts(given: readonly ListedParty[]): ListedText[] {
  if (!Array.isArray(given)) throw bad('a list of peers is expected', 'write it as `[…]`; an empty one means nobody');
  return given.map((entry): ListedText => {
    if (typeof entry === 'string') {
      const [, peer = entry, ports] = /^(.*\S)\s+on\s+(\S.*)$/.exec(entry) ?? [];
      return { peer: [peer], ...(ports === undefined ? {} : { ports: ports.split(',').map((port) => port.trim()) }) };
    }
    if (typeof entry === 'object' && entry !== null && 'peer' in entry) {
      const ports = portTexts(entry.ports) ?? ownPorts(entry.peer);
      return { peer: partyTexts(entry.peer), ...(ports ? { ports } : {}) };
    }
    const ports = ownPorts(entry as Party);
    return { peer: partyTexts(entry as Party), ...(ports ? { ports } : {}) };
  });
}

/** The ports that stand for a peer such as the cluster's DNS. */
function ownPorts(party: Party | readonly Party[]): string[] | undefined {
  if (!(party instanceof Peer) || !('ports' in party.outside)) return undefined;
  return party.outside.ports?.map((port) =>
    port instanceof Port && 'first' in port.item ? `${port}` : `${port.item}`,
  );
}

function textsOf(party: Party): string[] {
  if (typeof party === 'string') return [party];
  if (party instanceof Peer) {
    if (party.problems.length > 0) throw new InputError(party.problems.map((problem) => ({ ...problem, place: {} })));
    return outsideTexts(party.outside);
  }
  if (party instanceof Environment || kindOf(party) !== undefined) return [(party as IConstruct).node.path];
  throw bad(`\`${String(party)}\` is nobody`, `give ${termHelp}, a Service, Tier, Namespace, Environment or Peer`);
}

function outsideTexts(outside: Outside): string[] {
  switch (outside.kind) {
    case 'pods':
      return [podsText(outside.namespaces, outside.pods)];
    case 'addresses':
      return outside.blocks.map(({ cidr, except }) =>
        except.length > 0 ? `${cidr} except ${except.join(', ')}` : cidr,
      );
    case 'internet':
      return typeof outside.via === 'object' ? outsideTexts(outside.via) : ['internet'];
    case 'everyone':
      return ['*{}', '0.0.0.0/0', '::/0'];
    case 'api-server':
      throw bad('where the API server is, is not known here', 'give its addresses, as in `192.0.2.10`');
  }
}

export function podsText(namespaces: LabelBox, pods: LabelBox): string {
  const [name, ...more] = (namespaces.keys.length === 1 && namespaces.valuesOf(namespaceNameKey)) || [];
  const where = namespaces.isEverything ? '*' : name !== undefined && more.length === 0 ? name : `{${namespaces}}`;
  return `${where}{${pods}}`;
}

export function bad(message: string, hint: string): InputError {
  return new InputError([{ code: 'bad-assertion', message, place: {}, hint }]);
}
