import { internetAtoms } from '../model/atom';
import type { Direction } from '../model/policy';
import { specialAddresses } from '../model/special-addresses';
import { atomKey } from './atom-key';
import type { PeerPlan } from './plan';

const description = 'the internet';

/** Public addresses; as a source, from which clients come with their own address. */
export const internetPeers: Readonly<Record<Direction, PeerPlan>> = {
  ingress: { code: "Peer.internet({ via: 'direct' })", description, words: 'internet clients' },
  egress: { code: 'Peer.internet()', description, words: 'internet' },
};

/** What policies say for it, block by block. */
export const publicBlocks: ReadonlySet<string> = new Set(internetAtoms(specialAddresses).map(atomKey));
