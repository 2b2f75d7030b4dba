import type { CniProfile } from '../../model/cni-profile';
import { unenforcedFeature } from '../../model/enforcement';
import type { AddressBlock } from '../../model/outside';
import type { Policy, Rule, RulePeer } from '../../model/policy';
import { addressesOf, holdsAddress } from '../../sets/address-set';
import type { ClassIndex } from './class-index';
import { ClassSet } from './class-set';
import type { PodClass } from './pod-classes';
import { type PortTable, RulePorts } from './port-table';

/** What one entry of a rule opens: pods of some classes, or of every class, on ports. */
export interface Opening {
  readonly rule: Rule;
  readonly peers: ClassSet | 'all';
  readonly ports: RulePorts;
  /** `possible`: only under some reading of what the API leaves open. */
  readonly certainty: 'certain' | 'possible';
}

type Reach = Pick<Opening, 'peers' | 'certainty'>;

/** Works out, once for each policy, whom its rules are about. */
export class Openings {
  private readonly blocks = new Map<string, readonly Reach[]>();
  private readonly ofPolicies = new Map<Policy, ReadonlyMap<string, readonly Opening[]>>();
  private readonly onHost: ClassSet;
  private readonly ports = new Map<string, RulePorts>();

  constructor(
    private readonly classes: readonly PodClass[],
    private readonly index: ClassIndex,
    private readonly table: PortTable,
    private readonly profile: CniProfile,
  ) {
    this.onHost = this.classesWhere((end) => end.network === 'host');
  }

  of(policy: Policy, direction: 'ingress' | 'egress'): readonly Opening[] {
    let known = this.ofPolicies.get(policy);
    if (!known) {
      const doubted = unenforcedFeature(policy, this.profile) !== undefined;
      known = new Map(
        (['ingress', 'egress'] as const).map((side) => [
          side,
          policy.rules
            .filter((rule) => rule.direction === side)
            .flatMap((rule) => {
              const ports = this.portsOf(rule.ports);
              return rule.peers.flatMap((peer) =>
                this.reachOf(peer).map(({ peers, certainty }): Opening => {
                  return { rule, peers, ports, certainty: doubted ? 'possible' : certainty };
                }),
              );
            }),
        ]),
      );
      this.ofPolicies.set(policy, known);
    }
    return known.get(direction)!;
  }

  private portsOf(set: Policy['rules'][number]['ports']): RulePorts {
    const key = set.toString();
    let ports = this.ports.get(key);
    if (!ports) {
      ports = new RulePorts(set, this.table);
      this.ports.set(key, ports);
    }
    return ports;
  }

  private reachOf(peer: RulePeer): readonly Reach[] {
    switch (peer.kind) {
      case 'everyone':
        return [{ peers: 'all', certainty: 'certain' }];
      case 'pods':
        return this.podReach(this.index.select(peer.namespaces, peer.pods));
      case 'addresses':
        return this.blockReach(peer.block);
    }
  }

  private podReach(picked: ClassSet): readonly Reach[] {
    const { value } = this.profile.facts.selectsHostNetworkPods;
    if (this.onHost.size === 0 || value === 'yes') return nonEmpty([{ peers: picked, certainty: 'certain' }]);
    const count = this.classes.length;
    const [host, pod] = [true, false].map(
      (onHost) =>
        new ClassSet(
          picked.members.filter((index) => this.onHost.has(index) === onHost),
          count,
        ),
    ) as [ClassSet, ClassSet];
    const certain: Reach = { peers: pod, certainty: 'certain' };
    return nonEmpty(value === 'no' ? [certain] : [certain, { peers: host, certainty: 'possible' }]);
  }

  private blockReach(block: AddressBlock): readonly Reach[] {
    const { ipBlockMatchesPods, ipBlockMatchesNodes } = this.profile.facts;
    if (ipBlockMatchesPods.value === 'no' && ipBlockMatchesNodes.value === 'no') return [];
    const key = `${block.cidr} ${block.except.join()}`;
    let reach = this.blocks.get(key);
    if (!reach) {
      const held = addressesOf(block);
      const fits = ({ network, addresses }: PodClass['end']): 'certain' | 'possible' | 'no' => {
        const { value } = network === 'host' ? ipBlockMatchesNodes : ipBlockMatchesPods;
        const inside = addresses.filter((address) => holdsAddress(held, address)).length;
        if (value === 'no' || (addresses.length > 0 && inside === 0)) return 'no';
        return value === 'yes' && inside > 0 && inside === addresses.length ? 'certain' : 'possible';
      };
      reach = nonEmpty(
        (['certain', 'possible'] as const).map((certainty) => ({
          peers: this.classesWhere((end) => fits(end) === certainty),
          certainty,
        })),
      );
      this.blocks.set(key, reach);
    }
    return reach;
  }

  private classesWhere(holds: (end: PodClass['end']) => boolean): ClassSet {
    const members = this.classes.filter(({ end }) => holds(end)).map(({ index }) => index);
    return new ClassSet(members, this.classes.length);
  }
}

function nonEmpty(reaches: readonly Reach[]): readonly Reach[] {
  return reaches.filter(({ peers }) => peers === 'all' || peers.size > 0);
}
