import { afterAll, beforeAll, expect, test } from 'vitest';
import { calico } from '../../../lib/model/cni/calico';
import { node, nodeAddress } from '../support/dataplane';
import { describeWith } from '../support/describe-with';
import type { Probe } from '../support/pods';
import { dataplane } from '../support/requirements';
import { connectionToString } from './compare';
import type { StoredPolicy } from './policies';
import { World } from './world';

const web = { namespace: 'shop', name: 'web', labels: { app: 'web' }, address: '172.20.0.1' };
const db = { namespace: 'shop', name: 'db', labels: { app: 'db' }, address: '172.20.0.2' };

const policy = (spec: object, name = 'policy'): StoredPolicy => ({ metadata: { name, namespace: 'shop' }, spec });
const denyIngress = policy({ podSelector: {}, policyTypes: ['Ingress'] }, 'deny');
const egressOfWeb = (...egress: object[]) =>
  policy({ podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'], egress });
const toAddress = (address: string) => ({ to: [{ ipBlock: { cidr: `${address}/32` } }] });

/** What a plugin does where the API leaves it open: the other facts are in the cases and random policies that packets are sent for. */
describeWith(dataplane, "Calico's profile says what Calico does", () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({
      namespaces: [{ name: 'shop' }],
      pods: [web, db],
      outside: ['198.51.100.1'],
      ports: { TCP: [80], UDP: [80] },
    });
    await world.dataplane.pods.do('serve', { in: node, protocol: 'TCP', ports: [80] });
  });
  afterAll(() => world?.stop());

  /** The answer of a new connection on port 80; empty if it is denied. */
  async function answer(from: string, to: string, protocol: Probe['protocol'] = 'TCP'): Promise<string> {
    const probes = [{ from, to, port: 80, protocol }];
    return (await world.dataplane.pods.do('probe', { probes, timeoutMs: 700 }))[0]!;
  }

  test('an ipBlock takes in pods', async () => {
    await world.apply([egressOfWeb(toAddress(db.address))]);
    expect(await answer('shop/web', db.address)).toBe('shop/db');
    await world.apply([egressOfWeb(toAddress('198.51.100.1'))]);
    expect(await answer('shop/web', db.address)).toBe('');
    expect(calico.facts.ipBlockMatchesPods.value).toBe('yes');
  });

  test('an ipBlock takes in nodes', async () => {
    await world.apply([egressOfWeb(toAddress(nodeAddress))]);
    expect(await answer('shop/web', nodeAddress)).toBe(node);
    await world.apply([egressOfWeb(toAddress(db.address))]);
    expect(await answer('shop/web', nodeAddress)).toBe('');
    expect(calico.facts.ipBlockMatchesNodes.value).toBe('yes');
  });

  test('whatever comes from the own node is let in', async () => {
    await world.apply([denyIngress]);
    expect(await answer('shop/web', db.address)).toBe('');
    expect(await answer(node, db.address)).toBe('shop/db');
    expect(calico.facts.allowsOwnNode.value).toBe('yes');
  });

  test('selectors do not pick pods on the host network', async () => {
    const path = '/api/v1/namespaces/shop/pods';
    const spec = { nodeName: node, hostNetwork: true, containers: [{ name: 'main', image: 'none' }] };
    await world.plane.admin.done('POST', path, { metadata: { name: 'agent', labels: { app: 'agent' } }, spec });
    const status = { phase: 'Running', hostIP: nodeAddress, podIP: nodeAddress, podIPs: [{ ip: nodeAddress }] };
    await world.plane.admin.done('PATCH', `${path}/agent/status`, { status }, 'application/merge-patch+json');
    const toAgent = { to: [{ podSelector: { matchLabels: { app: 'agent' } } }] };
    await world.apply([denyIngress, egressOfWeb(toAgent)]);
    expect(await answer('shop/db', nodeAddress)).toBe(node); // not isolated, though the policy selects every pod
    expect(await answer('shop/web', nodeAddress)).toBe(''); // and no peer, though the rule names it
    expect(calico.facts.selectsHostNetworkPods.value).toBe('no');
  });

  test('ICMP is denied unless a rule without ports admits it', async () => {
    await world.apply([]);
    expect(await answer('shop/web', db.address, 'ICMP')).toBe('echo');
    await world.apply([denyIngress]);
    expect(await answer('shop/web', db.address, 'ICMP')).toBe('');
    await world.apply([policy({ podSelector: {}, ingress: [{ ports: [{ protocol: 'TCP' }, { protocol: 'UDP' }] }] })]);
    expect(await answer('shop/web', db.address, 'ICMP')).toBe('');
    await world.apply([policy({ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] })]);
    expect(await answer('shop/web', db.address, 'ICMP')).toBe('echo');
    expect(calico.facts.otherProtocols.value).toBe('denied');
  });

  test('a connection that is established outlives a policy that denies it', async () => {
    await world.apply([]);
    const talk = world.connections().filter((one) => connectionToString(one) === 'shop/web to shop/db 80/TCP');
    expect(talk).toHaveLength(1);
    const cut = await world.cutDuring(talk, () => world.apply([denyIngress]));
    expect(cut.length).toBeGreaterThan(0);
    expect(cut.filter((failure) => !failure.includes('new connection'))).toEqual([]);
    expect(calico.facts.deniesEstablished.value).toBe('no');
  });
});
