import { expect, test } from 'vitest';
import { Quarrels } from '../../lib/live/quarrels';

test('what is put back five times in ten minutes is left alone, longer each time, and forgotten in the end', () => {
  let now = 0;
  const quarrels = new Quarrels(() => now);
  const fight = () => {
    for (let i = 0; i < 5; i++) quarrels.note('shop/cart');
  };
  for (let i = 0; i < 4; i++) quarrels.note('shop/cart');
  expect(quarrels.truce('shop/cart')).toBeUndefined();
  quarrels.note('shop/cart');
  expect(quarrels.truce('shop/cart')).toEqual({ ms: 30_000, begins: 'now' });
  expect(quarrels.truce('shop/web')).toBeUndefined();
  now = 10_000;
  expect(quarrels.truce('shop/cart')).toEqual({ ms: 20_000, begins: 'earlier' });
  now = 31_000;
  fight();
  expect(quarrels.truce('shop/cart')).toEqual({ ms: 60_000, begins: 'now' });
  now = 2_000_000;
  expect(quarrels.truce('shop/cart')).toBeUndefined();
  fight();
  expect(quarrels.truce('shop/cart')).toEqual({ ms: 30_000, begins: 'now' });
});
