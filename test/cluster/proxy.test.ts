import { expect, test } from 'vitest';
import { proxyFor } from '../../lib/cluster/proxy';

const proxy = 'http://proxy.example:3128';
const found = (server: string, NO_PROXY = '') => proxyFor(server, { HTTPS_PROXY: proxy, NO_PROXY });

test.for([
  ['https://api.example:6443', { HTTPS_PROXY: proxy }, proxy],
  ['https://api.example:6443', { https_proxy: 'proxy.example:3128' }, proxy],
  ['https://api.example:6443', { HTTP_PROXY: proxy }, undefined],
  ['http://api.example', { HTTP_PROXY: proxy }, proxy],
  ['https://api.example', {}, undefined],
  ['https://localhost:6443', { HTTPS_PROXY: proxy }, undefined],
  ['https://127.1.2.3:6443', { HTTPS_PROXY: proxy }, undefined],
  ['https://[::1]:6443', { HTTPS_PROXY: proxy }, undefined],
] as const)('%s with %o is asked by %s', ([server, env, expected]) => {
  expect(proxyFor(server, env)).toBe(expected);
});

test.for([
  ['api.example', '*'],
  ['api.example', 'other, api.example'],
  ['api.example', 'API.example:6443'],
  ['api.example', 'example'],
  ['api.example', '.example'],
  ['api.example', '*.example'],
  ['10.1.2.3', '10.0.0.0/8'],
  ['10.1.2.3', '10.1.2.3'],
  ['10.1.2.3', '10.1.2.3:6443'],
  ['[fd00::5]', 'fd00::/8'],
  ['[fd00::5]', 'fd00:0::5'],
  ['[fd00::5]', '[fd00::5]:6443'],
])('%s is excepted by NO_PROXY=%s', ([host, exception]) => {
  expect(found(`https://${host}:6443`, exception)).toBeUndefined();
});

test.for([
  ['api.example', 'api.example:443'],
  ['api.example', 'pi.example'],
  ['example', '.example'],
  ['api.example', 'api.example.com'],
  ['10.1.2.3', '10.2.0.0/16'],
  ['10.1.2.3', '10.1.2'],
  ['[fd00::5]', '10.0.0.0/8'],
  ['api.example', ' ,, '],
])('%s is not excepted by NO_PROXY=%s', ([host, exception]) => {
  expect(found(`https://${host}:6443`, exception)).toBe(proxy);
});
