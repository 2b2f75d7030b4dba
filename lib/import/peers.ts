import type { Atom } from '../model/atom';
import { blockToString } from '../model/atom';
import { kubeDnsPods, nodeLocalDnsCache, openshiftDnsPods, podsIn } from '../model/known-peers';
import type { OutsidePods } from '../model/outside';
import { namespacesOf, podBox, podsOf } from '../model/pod-box';
import { namespaceNameKey, selectorOf } from '../model/selector';
import type { LabelBox } from '../sets/label-box';
import { literal, object, quoted } from './code/literal';
import type { PeerPlan } from './plan';

/** Peers that have a name of their own. */
const ready: readonly (readonly [code: string, pods: OutsidePods, words: string])[] = [
  ['Peer.kubeDns()', kubeDnsPods(), 'kube dns'],
  ['Peer.openshiftDns()', openshiftDnsPods(), 'openshift dns'],
  ['Peer.prometheus()', podsIn('monitoring', { 'app.kubernetes.io/name': 'prometheus' }, 'Prometheus'), 'prometheus'],
  [
    'Peer.ingressNginx()',
    podsIn(
      'ingress-nginx',
      { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' },
      'ingress-nginx',
    ),
    'ingress nginx',
  ],
];
const readyByPods = new Map(
  ready.map(([code, { namespaces, pods, description }, words]) => {
    return [podBox(namespaces, pods).toString(), { code, description, words }] as const;
  }),
);
const nodeLocal = nodeLocalDnsCache();

/** How a peer that the app does not manage is written. */
export function peerPlan(atom: Atom): PeerPlan {
  if (atom.kind === 'everyone') return { code: 'Peer.anywhere()', description: 'anywhere', words: 'anywhere' };
  if (atom.kind === 'pods') return readyByPods.get(atom.box.toString()) ?? podsPeer(atom.box);
  const { cidr, except } = atom.block;
  const text = blockToString(atom.block);
  if (text === blockToString(nodeLocal.blocks[0]!)) {
    return { code: 'Peer.nodeLocalDns()', description: nodeLocal.description, words: 'node local dns' };
  }
  const words = `addresses ${cidr}`;
  if (except.length === 0 && cidr.endsWith('/0')) {
    const family = cidr.includes(':') ? 'IPv6' : 'IPv4';
    const description = `any ${family} address`;
    return { code: `Peer.anyAddress(${object({ family: quoted(family) })})`, description, words: description };
  }
  const options = except.length > 0 ? `, ${object({ except: literal([...except].sort()) })}` : '';
  return { code: `Peer.cidr(${quoted(cidr)}${options})`, description: cidr, words };
}

function podsPeer(box: LabelBox): PeerPlan {
  const namespaces = namespacesOf(box);
  const pods = podsOf(box);
  if (namespaces.isEverything) {
    if (pods.isEverything) return { code: 'Peer.anyPod()', description: 'any pod', words: 'any pod' };
    const code = `Peer.anyPod(${object(picking(pods))})`;
    return { code, description: `pods ${pods} of any namespace`, words: `any ${wordsOf(pods)}` };
  }
  const [name, ...more] = namespaces.valuesOf(namespaceNameKey) ?? [];
  if (name !== undefined && more.length === 0 && namespaces.keys.length === 1) {
    if (pods.isEverything)
      return { code: `Peer.namespace(${quoted(name)})`, description: `namespace ${name}`, words: `${name} pods` };
    const code = `Peer.pods(${object({ namespace: quoted(name), ...picking(pods) })})`;
    return { code, description: `pods ${pods} of namespace ${name}`, words: `${name} ${wordsOf(pods)}` };
  }
  const inside = pods.isEverything ? {} : picking(pods, 'pods', 'podSelector');
  return {
    code: `Peer.namespaces(${object({ ...picking(namespaces), ...inside })})`,
    description: `${pods.isEverything ? '' : `pods ${pods} of `}namespaces ${namespaces}`,
    words: `${wordsOf(namespaces)} ${pods.isEverything ? 'namespaces' : wordsOf(pods)}`,
  };
}

/** The options that pick by labels: as labels where that is enough, else as a selector. */
export function picking(box: LabelBox, labels = 'labels', selector = 'selector'): Record<string, string> {
  const { matchLabels, matchExpressions } = selectorOf(box);
  return matchExpressions
    ? { [selector]: literal({ ...(matchLabels ? { matchLabels } : {}), matchExpressions }) }
    : { [labels]: literal(matchLabels ?? {}) };
}

function wordsOf(box: LabelBox): string {
  const short = (key: string) => key.slice(key.lastIndexOf('/') + 1);
  const words = box.requirements().map(({ key, operator, values = [] }) => {
    if (operator === 'In')
      return values.every((value) => /^(true|enabled|)$/.test(value)) ? short(key) : values.join(' ');
    return operator === 'NotIn' ? `not ${values.join(' ')}` : short(key);
  });
  return words.join(' ');
}
