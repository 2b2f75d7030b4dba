import type { AddressBlock } from '../../model/outside';
import type { RulePeer } from '../../model/policy';
import { namespaceNameKey } from '../../model/selector';
import type { LabelBox } from '../../sets/label-box';
import type { PortItem } from '../../sets/port-set';

/** Longer lists are counted. */
const mostExcept = 3;

/** As in `pods app=web of shop` or `10.0.0.0/8 except 10.1.0.0/16`. */
export function peerToString(peer: RulePeer): string {
  if (peer.kind === 'everyone') return 'everyone';
  return peer.kind === 'addresses' ? blockToString(peer.block) : podsToString(peer.namespaces, peer.pods);
}

export function podsToString(namespaces: LabelBox, pods: LabelBox): string {
  const names = namespaces.keys.length === 1 ? namespaces.valuesOf(namespaceNameKey) : undefined;
  const where = names ? names.join(' or ') : namespaces.isEverything ? 'any namespace' : `namespaces ${namespaces}`;
  return `${pods.isEverything ? 'every pod' : `pods ${pods}`} of ${where}`;
}

export function blockToString({ cidr, except }: AddressBlock): string {
  if (except.length > mostExcept) return `${cidr} except ${except.length} ranges`;
  return cidr + (except.length > 0 ? ` except ${except.join(', ')}` : '');
}

/** As in `8080/TCP`, `8000-8999/TCP` or `grpc/TCP`. */
export function portItemToString(item: PortItem): string {
  if ('name' in item) return `${item.name}/${item.protocol}`;
  return `${item.first === item.last ? item.first : `${item.first}-${item.last}`}/${item.protocol}`;
}
