import { describe, expect, it } from 'vitest';
import { listDiff } from '../../../lib/analysis/diff/diff';
import { defaultProfile } from '../../../lib/model/cni-profiles';
import { clusterOfTexts } from '../../../lib/read/cluster';
import { possibleText, shownPossible } from '../../../lib/render/diff/words';
import { workload } from '../../render/diff/changes';

const namespace = (name: string, labels: string) =>
  `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {${labels}}}\n`;
const policy = (name: string, spec: string, where = 'shop') =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: ${where}}\nspec: {${spec}}\n`;
const pod = (name: string, owner: string, hash: string, label = 'web') =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  namespace: shop\n  labels: {app: ${label}, pod-template-hash: '${hash}'}\n  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: ${owner}, uid: u, controller: true}]\nspec: {containers: [{name: c, image: c}]}\n`;
const diff = (before: readonly string[], after: readonly string[]) => {
  const [old, fresh] = [before, after].map((texts) =>
    clusterOfTexts(texts.map((text, i) => ({ file: `${i}.yaml`, text }))),
  );
  return listDiff(old!, fresh!, defaultProfile);
};
const ids = (refs: readonly { readonly id: string }[]) => refs.map(({ id }) => id);

describe('a workload that is in another namespace', () => {
  const elsewhere = (text: string) => text.replaceAll('namespace: shop', 'namespace: data');
  const deny = policy('deny', 'podSelector: {}, policyTypes: [Ingress, Egress]');
  const web = policy('web', 'podSelector: {matchLabels: {app: web}}, egress: [{to: [{namespaceSelector: {}}]}]');
  const cart = (port: number, more = '') =>
    policy(
      'cart',
      `podSelector: {matchLabels: {app: cart}}, ingress: [{from: [{namespaceSelector: {}}], ports: [{port: ${port}}]}]${more}`,
    );
  const others = [
    namespace('shop', ''),
    namespace('data', ''),
    deny,
    elsewhere(deny),
    web,
    workload('web'),
    workload('redis'),
  ];
  const moved = (before: readonly string[], after: readonly string[]) => {
    const listing = diff([...others, ...before], [...others, ...after]);
    const { risks, workloads } = listing;
    const rows = workloads.moved.map((row) => [row.before.id, row.after.id, ids(row.others), row.outside]);
    return {
      rows,
      widened: risks.find(({ id }) => id === 'widened')?.count ?? 0,
      ids: [ids(workloads.removed), ids(workloads.added)],
    };
  };

  it('is told as one that moved, and is new and a risk all the same', () => {
    const before = [cart(70), workload('cart')];
    expect(moved(before, before.map(elsewhere))).toEqual({
      rows: [['shop/cart', 'data/cart', [], 'same']],
      // Of web, and of pods that could exist.
      widened: 2,
      ids: [['shop/cart'], ['data/cart']],
    });
  });

  it('is told with those with whom it has to do something else', () => {
    // Which may be those of its own pods, too.
    const egress = ', egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]';
    const after = [cart(71, egress), workload('cart')].map(elsewhere);
    expect(moved([cart(70), workload('cart')], after).rows).toEqual([
      ['shop/cart', 'data/cart', ['data/cart', 'shop/web'], 'other'],
    ]);
  });

  it('may do what it did with others that moved as well', () => {
    const before = [cart(70), workload('cart'), workload('mail'), web.replaceAll('web', 'mail')];
    const all = [
      ['shop/cart', 'data/cart', [], 'same'],
      ['shop/mail', 'data/mail', [], 'same'],
    ];
    expect(moved(before, before.map(elsewhere)).rows).toEqual(all);
  });

  it('is none that moved if it has other labels, or there are several', () => {
    const old = [workload('cart')];
    expect(moved(old, [elsewhere(workload('cart', ', tier: a'))]).rows).toEqual([]);
    expect(
      moved(old, [elsewhere(workload('cart')), workload('cart').replaceAll('namespace: shop', 'namespace: third')])
        .rows,
    ).toEqual([]);
  });
});

describe('a difference', () => {
  it('names the namespace whose labels open a rule that is as it was', () => {
    const others = [
      policy('deny', 'podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {trusted: "yes"}}}]}]'),
      workload('cart'),
      workload('web').replaceAll('namespace: shop', 'namespace: front'),
    ];
    const { connections, possible } = diff(
      [...others, namespace('front', '')],
      [...others, namespace('front', 'trusted: "yes"')],
    );
    expect(connections.map(({ sources, destinations, causes }) => [ids(sources), ids(destinations), causes])).toEqual([
      [
        ['front/web'],
        ['shop/cart'],
        [{ kind: 'namespace', side: 'after', name: 'Namespace front', place: { file: '3.yaml', line: 1 } }],
      ],
    ]);
    expect(possible.map(({ causes }) => causes.map(({ name }) => name))).toEqual([['Namespace front']]);
  });

  it('is there if every pod and address is named in place of everyone: plugins differ whether that picks nodes', () => {
    const each = "from: [{namespaceSelector: {}}, {ipBlock: {cidr: 0.0.0.0/0}}, {ipBlock: {cidr: '::/0'}}]";
    const listing = diff(
      [policy('open', 'podSelector: {}, ingress: [{}]'), workload('cart')],
      [policy('open', `podSelector: {}, ingress: [{${each}}]`), workload('cart')],
    );
    expect(listing.verdict).toBe('different');
    expect(shownPossible(listing).map((change) => [change.kind, possibleText(change)])).toEqual([
      [
        'lost',
        'ingress of any pod of shop from nodes, and pods on their network, that no selector or ipBlock picks on any port',
      ],
    ]);
  });

  it('names the workload whose labels change what it may do', () => {
    const deny = policy(
      'deny',
      'podSelector: {matchLabels: {app: cart}}, ingress: [{from: [{podSelector: {matchLabels: {role: client}}}]}]',
    );
    const { connections } = diff(
      [deny, workload('cart'), workload('web')],
      [deny, workload('cart'), workload('web', ', role: client')],
    );
    expect(
      connections.map(({ sources, causes }) => [ids(sources), causes.map(({ kind, name }) => `${kind} ${name}`)]),
    ).toEqual([[['shop/web'], ['pods Deployment shop/web']]]);
  });

  it('takes pods of one owner for the same, whatever their names and the hash of their template', () => {
    const [old, fresh] = [
      [pod('web-1-a', 'web-1', '1'), pod('web-1-b', 'web-1', '1')],
      [pod('web-2-x', 'web-2', '2'), pod('web-2-y', 'web-2', '2')],
    ];
    expect(diff(old, fresh)).toMatchObject({ verdict: 'equal', workloads: { added: [], removed: [] } });
    expect(ids(diff(old, [...fresh, pod('web-2-z', 'web-2', '2')]).workloads.added)).toEqual(['shop/web-2-z']);
    expect(ids(diff(old, fresh.slice(1)).workloads.removed)).toEqual(['shop/web-1-b']);
  });

  it('knows teams and environments by labels of pods, else of their namespaces', () => {
    const teams = [
      namespace('shop', 'tierwall.dev/team: storefront, tierwall.dev/environment: prod'),
      namespace('bank', 'tierwall.dev/team: payments, tierwall.dev/environment: prod'),
    ];
    const bank = workload('api').replaceAll('namespace: shop', 'namespace: bank');
    const given = [...teams, bank, workload('web'), workload('ledger', ', tierwall.dev/team: payments')];
    const rule = (name: string) =>
      policy(
        'api',
        `podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: ${name}}}}]}]`,
        'bank',
      );
    const deny = policy('api', 'podSelector: {}, policyTypes: [Ingress]', 'bank');
    const risksOf = (name: string) =>
      diff([...given, deny], [...given, rule(name)]).risks.filter(({ id }) => id.startsWith('cross'));
    expect(risksOf('web')).toEqual([
      { id: 'cross-team', count: 1, rows: [{ list: 'connections', index: 0, between: ['payments and storefront'] }] },
    ]);
    expect(risksOf('ledger')).toEqual([]);
  });

  describe('teams and environments', () => {
    const owned = [
      namespace('shop', 'tierwall.dev/team: storefront, tierwall.dev/environment: prod'),
      namespace('bank', 'tierwall.dev/team: payments, tierwall.dev/environment: test'),
    ];
    const bank = workload('api').replaceAll('namespace: shop', 'namespace: bank');
    const deny = policy('api', 'podSelector: {}, policyTypes: [Ingress]', 'bank');
    const open = (from: string) =>
      policy('open', `podSelector: {matchLabels: {app: api}}, ingress: [{from: [{${from}}]}]`, 'bank');
    const fromShop = 'namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}';
    const crossings = (before: readonly string[], after: readonly string[]) =>
      diff(before, after)
        .risks.filter(({ id }) => id.startsWith('cross'))
        .map(({ id, count, rows }) => [id, count, rows.flatMap(({ list, between = [] }) => [list, ...between])]);

    it.for([
      ['a namespace of another', fromShop, ['payments and storefront']],
      [
        'pods of it that say whose they are',
        `${fromShop}, podSelector: {matchLabels: {tierwall.dev/team: payments}}`,
        [],
      ],
      ['namespaces of another', 'namespaceSelector: {matchLabels: {tierwall.dev/team: ads}}', ['ads and payments']],
      ['namespaces of its own', 'namespaceSelector: {matchLabels: {tierwall.dev/team: payments}}', []],
      ['its own namespace', 'podSelector: {}', []],
      ['a namespace of which nothing is known', fromShop.replace('shop', 'elsewhere'), []],
    ] as const)('show in policies alone: %s', ([, from, between]) => {
      const found = crossings([...owned, deny], [...owned, deny, open(from)]);
      expect(found.filter(([id]) => id === 'cross-team')).toEqual(
        between.length > 0 ? [['cross-team', 1, ['possible', ...between]]] : [],
      );
    });

    it('are those of the workloads, where there are workloads at both ends', () => {
      expect(
        crossings([...owned, bank, workload('web'), deny], [...owned, bank, workload('web'), deny, open(fromShop)]),
      ).toEqual([
        ['cross-team', 1, ['connections', 'payments and storefront']],
        ['cross-environment', 1, ['connections', 'prod and test']],
      ]);
    });

    it('hold for both sides where only one of them gives the namespaces', () => {
      const given = [bank, workload('web')];
      const found = [
        ['cross-team', 1, ['connections', 'payments and storefront']],
        ['cross-environment', 1, ['connections', 'prod and test']],
      ];
      expect(crossings([...owned, ...given, deny], [...given, deny, open(fromShop)])).toEqual(found);
      expect(crossings([...given, deny], [...owned, ...given, deny, open(fromShop)])).toEqual(found);
    });
  });

  it('takes a policy of a kind that is not read and says something else for unknown, and one that says the same for what it was', () => {
    const cilium = (spec: string) =>
      `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: web, namespace: shop}\n${spec}\n`;
    const [narrow, wide] = [
      'spec: {endpointSelector: {}, ingress: [{fromEndpoints: [{}]}]}',
      'spec: {endpointSelector: {}, ingress: [{fromEntities: [world]}]}',
    ];
    const risksOf = (old: string, fresh: string) => {
      const { risks, unread } = diff([workload('web'), cilium(old)], [workload('web'), cilium(fresh)]);
      return [
        risks.map(({ id, rows }) => [id, rows.map(({ list }) => list)]),
        unread.after.map(({ change }) => change),
      ];
    };
    expect(risksOf(narrow!, wide!)).toEqual([[['unknown', ['unread']]], ['changed']]);
    expect(risksOf(narrow!, 'spec: {ingress: [{fromEndpoints: [{}]}], endpointSelector: {}}')).toEqual([[], ['same']]);
    expect(risksOf('specs: [{endpointSelector: {}}]', 'specs: [{}]')).toEqual([[['unknown', ['unread']]], ['changed']]);
  });

  it('says to whom an Ingress leads, and whom the policies let in there', () => {
    const service =
      'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n';
    const ingress =
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: public, namespace: shop}\nspec: {defaultBackend: {service: {name: web, port: {number: 80}}}}\n';
    const deny = policy('deny', 'podSelector: {}, policyTypes: [Ingress]');
    const given = [workload('web'), service, deny];
    expect(diff(given, [...given, ingress])).toMatchObject({
      exposures: [{ name: 'public', workload: { id: 'shop/web' }, before: 'none', after: 'nobody' }],
      risks: [{ id: 'exposure', count: 1 }],
    });
    const opened = [workload('web'), service, policy('open', 'podSelector: {}, ingress: [{}]'), ingress];
    expect(diff([...given, ingress], opened).exposures).toMatchObject([{ before: 'nobody', after: 'anyone' }]);
    expect(diff([...given, ingress], given)).toMatchObject({
      exposures: [{ before: 'nobody', after: 'none' }],
      risks: [],
    });
  });

  it('shows policies alone, without a workload, by what they mean for any pod', () => {
    const { verdict, connections, possible, risks } = diff(
      [policy('deny', 'podSelector: {}, policyTypes: [Ingress]')],
      [policy('other', 'podSelector: {}, policyTypes: [Egress]')],
    );
    expect([verdict, connections]).toEqual(['different', []]);
    expect(possible.map(({ kind, direction, causes }) => [kind, direction, causes.map(({ name }) => name)])).toEqual([
      ['gained', 'ingress', ['shop/deny']],
      ['lost', 'egress', ['shop/other']],
    ]);
    expect(risks.map(({ id }) => id)).toEqual(['widened', 'internet', 'exposure', 'isolation-lost', 'narrowed']);
  });
});
