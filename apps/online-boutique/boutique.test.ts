import { Peer } from 'tierwall';
import { networkOfApp } from 'tierwall/vitest';
import { describe, expect, test } from 'vitest';
import { onlineBoutique } from './app';

const { app, apart } = onlineBoutique();
const network = networkOfApp(app);

/** Who calls whom, as the services' own documentation draws it. */
const calls: Readonly<Record<string, readonly string[]>> = {
  loadgenerator: ['frontend'],
  frontend: [
    'adservice',
    'cartservice',
    'checkoutservice',
    'currencyservice',
    'productcatalogservice',
    'recommendationservice',
    'shippingservice',
  ],
  checkoutservice: [
    'cartservice',
    'currencyservice',
    'emailservice',
    'paymentservice',
    'productcatalogservice',
    'shippingservice',
  ],
  recommendationservice: ['productcatalogservice'],
  cartservice: ['redis-cart'],
  adservice: [],
  currencyservice: [],
  emailservice: [],
  paymentservice: [],
  productcatalogservice: [],
  shippingservice: [],
  'redis-cart': [],
};
const services = Object.keys(calls);

describe.for(['boutique', 'boutique-staging'])('in %s', (namespace) => {
  const within = (names: readonly string[]) => names.map((name) => `${namespace}/${name}`);

  test.for(services)('%s reaches what it calls, looks up names if it calls anybody, and nothing else', (name) => {
    const callees = calls[name]!;
    const dns = callees.length > 0 ? [Peer.kubeDns()] : [];
    expect(network.pods(`${namespace}/${name}`)).toReachOnly([...within(callees), ...dns]);
  });

  test.for(services.filter((name) => name !== 'loadgenerator'))('%s is reached by its callers alone', (name) => {
    const callers = services.filter((caller) => calls[caller]!.includes(name));
    const shoppers = name === 'frontend' ? [Peer.internet({ via: 'direct' })] : [];
    expect(network.pods(`${namespace}/${name}`)).toBeReachableOnlyFrom([...within(callers), ...shoppers]);
  });

  // Also where a plugin takes addresses of pods for those of the internet.
  test('no service but the load generator reaches the frontend', () => {
    expect(network).toDeny(within(services.filter((name) => name !== 'loadgenerator')), `${namespace}/frontend`);
  });

  test('nobody reaches the load generator', () => {
    expect(network.pods(`${namespace}/loadgenerator`)).toBeReachableOnlyFrom([]);
  });

  test('a pod that no service names is denied everything', () => {
    expect(network).toBeIsolated(`${namespace}{}`);
    const strangers = `${namespace}{app.kubernetes.io/name!=${services.join('|')}}`;
    expect(network).toDeny(strangers, ['*{}', '0.0.0.0/0', '::/0']);
    expect(network).toDeny(['*{}', '0.0.0.0/0', '::/0'], strangers);
  });
});

test('staging never reaches production', () => {
  expect(network).toHold(apart);
});

test('the policies mean what the code says', () => {
  expect(network).toBeProved();
});
