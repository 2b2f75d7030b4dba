import { describe, expect, test } from 'vitest';
import type { HandedIntent, HandedOpening } from '../../lib/constructs/handed-over';
import { causingIntents } from '../../lib/lint/causing-intents';
import { peerFromJson, portsFromJson } from '../../lib/model/policy-json';

const block = (cidr: string): HandedOpening['peer'] => ({ kind: 'addresses', block: { cidr, except: [] } });
const tcp = (first: number, last = first): HandedOpening['ports'] => [{ protocol: 'TCP', first, last }];

const intent = (path: string, peer: HandedOpening['peer'], ports: HandedOpening['ports'], service = 'prod/shop/web') =>
  ({ path, openings: [{ direction: 'egress', service, peer, ports }] }) as unknown as HandedIntent;

/** The causes of what a rule opens, by name. */
function causes(intents: readonly HandedIntent[], peer: HandedOpening['peer'], ports: HandedOpening['ports'] = '*') {
  const part = {
    direction: 'egress',
    service: 'prod/shop/web',
    peers: [peerFromJson(peer)],
    ports: portsFromJson(ports),
  };
  return causingIntents(intents, part as Parameters<typeof causingIntents>[1]).map(({ path }) => path);
}

describe('of the intents that a rule is written for, the cause of an entry', () => {
  const wide = intent('wide', block('0.0.0.0/0'), tcp(443));
  const narrow = intent('narrow', block('10.0.0.0/8'), tcp(443));
  const other = intent('other', block('10.0.0.0/8'), tcp(80));

  test('is the wide one, and none that it holds', () => {
    expect(causes([narrow, wide], block('0.0.0.0/0'))).toEqual(['wide']);
  });

  test('is the one that asks for every port, and none that asks for some of them', () => {
    expect(causes([other, intent('any', block('10.0.0.0/8'), '*')], block('10.0.0.0/8'))).toEqual(['any']);
  });

  test('is that of its own peers and ports', () => {
    const elsewhere = intent('elsewhere', block('192.168.0.0/16'), tcp(443));
    expect(causes([elsewhere, narrow], block('10.0.0.0/8'))).toEqual(['narrow']);
    expect(causes([other, narrow], block('10.0.0.0/8'), tcp(80))).toEqual(['other']);
  });

  test('is all of them where only together they ask for it', () => {
    const [low, high] = [intent('low', block('0.0.0.0/1'), '*'), intent('high', block('128.0.0.0/1'), '*')];
    expect(causes([low, high], block('0.0.0.0/0'))).toEqual(['low', 'high']);
    expect(causes([narrow, intent('again', block('10.0.0.0/8'), tcp(443))], block('10.0.0.0/8'))).toEqual([
      'narrow',
      'again',
    ]);
  });

  test('is none of another service, as where a whole tier is opened', () => {
    expect(causes([intent('db', block('0.0.0.0/0'), '*', 'prod/shop/db'), narrow], block('10.0.0.0/8'))).toEqual([
      'narrow',
    ]);
  });
});
