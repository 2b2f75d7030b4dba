import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App } from 'cdk8s';
import { Environment, Namespace, Never, Peer, Port, Service, Tier } from 'tierwall';
import { Network, networkMatchers, networkOfApp, networkOfProject, networkOfText } from 'tierwall/vitest';
import { describe, expect, test } from 'vitest';
import { refusal } from '../support/refusal';
import { shopText } from './shop';

const network = networkOfText(shopText, { file: 'shop.yaml' });

const first = (text: string, lines: number) => text.split('\n').slice(0, lines).join('\n');

describe('toAllow and toDeny', () => {
  test('hold for what is certain; of allowing, on all ports that the destination declares; of denying, on every port', () => {
    expect(network).toAllow('shop/frontend', 'shop/cart', 'grpc');
    expect(network).toAllow('shop/frontend', 'shop/cart', 7070);
    expect(network).toAllow('203.0.113.7', 'shop/frontend');
    expect(network).toAllow('monitoring{app=prometheus}', 'shop/cart', 'metrics');
    expect(network).toDeny('shop/frontend', 'shop/redis');
    expect(network).toDeny(['shop/batch', '10.1.2.3', 'elsewhere{app=cart}', '*{app=frontend}'], 'shop/redis');
    expect(network).toDeny('shop/frontend', 'internet');
    expect(refusal(() => expect(network).toAllow('shop/frontend', 'shop/cart'))).toContain('on 9090/TCP');
    expect(refusal(() => expect(network).toDeny('shop/cart', 'shop/redis'))).toContain('on 6379/TCP');
  });

  test('explain a failure as `tierwall explain` does: which rules come near, at which line, and what would allow it', () => {
    const text = refusal(() => expect(network).toAllow('shop/frontend', 'shop/redis'));
    expect(first(text, 2)).toBe(
      'expected shop/frontend → shop/redis to be allowed\n  shop/frontend → shop/redis on 6379/TCP: expected to be allowed, is denied',
    );
    expect(text).toContain('wants pods app=cart of shop, but shop/frontend has app=frontend\n      at shop.yaml:95');
    expect(text).toContain("new AllowFrom(redis, 'frontend', { from: frontend, ports: ['redis'] });");
    expect(text).toContain('Tried out: with both changes the verdict is allowed.');
  });

  test('have the line of the test where what it states cannot be read', () => {
    try {
      expect(network).toAllow('shop/fronted', 'shop/cart');
    } catch (error) {
      const { stack = '' } = error as Error;
      expect(stack).toMatch(/^InputError: `from shop\/fronted` names no workload/);
      const [frame] = stack.split('\n').filter((line) => line.includes('    at ') && !line.includes('node_modules'));
      expect(frame).toContain('matchers.test.ts');
      return;
    }
    throw new Error('it holds');
  });

  test('are each the other with `.not`, so that what is unknown or allowed in part passes neither', () => {
    expect(network).not.toAllow('shop/frontend', 'shop/redis');
    expect(network).not.toDeny('shop/frontend', 'shop/cart', 'grpc');
    expect(refusal(() => expect(network).not.toAllow('shop/frontend', 'shop/cart'))).toContain('7070/TCP');
    // Whether an ipBlock takes in pods is left to the plugin.
    const unknown = refusal(() => expect(network).toAllow('open/tool', 'shop/frontend'));
    expect(unknown).toContain('expected to be allowed, is unknown');
    expect(refusal(() => expect(network).not.toAllow('open/tool', 'shop/frontend'))).toContain('is unknown');
    expect(networkOfText(shopText, { cni: 'cilium' })).toDeny('open/tool', 'shop/frontend');
  });

  test('take a port by name for any number where the pods are not known, and for no certain one', () => {
    const prometheus = 'monitoring{app=prometheus}';
    expect(network).toDeny(prometheus, 'shop/cart', 8080);
    expect(refusal(() => expect(network).toDeny(prometheus, 'shop{app=cart}', 8080))).toContain('is unknown');
    expect(refusal(() => expect(network).toAllow(prometheus, 'shop{app=cart}', 9090))).toContain('is denied');
    expect(network).toDeny(prometheus, 'shop{app=cart}', '8080/UDP');
  });

  test('take a port by name at pods that are not known for whatever these call so', () => {
    const prometheus = 'monitoring{app=prometheus}';
    expect(network).toAllow(prometheus, 'shop{app=cart}', 'metrics');
    expect(network).toDeny(prometheus, 'shop{app=cart}', 'metrics/UDP');
    // A rule by number opens it only where that is the number.
    const byNumber = refusal(() => expect(network).toAllow('shop{app=frontend}', 'shop{app=cart}', 'grpc'));
    expect(byNumber).toContain('on grpc/TCP (whatever its number): expected to be allowed, is denied');
    expect(byNumber).toContain('shop{app=cart} whose port grpc is 8080/TCP on 8080/TCP');
    expect(byNumber).toContain('note: a pod that could exist may call any number grpc');
    expect(refusal(() => expect(network).toDeny('shop{app=frontend}', 'shop{app=cart}', 'http'))).toContain(
      'on 7070/TCP: expected to be denied, is unknown',
    );
    // A name that is in no rule is one that nothing opens; with any protocol, as long as none is said.
    expect(refusal(() => expect(network).toAllow(prometheus, 'shop{app=cart}', 'admin-console'))).toContain(
      'on admin-console/SCTP, admin-console/TCP, admin-console/UDP (whatever its number): expected to be allowed, is denied',
    );
    const dns = networkOfText(`apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: dns, namespace: dns }
spec: { podSelector: {}, policyTypes: [Ingress], ingress: [{ ports: [{ port: dns, protocol: UDP }] }] }
`);
    expect(refusal(() => expect(dns).toDeny('shop{}', 'dns{}', 'dns'))).toContain('on dns/UDP');
    expect(refusal(() => expect(network).toAllow(prometheus, 'shop{app=cart}', 'metrisc'))).toContain(
      '`metrisc` is no port of shop{app=cart}: no rule and no container calls one so; did you mean `metrics`?',
    );
    expect(network).toReachOnly('shop/frontend', [
      'shop{app=cart} on grpc',
      'kube-system{k8s-app=kube-dns} on 53, 53/UDP',
    ]);
  });

  test('say of a port by name that its number is any, and why of a pod that calls a port so', () => {
    const prometheus = 'monitoring{app=prometheus}';
    const byName = `${shopText}---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: monitoring, namespace: monitoring }
spec: { podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: metrics }] }] }
`;
    const named = refusal(() => expect(networkOfText(byName)).toDeny(prometheus, 'shop{app=cart}'));
    expect(named).toContain(
      `${prometheus} → shop{app=cart} on metrics/TCP (whatever its number): expected to be denied`,
    );
    expect(named).toContain(`→ shop{app=cart} whose port metrics is 9090/TCP on 9090/TCP`);
    const numbered = refusal(() => expect(network).toDeny(prometheus, 'shop{app=cart}', 7000));
    expect(numbered).toContain('on 7000/TCP: expected to be denied, is unknown');
    expect(numbered).toContain(`ALLOWED ${prometheus} → shop{app=cart} whose port metrics is 7000/TCP on 7000/TCP`);
    expect(numbered).toContain('note: a pod that could exist may call any number metrics');
    expect(numbered).toContain('shop/cart ingress[1] allows it');
  });

  test('refuse names and ports that mean nothing, with the nearest one', () => {
    expect(refusal(() => expect(network).toAllow('shop/frontend', 'shop/crat'))).toBe(
      '`to shop/crat` names no workload of the input; did you mean `shop/cart`?',
    );
    expect(refusal(() => expect(network).toAllow('frontend', 'cart', 'grcp'))).toContain('it has `grpc` (7070/TCP)');
    expect(refusal(() => expect(network).toAllow('shop/frontend', 'shop/batch'))).toContain('declares no ports');
    expect(refusal(() => expect(network).toDeny([], 'shop/cart'))).toContain('never everybody');
    expect(refusal(() => expect(network).toDeny('10.0.0.1', '10.0.0.2'))).toContain('both outside the cluster');
    expect(refusal(() => expect(network).toAllow('shop/frontend', 'shop/cart', 99999))).toContain('`port 99999`: port');
    expect(refusal(() => expect(network).toBeIsolated('shop/cart', 'sideways' as never))).toContain(
      '`sideways` is no direction; give `ingress` or `egress`',
    );
    expect(refusal(() => expect(7).toDeny('a', 'b'))).toContain('`7` is no network');
  });

  test('are refused of pods of a network: both ends are named, and a denial would be of something else', () => {
    for (const matcher of ['toAllow', 'toDeny'] as const) {
      const stated = () => expect(network.pods('shop/cart'))[matcher]('shop/redis', 'shop/cart');
      expect(refusal(stated)).toContain(`\`${matcher}\` names both ends`);
    }
  });
});

describe('a network', () => {
  test.for([
    [
      'a text that is a promise',
      () => networkOfText(Promise.resolve('') as never),
      'which is no text; give the YAML itself, and await what is a promise',
    ],
    ['an App that is the module it is in', () => networkOfApp({ app: {} } as never), 'which is no App; give the App'],
    [
      'an option that is mistyped',
      () => networkOfText('', { cnii: 'calico' } as never),
      'no option of networkOfText; did you mean `cni`?',
    ],
  ] as const)('is not made of %s', ([, make, why]) => {
    expect(refusal(make)).toContain(why);
  });

  test('is stated nothing of with an option that is mistyped', () => {
    expect(refusal(() => expect(network).toMatchConnectivity({ nme: 'x' } as never))).toContain(
      'no option of toMatchConnectivity; did you mean `name`?',
    );
    expect(refusal(() => expect(network).toMatchPolicies({ nme: 'x' } as never))).toContain('did you mean `name`?');
    expect(refusal(() => expect(network).toHold({ form: 'shop/batch', to: 'shop/cart' } as never))).toContain(
      'no option of toHold; did you mean `from`?',
    );
  });
});

describe('toBeIsolated', () => {
  test('holds where policies select the pods, in both directions or the one that is asked for', () => {
    expect(network.pods('shop/*')).toBeIsolated();
    expect(network).toBeIsolated('shop/redis', 'egress');
    expect(network).not.toBeIsolated('open/tool');
    expect(refusal(() => expect(network.pods('open/tool')).toBeIsolated('ingress'))).toContain(
      'no policy selects it for ingress',
    );
  });

  test('holds of every pod that could exist in a namespace only if some policy selects them all', () => {
    expect(network).toBeIsolated('shop{}');
    const partly = networkOfText(
      shopText.replace('podSelector: {}, policy', 'podSelector: { matchLabels: { app: cart } }, policy'),
    );
    expect(partly).not.toBeIsolated('shop{}');
    expect(partly).toBeIsolated('shop{app=cart}');
  });
});

describe('toReachOnly and toBeReachableOnlyFrom', () => {
  test('hold if just these are reached, on just these ports, of all pods that could exist and all addresses', () => {
    expect(network.pods('shop/cart')).toReachOnly(['shop/redis']);
    expect(network.pods('shop/batch')).toReachOnly([]);
    expect(network).toReachOnly('shop/frontend', ['shop/cart on grpc', { peer: Peer.kubeDns() }]);
    expect(network).toBeReachableOnlyFrom('shop/redis', ['shop/cart']);
    expect(network).toBeReachableOnlyFrom('shop/cart', ['shop/frontend on grpc', '*{app=prometheus} on metrics']);
    expect(network).toBeReachableOnlyFrom('shop/frontend', ['0.0.0.0/0 except 10.0.0.0/8']);
  });

  test('name one connection more, and one less', () => {
    const text = refusal(() => expect(network).toReachOnly('shop/frontend', ['shop/cart on grpc', 'shop/redis']));
    expect(text).toContain('shop/frontend → shop/redis on 6379/TCP: expected to be allowed, is denied');
    expect(text).toContain(
      'shop/frontend → kube-system{k8s-app=kube-dns} on 53/TCP, 53/UDP: expected to be denied, is allowed',
    );
    const prometheus = refusal(() => expect(network).toBeReachableOnlyFrom('shop/cart', ['shop/frontend on grpc']));
    expect(prometheus).toContain('open{app=prometheus} → shop/cart on 9090/TCP: expected to be denied, is allowed');
    const open = refusal(() => expect(network).toReachOnly('open/tool', []));
    expect(open).toContain('open/tool → any address on every port: expected to be denied, is allowed');
  });
});

/** An app whose guarantee holds as long as nothing more is opened. */
function shopApp(more: (shop: { web: Service; db: Service }) => void = () => {}): {
  network: () => Network;
  never: Never;
} {
  const app = new App();
  const production = new Environment(app, 'production');
  const shop = new Namespace(production, 'shop');
  const web = new Service(new Tier(shop, 'web'), 'web', { ports: { http: 8080 } });
  const api = new Service(shop, 'api', { ports: { http: 8080, metrics: 9090 } });
  const db = new Service(shop, 'db', { ports: { sql: 5432 } });
  api.allowFrom(web, { ports: ['http'] });
  db.allowFrom(api);
  const never = new Never(production, 'web-never-reads', { from: web, to: db, ports: ['sql'] });
  more({ web, db });
  return { network: () => networkOfApp(app), never };
}

describe('a network of an app', () => {
  test('has its services by the names that the cluster and the code know, and by themselves', () => {
    const shop = shopApp().network();
    expect(shop).toAllow('shop/web', 'shop/api', 'http');
    expect(shop).toAllow('production/shop/web/web', 'production/shop/api', 'http');
    expect(shop).toDeny('production/shop/web', 'shop/db');
    expect(shop.pods('production/shop/web/web')).toReachOnly(['shop/api on http', Peer.kubeDns()]);
  });

  test('has ports of which the code gives the name alone by that name, whatever its number', () => {
    const app = new App();
    const shop = new Namespace(new Environment(app, 'prod'), 'shop');
    const [web, job] = ['web', 'job'].map((id) => new Service(shop, id, { ports: { http: 80 } })) as [Service, Service];
    const api = new Service(shop, 'api', { ports: { grpc: Port.named('grpc'), admin: Port.named('admin') } });
    api.allowFrom(web, { ports: ['grpc'] });
    const named = networkOfApp(app);
    expect(named).toAllow(web, api, 'grpc');
    expect(named).toDeny(web, api, 'admin');
    expect(named).toDeny(job, api);
    expect(named).toReachOnly(web, ['shop/api on grpc', Peer.kubeDns()]);
    expect(named).toBeReachableOnlyFrom(api, [{ peer: 'shop/web', ports: ['grpc'] }]);
    expect(refusal(() => expect(named).toDeny(web, api))).toContain(
      'shop/web → shop/api on grpc/TCP (whatever its number): expected to be denied, is allowed',
    );
    expect(refusal(() => expect(named).toAllow(web, api))).toContain('on admin/TCP (whatever its number)');
    // It may be that number.
    expect(refusal(() => expect(named).toDeny(web, api, 8080))).toContain('expected to be denied, is unknown');
    expect(refusal(() => expect(named).toBeReachableOnlyFrom(api, []))).toContain('shop/web → shop/api on grpc/TCP');
    expect(refusal(() => expect(named).toHold({ from: web, to: api }))).toContain('on grpc/TCP');
    expect(refusal(() => expect(named).toAllow(job, api, 'grpc'))).toContain(
      "new AllowFrom(api, 'job', { from: job, ports: ['grpc'] });",
    );
    expect(refusal(() => expect(named).toAllow(web, api, 'gprc'))).toContain(
      '`gprc` is no port of shop/api; it has `grpc`, `admin`',
    );
  });

  test('has such ports of a pod of the host network too', () => {
    const read = networkOfText(`
apiVersion: v1
kind: Pod
metadata: { name: agent, namespace: shop, labels: { app: agent } }
spec: { hostNetwork: true, containers: [{ name: own, image: own }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Egress]
  egress: [{ to: [{ podSelector: { matchLabels: { app: agent } } }], ports: [{ port: metrics }] }]
`);
    const portNames = [{ name: 'metrics', protocol: 'TCP' as const }];
    const cluster = { ...read.cluster, workloads: read.cluster.workloads.map((own) => ({ ...own, portNames })) };
    const facts = { ...read.profile.facts, selectsHostNetworkPods: { value: 'yes' as const } };
    const named = new Network(cluster, { cni: { ...read.profile, facts } });
    expect(named).toAllow('shop{app=web}', 'shop/agent', 'metrics');
    expect(refusal(() => expect(named).toDeny('shop{app=web}', 'shop/agent', 'metrics'))).toContain('is allowed');
  });

  test('names the line of the code that a failure is about', () => {
    const text = refusal(() => expect(shopApp().network()).toAllow('shop/web', 'shop/db'));
    expect(text).toMatch(/\n +at test\/testing\/matchers\.test\.ts:\d+\n/);
    expect(text).not.toMatch(/\.yaml:\d|Which comes to/);
    const allowed = refusal(() => expect(shopApp().network()).toDeny('shop/web', 'shop/api'));
    const lines = readFileSync(__filename, 'utf8').split('\n');
    const intent = lines.findIndex((line) => line.startsWith('  api.allowFrom(web,')) + 1;
    expect(allowed).toContain(`      at test/testing/matchers.test.ts:${intent}\n`);
    expect(text).toMatch(/the guarantee `web-never-reads` \(test\/testing\/matchers\.test\.ts:\d+\) forbids this/);
    const proposed = refusal(() => expect(shopApp().network()).toAllow('shop/db', 'shop/web'));
    expect(proposed).toMatch(
      /tierwall writes these policies from production\/shop\/db \(test\/testing\/matchers\.test\.ts:\d+\)/,
    );
  });

  test('toBeProved and toHold say what the proof of synthesis says', () => {
    const { network, never } = shopApp();
    const shop = network();
    expect(shop).toBeProved();
    expect(shop).toHold(never);
    expect(shop).toHold({ from: 'shop{}', to: 'internet' });
    const broken = refusal(() => expect(shop).toHold({ from: 'production/shop/web', to: 'shop/api', ports: 'http' }));
    expect(broken).toContain('shop/web → shop/api on 8080/TCP: expected to be denied, is allowed');
    expect(refusal(() => expect(network).toBeProved())).toContain('is no network');
    expect(refusal(() => expect(networkOfText(shopText)).toBeProved())).toContain('networkOfApp');
  });

  test('names the internet, and proposes it as the peer', () => {
    const { network } = shopApp();
    const ingress = refusal(() => expect(network()).toAllow('internet', 'shop/web'));
    expect(ingress).toContain('  internet → shop/web on 8080/TCP: expected to be allowed, is denied\n');
    expect(ingress).toContain(
      "new AllowFrom(web, 'from-internet', { from: Peer.internet({ via: 'direct' }), ports: ['http'] });",
    );
    expect(ingress).toContain(
      'This opens internet → pods app.kubernetes.io/name=web of shop on 8080/TCP, and nothing else.',
    );
    const egress = refusal(() => expect(network()).toAllow('shop/web', 'internet', 443));
    expect(egress).toContain("web.allowTo(Peer.internet(), { ports: ['443/TCP'] });");
  });

  test('names the internet with what is not like the rest of it', () => {
    const { network } = shopApp(({ web }) => {
      web.allowFrom(Peer.cidr('8.8.8.8/32'));
      web.allowTo(Peer.internet(), { ports: [443] });
    });
    const some = refusal(() => expect(network()).toAllow('internet', 'shop/web'));
    expect(some).toContain('  internet except 8.8.8.8/32 → shop/web on 8080/TCP: expected to be allowed, is denied\n');
    const only = refusal(() => expect(network()).toReachOnly('shop/web', ['shop/api on http', Peer.kubeDns()]));
    expect(only).toContain('shop/web → internet on 443/TCP: expected to be denied, is allowed');
  });

  test('of a project is proved as synthesis proves it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'project-'));
    const root = resolve(__dirname, '../..');
    const main = (more: string) => `const { App } = require(${JSON.stringify(join(root, 'node_modules/cdk8s'))});
const { Environment, Namespace, Never, Service } = require(${JSON.stringify(join(root, 'dist'))});
const app = new App();
const shop = new Namespace(new Environment(app, 'production'), 'shop');
const web = new Service(shop, 'web', { ports: { http: 8080 } });
const db = new Service(shop, 'db', { ports: { sql: 5432 } });
new Never(shop, 'no-queries', { from: web, to: db });
${more}
app.synth();
`;
    writeFileSync(join(folder, 'main.js'), main(''));
    const run = { cwd: folder, app: `${process.execPath} main.js` };
    const network = await networkOfProject(run);
    expect(network).toBeProved();
    writeFileSync(join(folder, 'main.js'), main('db.allowFrom(web);'));
    await expect(networkOfProject(run)).rejects.toThrow('no-queries');
  });

  test('is refused with every mistake of the app', () => {
    const { network } = shopApp(({ web, db }) => db.allowFrom(web, { ports: ['sql'] }));
    expect(refusal(network)).toContain('web-never-reads');
  });
});

describe('snapshots beside the test', () => {
  const folder = mkdtempSync(join(tmpdir(), 'snapshot-'));
  const run = (mode: 'all' | 'new' | 'none', text: string, matcher: 'toMatchConnectivity' | 'toMatchPolicies') => {
    const state = {
      testPath: join(folder, 'shop.test.ts'),
      currentTestName: 'shop > is small',
      snapshotState: { _updateSnapshot: mode },
    };
    return networkMatchers[matcher].call(state, networkOfText(text));
  };
  const more = shopText
    .replace('ports: [{ port: 6379 }]\n---', 'ports: [{ port: 6379 }, { port: 6380 }]\n---')
    .replace('app: cart } } }]\n      ports: [{ port: 6379 }]\n', 'app: cart } } }]\n      ports: [{ port: 6380 }]\n');

  test('toMatchConnectivity writes who may talk to whom once, and tells a change as connections opened and closed', () => {
    expect(run('none', shopText, 'toMatchConnectivity').message()).toContain('in CI none is written');
    expect(run('new', shopText, 'toMatchConnectivity').pass).toBe(true);
    const file = join(folder, '__snapshots__', 'shop.test.ts.shop-is-small.connectivity.txt');
    expect(readFileSync(file, 'utf8')).toMatch(
      /^5 workloads in 2 namespaces, 4 policies\n\n[\s\S]*\nshop\/cart → shop\/redis: 6379\/TCP\n/,
    );
    expect(run('none', shopText, 'toMatchConnectivity').pass).toBe(true);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'));
    expect(run('none', shopText, 'toMatchConnectivity').pass).toBe(true);
    const { pass, message } = run('new', more, 'toMatchConnectivity');
    expect(pass).toBe(false);
    expect(first(message(), 3)).toBe(
      'connections changed: 1 opened, 1 closed\n  + shop/cart → shop/redis on 6380/TCP\n  - shop/cart → shop/redis on 6379/TCP',
    );
    expect(run('all', more, 'toMatchConnectivity').pass).toBe(true);
    expect(run('none', more, 'toMatchConnectivity').pass).toBe(true);
  });

  test('of different content are refused one file, and names of any script tell them apart', () => {
    const snapshotState = { _updateSnapshot: 'all' };
    const kept = (text: string, currentTestName: string, options: { name?: string } = {}) =>
      networkMatchers.toMatchConnectivity.call(
        { testPath: join(folder, 'two.test.ts'), currentTestName, snapshotState },
        networkOfText(text),
        options,
      ).pass;
    expect(kept(shopText, 'the shop')).toBe(true);
    expect(kept(shopText, 'the shop')).toBe(true);
    expect(refusal(() => kept(more, 'The shop!'))).toBe(
      'another snapshot is kept in two.test.ts.The-shop.connectivity.txt already; give each its `name`',
    );
    expect(kept(more, 'the shop', { name: 'tomorrow' })).toBe(true);
    expect(kept(shopText, 'склад')).toBe(true);
    expect(kept(more, 'магазин')).toBe(true);
  });

  test('toMatchPolicies keeps the policies as YAML and shows the lines that differ', () => {
    expect(run('new', shopText, 'toMatchPolicies').pass).toBe(true);
    expect(existsSync(join(folder, '__snapshots__', 'shop.test.ts.shop-is-small.policies.yaml'))).toBe(true);
    const { pass, message } = run('new', more, 'toMatchPolicies');
    expect(pass).toBe(false);
    expect(message()).toMatch(/\n-.*port: 6379\n\+.*port: 6380\n/);
  });
});
