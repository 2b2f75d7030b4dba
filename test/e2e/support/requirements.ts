import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const requirements = {
  linux: { text: 'Linux', isMet: () => process.platform === 'linux' },
  root: { text: 'root', isMet: () => process.getuid?.() === 0 },
  go: { text: 'Go 1.24 or later', isMet: () => goMinor() >= 24 },
  netns: { text: 'network namespaces (unshare, ip)', isMet: () => runs('unshare', '--net', 'ip', 'link') },
  iptables: { text: 'iptables', isMet: () => runs('iptables', '--version') },
  ipset: { text: 'ipset', isMet: () => runs('ipset', 'version') },
  conntrack: { text: 'conntrack', isMet: () => runs('conntrack', '--version') },
};
export type Requirement = keyof typeof requirements;

/** Of a server and its clients. */
export const apiServer: readonly Requirement[] = ['linux', 'go'];
/** Of real packets, too. */
export const dataplane: readonly Requirement[] = ['linux', 'root', 'go', 'netns', 'iptables', 'ipset', 'conntrack'];

/** What this machine lacks. */
export function missing(needed: readonly Requirement[]): string[] {
  return needed.filter((name) => !requirements[name].isMet()).map((name) => requirements[name].text);
}

/** What no packet is sent by, though the API knows it, and why. */
export function notSent(): string[] {
  const hasSctp = /^SCTP/m.test(readFileSync('/proc/net/protocols', 'utf8'));
  return [
    `SCTP (${hasSctp ? 'the pods do not speak it' : 'this kernel does not have it'})`,
    'IPv6 (Felix is started without it, and pods have addresses of IPv4 alone)',
  ];
}

function runs(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function goMinor(): number {
  const { stdout } = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' });
  return Number(/^go1\.(\d+)/.exec(stdout ?? '')?.[1] ?? 0);
}
