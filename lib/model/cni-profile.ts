/** Where a fact can be read, and in one sentence what is said there. */
export interface Source {
  readonly url: string;
  readonly says: string;
}

/**
 * One answer about a CNI. `unknown` without a source: nothing was found. `unknown` with a source: it depends on a version, a setting
 * or a case that the source names. A verdict that rests on an unknown fact is unknown.
 */
export interface Fact<T extends string = 'yes' | 'no' | 'unknown'> {
  readonly value: T;
  readonly source?: Source;
}

/** What one CNI does where the API leaves it open, or leaves it to the plugin to support a field. */
export interface CniFacts {
  /**
   * Whether an ipBlock matches the address of a pod of the cluster. With `no`, such a rule admits no pod, not even through 0.0.0.0/0;
   * with `yes` it admits every pod whose address lies in the block.
   */
  readonly ipBlockMatchesPods: Fact;
  /**
   * Whether an ipBlock matches the address of a node, and with it pods on the host network. The address is the one that packets
   * carry: an overlay may give packets of a node the address of its tunnel or gateway.
   */
  readonly ipBlockMatchesNodes: Fact;
  /**
   * Whether selectors pick pods on the host network: as the pods that a policy isolates, and as peers of a rule. With `no`, such a pod is
   * never isolated and no selector admits it: its traffic is the node's. Unknown where the two differ.
   */
  readonly selectsHostNetworkPods: Fact;
  /** Whether ingress from the pod's own node is allowed whatever the policies say, as the API has it for the kubelet's probes. */
  readonly allowsOwnNode: Fact;
  /** Whether policies isolate for egress. With `no`, every verdict of the egress side is allowed. */
  readonly enforcesEgress: Fact;
  /** Whether `endPort` opens the whole range. With `no`, only its first port is open, or the policy is refused. */
  readonly enforcesEndPort: Fact;
  /** Whether ports of protocol SCTP are told apart as those of TCP and UDP are. */
  readonly enforcesSctp: Fact;
  /**
   * Whether a port by name opens, on each destination pod, the number that this pod declares, and no other. Unknown where that holds
   * unless pods declare different numbers under one name; with `no`, the name is ignored or opens more than one number.
   */
  readonly enforcesNamedPorts: Fact;
  /** Whether `except` is taken out of its own ipBlock, and out of no other rule that allows the same address. */
  readonly enforcesIpBlockExcept: Fact;
  /** Whether IPv6 packets of isolated pods are judged by the policies. */
  readonly enforcesIpv6: Fact;
  /**
   * What becomes of ICMP from and to isolated pods: `denied` like anything that no rule allows, so that only a rule without ports can
   * admit it, or `allowed` (at least echo requests) whatever the rules say. Replies and errors of an allowed connection pass in any case.
   */
  readonly otherProtocols: Fact<'denied' | 'allowed' | 'unknown'>;
  /**
   * Whether a connection that is already established ends when the policies come to deny it. With `no`, a verdict of denied holds for
   * new connections only.
   */
  readonly deniesEstablished: Fact;
}

export interface CniProfile {
  /** What `--cni` takes. */
  readonly id: string;
  readonly name: string;
  readonly facts: CniFacts;
}
