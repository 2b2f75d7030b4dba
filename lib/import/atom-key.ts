import { type Atom, blockToString } from '../model/atom';

/** Canonical text: equal atoms have equal keys. */
export function atomKey(atom: Atom): string {
  if (atom.kind === 'pods') return `pods ${atom.box}`;
  return atom.kind === 'everyone' ? 'everyone' : blockToString(atom.block);
}
