import type { IConstruct } from 'constructs';
import { kubeDnsPods, nodeLocalDnsCache, openshiftDnsPods, podsIn } from '../model/known-peers';
import type { LabelSelector } from '../model/network-policy';
import type { AddressBlock, Outside } from '../model/outside';
import { Port } from '../model/port';
import type { Group, Party } from '../model/program';
import { boxOf, namespaceBox } from '../model/selector';
import { parseCidr } from '../sets/cidr';
import { LabelBox } from '../sets/label-box';
import {
  anything,
  labels,
  list,
  made,
  namespaceName,
  type Options,
  oneOf,
  options,
  type Problem,
  readOptions,
  selector,
  show,
  text,
} from './options';
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
  /** The same as a label selector, with matchExpressions. @default `pods` */
  readonly podSelector?: LabelSelector;
}

export interface AnyPodPeerProps {
  /** Labels that the pods carry, in whatever namespace. @default every pod */
  readonly labels?: Labels;
  readonly selector?: LabelSelector;
}

export interface AnyAddressPeerProps {
  /** @default both */
  readonly family?: 'IPv4' | 'IPv6';
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
  /** The namespace it runs in. @default where its own manifests put it */
  readonly namespace?: string;
  /** Labels that its pods carry. @default those of its own manifests */
  readonly labels?: Labels;
}

const podsOptions = options<PodsPeerProps>(
  'Peer.pods',
  {
    namespace: namespaceName,
    labels,
    selector,
    ports: list(made((value) => value instanceof Port, 'Port', 'give `Port.tcp(443)` and the like')),
  },
  ['namespace'],
);
const namespacesOptions = options<NamespacesPeerProps>('Peer.namespaces', {
  labels,
  selector,
  pods: labels,
  podSelector: selector,
});
const anyPodOptions = options<AnyPodPeerProps>('Peer.anyPod', { labels, selector });
const anyAddressOptions = options<AnyAddressPeerProps>('Peer.anyAddress', { family: oneOf('IPv4', 'IPv6') });
const cidrOptions = options<CidrPeerProps>('Peer.cidr', { except: list(text()), name: text() });
const cidrsOptions = options<Pick<CidrPeerProps, 'name'>>('Peer.cidrs', { name: text() });
const internetOptions = options<InternetPeerProps>('Peer.internet', { via: anything });
const controllerOptions = (owner: string) => options<ControllerProps>(owner, { namespace: namespaceName, labels });

type Report = (message: string, hint: string) => void;

/** Whether an option is given, also as a value that is undefined: labels that somebody looked up and did not find are not every pod. */
function says<Props extends object>(props: Props, ...options: readonly (keyof Props)[]): boolean {
  return options.some((option) => Object.hasOwn(props, option));
}

/** A peer that this app does not manage and does not isolate. */
export class Peer {
  private constructor(
    /** @internal */
    readonly outside: Outside,
    /** What is wrong with it, reported where it is used. @internal */
    readonly problems: readonly Problem[] = [],
  ) {}

  /** Pods by their labels in one namespace that this app does not manage. */
  static pods(props: PodsPeerProps): Peer {
    return Peer.checked(props, podsOptions, (report) => {
      const { namespace, ports } = props;
      const pods = boxFrom(props, 'pods', 'for all pods of a namespace say `Peer.namespace(name)`', report);
      const description = `pods ${pods} of namespace ${namespace}`;
      return { kind: 'pods', namespaces: namespaceBox(namespace), pods, description, ...(ports ? { ports } : {}) };
    });
  }

  /** All pods of a namespace that this app does not manage. */
  static namespace(name: string): Peer {
    const problems = namespaceName(name, 'namespace');
    if (problems.length > 0) return new Peer(unusable, problems);
    const description = `namespace ${name}`;
    return new Peer({ kind: 'pods', namespaces: namespaceBox(name), pods: LabelBox.everything, description });
  }

  /** Pods of all namespaces that carry the labels, also of ones that come later. */
  static namespaces(props: NamespacesPeerProps): Peer {
    return Peer.checked(props, namespacesOptions, (report) => {
      const namespaces = boxFrom(props, 'namespaces', 'for every namespace say `Peer.anyPod()`', report);
      const { pods: carried = {}, podSelector = {} } = props;
      const picked = { labels: carried, selector: podSelector };
      const hint = 'leave `pods` and `podSelector` out for all pods';
      const pods = says(props, 'pods', 'podSelector') ? boxFrom(picked, 'pods', hint, report) : LabelBox.everything;
      const description = `${pods.isEverything ? '' : `pods ${pods} of `}namespaces ${namespaces}`;
      return { kind: 'pods', namespaces, pods, description };
    });
  }

  /** Addresses outside the cluster, IPv4 or IPv6, as `203.0.113.0/24`. */
  static cidr(cidr: string, props: CidrPeerProps = {}): Peer {
    return Peer.checked(props, cidrOptions, (report) => {
      const block = { cidr, except: props.except ?? [] };
      return addresses([block], props.name ?? cidr, report);
    });
  }

  /** Several CIDRs that are one peer. An empty list is an error. */
  static cidrs(cidrs: readonly string[], props: Pick<CidrPeerProps, 'name'> = {}): Peer {
    return Peer.checked(props, cidrsOptions, (report) => {
      if (!Array.isArray(cidrs)) {
        report(`\`cidrs\` is \`${show(cidrs)}\`, which is no list`, 'for one CIDR say `Peer.cidr(…)`');
        return unusable;
      }
      if (cidrs.length === 0) report('the list of CIDRs of a peer is empty', 'give one, or remove the statement');
      const blocks = cidrs.map((cidr: string) => ({ cidr, except: [] }));
      return addresses(blocks, props.name ?? cidrs.join(', '), report);
    });
  }

  /** Public addresses: private, link-local, metadata and other special ranges are left out (`specialAddresses`). */
  static internet(props: InternetPeerProps = {}): Peer {
    return Peer.checked(props, internetOptions, (report, adopt) => {
      const { via } = props;
      const proxy = via instanceof Peer ? via.outside : via;
      if (via instanceof Peer) adopt(via.problems);
      const internet = { kind: 'internet', description: 'the internet' } as const;
      if (proxy === undefined || proxy === 'direct') return { ...internet, via: proxy };
      if (proxy?.kind === 'pods' || proxy?.kind === 'addresses') return { ...internet, via: proxy };
      const message = '`via` of the internet is neither `direct` nor pods or addresses of a proxy';
      if (proxy !== unusable) report(message, "say `via: 'direct'`, or `via: Peer…` for the proxy");
      return unusable;
    });
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

  /**
   * The controller pods of ingress-nginx, labelled as its manifests and its Helm chart do.
   * @default namespace is ingress-nginx, labels are app.kubernetes.io/name: ingress-nginx and app.kubernetes.io/component: controller
   */
  static ingressNginx(props: ControllerProps = {}): Peer {
    const usual = { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' };
    return Peer.controller('Peer.ingressNginx', props, 'ingress-nginx', usual, 'ingress-nginx');
  }

  /**
   * Prometheus' server pods, labelled as the Prometheus Operator does.
   * @default namespace is monitoring, labels are app.kubernetes.io/name: prometheus
   */
  static prometheus(props: ControllerProps = {}): Peer {
    const usual = { 'app.kubernetes.io/name': 'prometheus' };
    return Peer.controller('Peer.prometheus', props, 'monitoring', usual, 'Prometheus');
  }

  /** Every pod of every namespace, or in every namespace those that carry some labels. */
  static anyPod(props: AnyPodPeerProps = {}): Peer {
    return Peer.checked(props, anyPodOptions, (report) => {
      const { everything } = LabelBox;
      const hint = 'for every pod leave `labels` and `selector` out';
      const pods = says(props, 'labels', 'selector') ? boxFrom(props, 'pods', hint, report) : everything;
      const description = pods.isEverything ? 'any pod' : `pods ${pods} of any namespace`;
      return { kind: 'pods', namespaces: everything, pods, description };
    });
  }

  /** Every address, private ones included, IPv4 and IPv6 unless one of them is named. */
  static anyAddress(props: AnyAddressPeerProps = {}): Peer {
    return Peer.checked(props, anyAddressOptions, () => {
      const { family } = props;
      const cidrs = family === 'IPv4' ? ['0.0.0.0/0'] : family === 'IPv6' ? ['::/0'] : ['0.0.0.0/0', '::/0'];
      const blocks = cidrs.map((cidr) => ({ cidr, except: [] }));
      return { kind: 'addresses', blocks, description: family ? `any ${family} address` : 'any address' };
    });
  }

  /** Every pod and every address. */
  static anywhere(): Peer {
    return new Peer({ kind: 'everyone', description: 'anywhere' });
  }

  private static controller(
    owner: string,
    props: ControllerProps,
    namespace: string,
    usual: Labels,
    description: string,
  ): Peer {
    return Peer.checked(props, controllerOptions(owner), (report) => {
      const given = props.labels ?? usual;
      if (Object.keys(given).length === 0)
        report('a peer selects pods by no label', 'leave `labels` out, or give some');
      return podsIn(props.namespace ?? namespace, given, description);
    });
  }

  /** A peer of options that are in order; else one that only tells what is not. */
  private static checked<Props>(
    props: Props,
    known: Options<Props>,
    make: (report: Report, adopt: (problems: readonly Problem[]) => void) => Outside,
  ): Peer {
    const problems = [...readOptions(props, known).problems];
    if (problems.length > 0) return new Peer(unusable, problems);
    const report: Report = (message, hint) => problems.push({ code: 'bad-peer', message, hint });
    return new Peer(
      make(report, (others) => problems.push(...others)),
      problems,
    );
  }
}

/** Stands for a peer that has problems, which keep the program from being written. */
const unusable: Outside = { kind: 'everyone', description: 'a peer' };

const ownPeer = 'give a Service, Tier, Namespace or Peer of this app';

/** The model's party for a peer, or undefined after reporting what is wrong with it. */
export function partyOf(peer: PeerLike, registry: Registry, report: (problem: Problem) => void): Party | undefined {
  if (peer instanceof Peer) {
    for (const problem of peer.problems) report(problem);
    return peer.problems.length > 0 ? undefined : peer.outside;
  }
  const model = (peer as Partial<{ model: Party }> | undefined)?.model;
  if (!model || !['service', 'tier', 'namespace'].includes(model.kind)) {
    report({ code: 'bad-peer', message: `\`${show(peer)}\` is not a peer`, hint: ownPeer });
    return undefined;
  }
  if (Registry.of(peer) === registry) return model;
  report(ofAnotherApp(peer));
  return undefined;
}

export function ofAnotherApp({ node }: IConstruct): Problem {
  return { code: 'bad-peer', message: `\`${node.path}\` belongs to another app`, hint: ownPeer };
}

function addresses(blocks: readonly AddressBlock[], description: string, report: Report): Outside {
  for (const { cidr, except } of blocks) {
    if (typeof cidr !== 'string') {
      report(`\`${show(cidr)}\` is no CIDR`, 'write it as `10.0.0.0/8` or `2001:db8::/32`');
      return unusable;
    }
    if (parseCidr(cidr)?.prefix === 0 && except.length === 0) {
      const family = cidr.includes(':') ? 'IPv6' : 'IPv4';
      const hint = `say \`Peer.anyAddress({ family: '${family}' })\`, or \`Peer.internet()\` for public addresses`;
      report(`\`${cidr}\` is every address, private ones included`, hint);
    }
  }
  return { kind: 'addresses', blocks, description };
}

function boxFrom(
  props: { labels?: Labels; selector?: LabelSelector },
  what: string,
  hint: string,
  report: Report,
): LabelBox {
  const { labels, selector } = props;
  try {
    const box = LabelBox.ofLabels(labels ?? {}).intersect(boxOf(selector ?? {}));
    if (box.isEverything) report(`a peer selects ${what} by no label`, hint);
    else if (box.isEmpty) report(`no ${what} can match \`${box}\``, 'correct the labels');
    return box;
  } catch (error) {
    report((error as Error).message, 'use In, NotIn, Exists or DoesNotExist');
    return LabelBox.everything;
  }
}
