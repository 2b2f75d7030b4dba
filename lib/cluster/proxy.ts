import { isIP } from 'node:net';
import { parseAddress, parseCidr } from '../sets/cidr';

/**
 * The proxy by which a server is asked, as kubectl finds it in the environment: HTTPS_PROXY or HTTP_PROXY, unless NO_PROXY names the
 * server by host, domain, address or range. The machine itself is never asked by a proxy.
 */
export function proxyFor(server: string, env: NodeJS.ProcessEnv): string | undefined {
  const { protocol, hostname, port } = new URL(server);
  const [name, usualPort] = protocol === 'https:' ? ['HTTPS_PROXY', '443'] : ['HTTP_PROXY', '80'];
  const proxy = env[name] || env[name.toLowerCase()];
  const host = hostname.replace(/^\[|\]$/g, '');
  if (!proxy || host === 'localhost' || isIn('127.0.0.0/8', host) || isIn('::1/128', host)) return undefined;
  const exceptions = (env['NO_PROXY'] || env['no_proxy'] || '').toLowerCase().split(',');
  if (exceptions.some((entry) => isNamed(entry.trim(), host, port || usualPort))) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function isNamed(entry: string, host: string, port: string): boolean {
  if (entry.includes('/')) return isIn(entry, host);
  const [, named = '', itsPort = port] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(isIP(entry) ? `[${entry}]` : entry)!;
  if (named === '' || itsPort !== port) return false;
  if (isIP(named)) return isIn(`${named}/${isIP(named) === 4 ? 32 : 128}`, host);
  // `*.example` is as `.example`, the hosts of the domain; `example` is that host too.
  const domain = named.replace(/^\*/, '');
  return domain.startsWith('.') || domain === '' ? host.endsWith(domain) : `.${host}`.endsWith(`.${domain}`);
}

function isIn(cidr: string, host: string): boolean {
  const [range, address] = [parseCidr(cidr), parseAddress(host)];
  if (!range || address?.family !== range.family) return false;
  return range.first <= address.value && address.value <= range.last;
}
