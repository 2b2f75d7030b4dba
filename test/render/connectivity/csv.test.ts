import { describe, expect, it } from 'vitest';
import { connectivityToCsv } from '../../../lib/render/connectivity/csv';
import { renamed, shop } from './shop';

/** Reads RFC 4180. */
function parse(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    record.push(quoted?.replaceAll('""', '"') ?? bare!);
    if (end === ',') continue;
    records.push(record);
    record = [];
  }
  return records;
}

describe('connectivity as CSV', () => {
  const text = connectivityToCsv(shop());

  it('is a record for each two ends', () => {
    expect(text.replaceAll('\r\n', '\n')).toMatchInlineSnapshot(`
      "from,to,ports,decision,because
      monitoring/prometheus,monitoring/prometheus,*,allowed,
      monitoring/prometheus,shop/cart,9100/TCP,allowed,
      monitoring/prometheus,shop/redis,9100/TCP,allowed,
      monitoring/prometheus,shop/frontend,8080/TCP 9100/TCP,allowed,
      shop/cart,monitoring/prometheus,6379-6380/TCP,unknown,does an ipBlock match the address of a pod?
      shop/cart,shop/redis,6379/TCP,allowed,
      shop/cart,shop/redis,6380/TCP,unknown,does an ipBlock match the address of a pod?
      shop/frontend,shop/cart,7070/TCP,allowed,
      any address,monitoring/prometheus,*,allowed,
      any address,shop/frontend,8080/TCP,allowed,
      monitoring/prometheus,any address,*,allowed,
      shop/cart,10.0.0.0/8,6379-6380/TCP,allowed,
      "
    `);
  });

  it('is read back by RFC 4180, whatever the names are', () => {
    const hostile = 'a,b"c"';
    const [header, ...records] = parse(connectivityToCsv(renamed(shop(), 'cart', hostile)));
    expect(header).toEqual(['from', 'to', 'ports', 'decision', 'because']);
    expect(new Set(records.map(({ length }) => length))).toEqual(new Set([5]));
    expect(records).toContainEqual(['shop/frontend', `shop/${hostile}`, '7070/TCP', 'allowed', '']);
  });

  it.for(['=cmd()', '+1', '-1', '@x'])('holds no cell that a spreadsheet would compute, as %s', (formula) => {
    for (const cell of parse(connectivityToCsv(renamed(shop(), 'shop/cart', formula))).flat()) {
      expect(cell).not.toMatch(/^[=+\-@]/);
    }
  });
});
