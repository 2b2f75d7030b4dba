import { expect, test } from 'vitest';
import { wavesOf } from '../../lib/live/waves';

test('tests come first, then staging, then others, then production', () => {
  const names = [
    'production',
    'prod-eu',
    'staging',
    'uat',
    'shop-test',
    'dev',
    'demo',
    'qa2',
    'preprod',
    'eu-production',
    'prod-dev-tools',
    'live-test',
    'prod-canary',
    'pre-prod',
  ];
  expect(wavesOf(names, [])).toEqual([
    ['dev', 'qa2', 'shop-test'],
    ['pre-prod', 'preprod', 'prod-canary', 'staging', 'uat'],
    ['demo'],
    ['eu-production', 'live-test', 'prod-dev-tools', 'prod-eu', 'production'],
  ]);
});

test('waves that are given are taken as they are', () => {
  expect(wavesOf(['a', 'b', 'c'], ['b', 'c,a'])).toEqual([['b'], ['c', 'a']]);
});
