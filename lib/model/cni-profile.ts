/** What one CNI does where the API leaves it open. */
export interface Fact<T extends string = 'yes' | 'no' | 'unknown'> {
  readonly value: T;
  readonly source?: { readonly url: string; readonly says: string };
}

export interface CniProfile {
  readonly id: string;
  readonly name: string;
  readonly facts: {
    readonly ipBlockMatchesPods: Fact;
    readonly ipBlockMatchesNodes: Fact;
    readonly selectsHostNetworkPods: Fact;
    readonly allowsOwnNode: Fact;
    readonly enforcesEgress: Fact;
    readonly enforcesEndPort: Fact;
    readonly enforcesSctp: Fact;
    readonly enforcesNamedPorts: Fact;
    readonly enforcesIpBlockExcept: Fact;
    readonly enforcesIpv6: Fact;
    readonly otherProtocols: Fact<'denied' | 'allowed' | 'unknown'>;
    readonly deniesEstablished: Fact;
  };
}
