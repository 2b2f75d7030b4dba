import type { Direction } from '../../model/policy';
import type { AddressSet } from '../../sets/address-set';
import { LabelBox } from '../../sets/label-box';
import type { PortSet } from '../../sets/port-set';

/**
 * A box of connections: any pod of `subject` with any peer, on any of the ports. Over every pod that could exist, the relation
 * that policies allow is, for each namespace and direction, the union of such boxes.
 *
 * Peers are pods, by the labels of their namespace and their own, or addresses outside the cluster.
 */
export interface Statement {
  readonly namespace: string;
  readonly direction: Direction;
  /** Labels of the subject, and of the peer where it is a pod; see {@link pairBox}. */
  readonly labels: LabelBox;
  /** Undefined where the peer is a pod, or unpicked. */
  readonly addresses: AddressSet | undefined;
  /**
   * `unpicked`: nodes, and pods on their network, of which the API leaves open whether selectors and ipBlocks pick them; Cilium's
   * do not. Only what is for everyone is sure to hold for them, whatever the plugin. They have no labels here.
   */
  readonly peers?: 'unpicked';
  /** By number, and by the names that the destination's containers give. */
  readonly ports: PortSet;
}

const subjectPrefix = 'subject:';
const namespacePrefix = 'namespace:';
const podPrefix = 'pod:';

/** The labels of both ends as one box, whose keys say whose label they are. */
export function pairBox(
  subject: LabelBox,
  peer?: { readonly namespaces: LabelBox; readonly pods: LabelBox },
): LabelBox {
  const own = prefixed(subject, subjectPrefix);
  if (!peer) return own;
  return LabelBox.intersection([prefixed(peer.namespaces, namespacePrefix), prefixed(peer.pods, podPrefix), own]);
}

/** What a box of {@link pairBox} says of each end. */
export interface PairParts {
  readonly subject: LabelBox;
  readonly peer: { readonly namespaces: LabelBox; readonly pods: LabelBox };
}

const knownParts = new WeakMap<LabelBox, PairParts>();

/** A statement is asked for its ends again and again. */
export function partsOf(pair: LabelBox): PairParts {
  let parts = knownParts.get(pair);
  if (!parts) {
    const peer = { namespaces: part(pair, namespacePrefix), pods: part(pair, podPrefix) };
    parts = { subject: part(pair, subjectPrefix), peer };
    knownParts.set(pair, parts);
  }
  return parts;
}

export function subjectOf(pair: LabelBox): LabelBox {
  return partsOf(pair).subject;
}

export function peerOf(pair: LabelBox): PairParts['peer'] {
  return partsOf(pair).peer;
}

/** One box is an end of many statements. */
const known = new Map([subjectPrefix, namespacePrefix, podPrefix].map((p) => [p, new WeakMap<LabelBox, LabelBox>()]));

function prefixed(box: LabelBox, prefix: string): LabelBox {
  const boxes = known.get(prefix)!;
  let named = boxes.get(box);
  if (!named) {
    named = box.renamed((key) => keyWith(prefix, key));
    boxes.set(box, named);
  }
  return named;
}

/** Keys are compared all the time, which takes none where equal ones are the same text. */
const keys = new Map<string, Map<string, string>>();

function keyWith(prefix: string, key: string): string {
  let own = keys.get(prefix);
  if (!own) {
    own = new Map();
    keys.set(prefix, own);
  }
  const known = own.get(key) ?? prefix + key;
  own.set(key, known);
  return known;
}

function part(pair: LabelBox, prefix: string): LabelBox {
  return pair.renamed((key) => (key.startsWith(prefix) ? key.slice(prefix.length) : undefined));
}
