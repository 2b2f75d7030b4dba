import { outsideAtoms } from '../../model/atom';
import type { Issue } from '../../model/issue';
import type { AddressBlock } from '../../model/outside';
import { Port } from '../../model/port';
import { type Declared, isGroup, type Party, type Program } from '../../model/program';
import { addressesOf } from '../../sets/address-set';
import { type Cidr, cidrContains, cidrHasHostBits, cidrToString, parseAddress, parseCidr } from '../../sets/cidr';
import { problem } from './problem';

/** Every CIDR that is declared is valid, without host bits, and every `except` lies strictly inside its CIDR. */
export function checkAddresses(program: Program): Issue[] {
  const issues: Issue[] = [];
  const ask = (declared: Declared, blocks: readonly AddressBlock[]) => {
    for (const block of blocks) issues.push(...blockIssues(declared, block));
  };
  for (const declared of program.environments) {
    const cidrs = [...(declared.apiServer?.cidrs ?? []), ...declared.notInternet];
    ask(
      declared,
      cidrs.map((cidr) => ({ cidr, except: [] })),
    );
    ask(
      declared,
      declared.dns.servers.flatMap((server) => (server.kind === 'addresses' ? server.blocks : [])),
    );
    const { apiServer, dns, notInternet } = declared;
    if (apiServer?.cidrs.length === 0) {
      issues.push(problem('no-addresses', declared, '`apiServer` has no CIDRs', 'give the endpoints’ addresses'));
    }
    for (const number of apiServer ? [apiServer.port, dns.port] : [dns.port]) {
      const wrong = Port.tcp(number).problem;
      if (wrong) issues.push(problem('bad-port', declared, wrong, 'give the port on which its pods or hosts listen'));
    }
    if (notInternet.length === 0) {
      const message = '`notInternet` is empty, so every address would be the internet, private ones included';
      issues.push(problem('no-addresses', declared, message, 'leave it out, or add to `specialAddresses`'));
    } else if (outsideAtoms(internet, declared).length === 0) {
      const message = '`notInternet` leaves no address that is the internet';
      issues.push(problem('no-addresses', declared, message, 'give the ranges that are not public'));
    }
  }
  for (const intent of program.intents) {
    for (const party of [intent.caller, intent.callee]) ask(intent, blocksOf(party));
  }
  for (const guarantee of program.guarantees) {
    for (const party of [...guarantee.from, ...guarantee.to]) {
      if (party.kind !== 'environment') ask(guarantee, blocksOf(party));
    }
  }
  return issues;
}

const internet = { kind: 'internet', description: 'the internet', via: undefined } as const;

const mapped = parseCidr('::ffff:0:0/96') as Cidr;

function blocksOf(party: Party): readonly AddressBlock[] {
  if (isGroup(party)) return [];
  if (party.kind === 'internet' && typeof party.via === 'object') return blocksOf(party.via);
  return party.kind === 'addresses' ? party.blocks : [];
}

function blockIssues(declared: Declared, block: AddressBlock): Issue[] {
  const issues = [block.cidr, ...block.except].flatMap((text) => cidrIssues(declared, text));
  const whole = parseCidr(block.cidr);
  const valid = issues.length === 0;
  for (const text of whole ? block.except : []) {
    const hole = parseCidr(text);
    if (hole && !(cidrContains(whole!, hole) && hole.prefix > whole!.prefix)) {
      const message = `\`except\` \`${text}\` is not strictly inside \`${block.cidr}\``;
      issues.push(problem('except-outside', declared, message, 'leave out a part of the CIDR, or remove it'));
    }
  }
  if (valid && issues.length === 0 && block.except.length > 0 && addressesOf(block).isEmpty) {
    const message = `\`except\` leaves no address of \`${block.cidr}\``;
    issues.push(problem('no-addresses', declared, message, 'leave out less, or remove the statement'));
  }
  return issues;
}

function cidrIssues(declared: Declared, text: string): Issue[] {
  const cidr = parseCidr(text);
  if (!cidr) {
    const bare = parseAddress(text);
    const hint = bare
      ? `write \`${text}/${bare.family === 4 ? 32 : 128}\` for that one address`
      : 'write it as `10.0.0.0/8` or `2001:db8::/32`';
    return [problem('bad-cidr', declared, `\`${text}\` is no CIDR`, hint)];
  }
  if (cidrContains(mapped, cidr)) {
    const message = `\`${text}\` holds IPv4-mapped addresses, which readers take for IPv4 or for IPv6`;
    return [problem('bad-cidr', declared, message, 'write the IPv4 addresses, as `10.0.0.0/8`')];
  }
  if (!cidrHasHostBits(text)) return [];
  return [
    problem('host-bits', declared, `\`${text}\` has bits set beyond its prefix`, `write \`${cidrToString(cidr)}\``),
  ];
}
