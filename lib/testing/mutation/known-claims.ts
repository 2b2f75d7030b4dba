import { directions } from '../../analysis/open-world/relation';
import type { PlacedWorkload } from '../../model/cluster';
import type { Rule } from '../../model/policy';
import { addressBreach } from '../addresses';
import type { ClaimEnd, ConnectionClaim } from '../claim';
import type { KnownPods } from '../known-pods';
import { knownBreach } from '../world';
import type { Mutant } from './mutant';

type Peer = PlacedWorkload | 'addresses';

/** Claims about two known pods, or one and addresses, found by what a change may alter. */
export class KnownClaims {
  /** By the pods whose policies decide. */
  private readonly claims = {
    ingress: new Map<PlacedWorkload, ConnectionClaim[]>(),
    egress: new Map<PlacedWorkload, ConnectionClaim[]>(),
  };

  /** @param known pods as the claims mean them */
  constructor(
    private readonly known: KnownPods,
    claims: readonly ConnectionClaim[],
  ) {
    for (const claim of claims) {
      this.add('egress', claim.source, claim);
      this.add('ingress', claim.destination, claim);
    }
  }

  /** Whether one of them does not hold with the change. */
  breaks({ policy, by }: Pick<Mutant, 'policy' | 'by'>): boolean {
    const changed = this.known.replacing(policy, by);
    const selected = new Set([policy, ...(by ? [by] : [])].flatMap((own) => this.known.selectedBy(own)));
    for (const direction of directions) {
      for (const workload of selected) {
        const claims = this.claims[direction].get(workload);
        const rules = claims && changed.rulesApart(direction, workload);
        if (!claims || rules?.length === 0) continue;
        for (const claim of claims) {
          const [source, destination] = [peerOf(claim.source), peerOf(claim.destination)];
          const peer = direction === 'egress' ? destination : source;
          if (rules && !rules.some((rule) => this.isAbout(rule, peer))) continue;
          if (this.isAlike(changed, source, destination)) continue;
          if (isBroken(claim, changed)) return true;
        }
      }
    }
    return false;
  }

  private add(direction: 'ingress' | 'egress', subject: ClaimEnd, claim: ConnectionClaim): void {
    if (subject.kind !== 'workload') return;
    const claims = this.claims[direction].get(subject.workload);
    if (claims) claims.push(claim);
    else this.claims[direction].set(subject.workload, [claim]);
  }

  private isAbout(rule: Rule, peer: Peer): boolean {
    if (peer === 'addresses') return rule.peers.some(({ kind }) => kind !== 'pods');
    return this.known.ruleFits(rule, peer) !== 'no';
  }

  private isAlike(changed: KnownPods, source: Peer, destination: Peer): boolean {
    if (source === 'addresses' || destination === 'addresses') return false;
    const [was, is] = [this.known, changed].map((known) => known.between(source, destination));
    return was!.certain === is!.certain && was!.possible === is!.possible;
  }
}

function peerOf(end: ClaimEnd): Peer {
  return end.kind === 'workload' ? end.workload : 'addresses';
}

/** Whether a claim is about known pods, and addresses outside. */
export function isOfKnown({ source, destination }: ConnectionClaim): boolean {
  const ends = [source.kind, destination.kind];
  return !ends.includes('pods') && ends.includes('workload');
}

function isBroken(claim: ConnectionClaim, known: KnownPods): boolean {
  const { source, destination } = claim;
  if (source.kind === 'workload' && destination.kind === 'workload') {
    return knownBreach(claim, source, destination, known) !== undefined;
  }
  return addressBreach(claim, known) !== undefined;
}
