import type { IConstruct } from 'constructs';
import { kubeDnsPods, nodeLocalDnsCache, openshiftDnsPods, podsIn } from '../model/known-peers';
import type { LabelSelector } from '../model/network-policy';
import type { AddressBlock, Outside, OutsideAddresses, OutsidePods } from '../model/outside';
import type { Port } from '../model/port';
import type { Group, Party } from '../model/program';
import { boxOf, namespaceBox } from '../model/selector';
import { LabelBox } from '../sets/label-box';
import { Registry } from './registry';

export type Labels = Readonly<Record<string, string>>;

/** A service, tier or namespace of this app, or a peer outside it. */
export type PeerLike = Peer | (IConstruct & { /** @internal */ readonly model: Group });

export interface PodsPeerProps {
  /** Name of a namespace that this app does not manage. */
  readonly namespace: string;
  /** Labels that the pods carry. Give `labels` or `selector`; for all pods of the namespace say `Peer.namespace(name)`. */
  readonly labels?: Labels;
  readonly selector?: LabelSelector;
  /** The ports meant if an intent gives none. @default an intent to this peer must give ports */
  readonly ports?: readonly Port[];
}

export interface NamespacesPeerProps {
  /** Labels that the namespaces carry. Give `labels` or `selector`. */
  readonly labels?: Labels;
  readonly selector?: LabelSelector;
  /** Labels of the pods in them. @default all their pods */
  readonly pods?: Labels;
}

export interface CidrPeerProps {
  /** CIDRs strictly inside that are left out. @default none */
  readonly except?: readonly string[];
  /** What is there, for reasons and messages. @default the CIDR itself */
  readonly name?: string;
}

export interface InternetPeerProps {
  /**
   * How clients of the internet arrive, needed where the internet is a source: `direct` where their address is preserved, else the
   * proxy's pods or addresses, since a load balancer or proxy puts its own address in place of theirs.
   */
  readonly via?: 'direct' | Peer;
}

export interface ControllerProps {
  /** The namespace it runs in. */
  readonly namespace?: string;
  readonly labels?: Labels;
}

/** A peer that this app does not manage and does not isolate. */
export class Peer {
  private constructor(
    /** @internal */
    readonly outside: Outside,
    /** @internal */
    readonly problem?: string,
  ) {}

  /** Pods by their labels in one namespace that this app does not manage. */
  static pods(props: PodsPeerProps): Peer {
    const { namespace, ports } = props;
    const [pods, problem] = boxFrom(props, 'pods', 'for all pods of a namespace say `Peer.namespace(name)`');
    const description = `pods ${pods} of namespace ${namespace}`;
    return new Peer(
      { kind: 'pods', namespaces: namespaceBox(namespace), pods, description, ...(ports ? { ports } : {}) },
      problem,
    );
  }

  /** All pods of a namespace that this app does not manage. */
  static namespace(name: string): Peer {
    const description = `namespace ${name}`;
    return new Peer({ kind: 'pods', namespaces: namespaceBox(name), pods: LabelBox.everything, description });
  }

  /** Pods of all namespaces that carry the labels, also of ones that come later. */
  static namespaces(props: NamespacesPeerProps): Peer {
    const [namespaces, problem] = boxFrom(props, 'namespaces', 'for every namespace say `Peer.anyPod()`');
    const pods = LabelBox.ofLabels(props.pods ?? {});
    const description = `${pods.isEverything ? '' : `pods ${pods} of `}namespaces ${namespaces}`;
    return new Peer({ kind: 'pods', namespaces, pods, description }, problem);
  }

  /** Addresses outside the cluster, IPv4 or IPv6, as `203.0.113.0/24`. */
  static cidr(cidr: string, props: CidrPeerProps = {}): Peer {
    return Peer.addresses([{ cidr, except: props.except ?? [] }], props.name ?? cidr);
  }

  /** Several CIDRs that are one peer. An empty list is an error. */
  static cidrs(cidrs: readonly string[], props: Pick<CidrPeerProps, 'name'> = {}): Peer {
    const problem = cidrs.length === 0 ? 'the list of CIDRs of a peer is empty' : undefined;
    const blocks = cidrs.map((cidr) => ({ cidr, except: [] }));
    return Peer.addresses(blocks, props.name ?? cidrs.join(', '), problem);
  }

  /** Public addresses: private, link-local, metadata and other special ranges are left out (`specialAddresses`). */
  static internet(props: InternetPeerProps = {}): Peer {
    const { via } = props;
    const proxy = via instanceof Peer ? via.outside : via;
    const fits = proxy === undefined || proxy === 'direct' || proxy.kind === 'pods' || proxy.kind === 'addresses';
    const problem = fits ? undefined : '`via` of the internet is neither `direct` nor pods or addresses of a proxy';
    const usable = fits ? (proxy as 'direct' | OutsidePods | OutsideAddresses | undefined) : undefined;
    const inherited = via instanceof Peer ? via.problem : undefined;
    return new Peer({ kind: 'internet', description: 'the internet', via: usable }, problem ?? inherited);
  }

  /** The API server, at the environment's `apiServer` address and port; as a source, for webhooks. */
  static apiServer(): Peer {
    return new Peer({ kind: 'api-server', description: 'the API server' });
  }

  /** The DNS cache on the pod's own node. @default address is 169.254.20.10 */
  static nodeLocalDns(address?: string): Peer {
    return new Peer(nodeLocalDnsCache(address));
  }

  /** The cluster's DNS pods. Services with egress may use DNS anyway: see `Environment`'s `dns`. */
  static kubeDns(): Peer {
    return new Peer(kubeDnsPods());
  }

  static openshiftDns(): Peer {
    return new Peer(openshiftDnsPods());
  }

  /** The controller pods of ingress-nginx, labelled as its manifests and its Helm chart do. */
  static ingressNginx(props: ControllerProps = {}): Peer {
    const { namespace = 'ingress-nginx' } = props;
    const labels = { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' };
    return new Peer(podsIn(namespace, props.labels ?? labels, 'ingress-nginx'));
  }

  /** Prometheus' server pods, labelled as the Prometheus Operator does. @default namespace is monitoring */
  static prometheus(props: ControllerProps = {}): Peer {
    const { namespace = 'monitoring', labels = { 'app.kubernetes.io/name': 'prometheus' } } = props;
    return new Peer(podsIn(namespace, labels, 'Prometheus'));
  }

  /** Every pod of every namespace. */
  static anyPod(): Peer {
    const { everything } = LabelBox;
    return new Peer({ kind: 'pods', namespaces: everything, pods: everything, description: 'any pod' });
  }

  /** Every address, IPv4 and IPv6, private ones included. */
  static anyAddress(): Peer {
    const blocks = ['0.0.0.0/0', '::/0'].map((cidr) => ({ cidr, except: [] }));
    return new Peer({ kind: 'addresses', blocks, description: 'any address' });
  }

  /** Every pod and every address. */
  static anywhere(): Peer {
    return new Peer({ kind: 'everyone', description: 'anywhere' });
  }

  private static addresses(blocks: readonly AddressBlock[], description: string, problem?: string): Peer {
    return new Peer({ kind: 'addresses', blocks, description }, problem);
  }
}

/** The model's party for a peer, or what is wrong with it. */
export function partyOf(peer: PeerLike, registry: Registry): Party | string {
  if (peer instanceof Peer) return peer.problem ?? peer.outside;
  const model = (peer as Partial<{ model: Party }> | undefined)?.model;
  if (!model || !['service', 'tier', 'namespace'].includes(model.kind)) return `\`${String(peer)}\` is not a peer`;
  const foreign = Registry.of(peer) !== registry;
  return foreign ? `\`${peer.node.path}\` belongs to another app` : model;
}

function boxFrom(
  props: { labels?: Labels; selector?: LabelSelector },
  what: string,
  hint: string,
): [LabelBox, string?] {
  const { labels, selector } = props;
  try {
    const box = LabelBox.ofLabels(labels ?? {}).intersect(boxOf(selector ?? {}));
    if (box.isEverything) return [box, `a peer selects ${what} by no label; ${hint}`];
    return box.isEmpty ? [box, `no ${what} can match \`${box}\``] : [box];
  } catch (error) {
    return [LabelBox.everything, (error as Error).message];
  }
}
