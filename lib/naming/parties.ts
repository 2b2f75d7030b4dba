import type { PartySet } from '../analysis/connectivity/listing-filters';
import { didYouMean } from '../constructs/did-you-mean';
import type { Cluster, PlacedWorkload } from '../model/cluster';
import { internetAddresses, internetName } from '../model/internet';
import type { Issue } from '../model/issue';
import { matcherOf } from '../model/name-pattern';
import { isWorkloadKind, workloadKinds } from '../model/workload';
import { type AddressSet, addressesOf } from '../sets/address-set';
import { parseAddress, parseCidr } from '../sets/cidr';
import { IntervalSet } from '../sets/interval-set';
import { partyHelp } from './notation';

/**
 * The workloads and addresses that the texts name, all together: `namespace/name` where `*` stands for any letters, with a kind before it
 * (`Job/shop/import`); a name in whatever namespace, or else a kind alone; a CIDR, an address as `address:10.1.2.3`, or `internet`.
 *
 * @param report receives what cannot be read, and what names nothing
 */
export function partiesOf(
  option: string,
  texts: readonly string[],
  { workloads }: Cluster,
  report: (issue: Issue) => void,
): PartySet {
  const found = new Set<PlacedWorkload>();
  const addresses: AddressSet[] = [];
  for (const text of texts) {
    const named = addressesNamed(text, workloads);
    if (named) {
      addresses.push(named);
      continue;
    }
    const fits = workloads.some(({ name }) => name === text) ? patternOf(`*/${text}`) : patternOf(text);
    const fitting = fits ? workloads.filter(fits) : [];
    if (fitting.length === 0) report(nothingNamed(option, text, workloads));
    for (const workload of fitting) found.add(workload);
  }
  return { text: texts.join(', '), workloads: found, addresses: IntervalSet.union(addresses) };
}

/** No name of a workload or namespace looks so. */
const addressLike = /^(address:.*|[\d.]+\.[\d.]+(\/\d*)?|[\da-f.]*:[\da-f:.]*(\/\d*)?)$/i;

function addressesNamed(text: string, workloads: readonly PlacedWorkload[]): AddressSet | undefined {
  if (text === internetName && !workloads.some(({ name }) => name === text)) return internetAddresses;
  const written = text.startsWith('address:') ? text.slice('address:'.length) : text;
  const address = parseAddress(written);
  const cidr = address ? `${written}/${address.family === 4 ? 32 : 128}` : written;
  return parseCidr(cidr) ? addressesOf({ cidr, except: [] }) : undefined;
}

type Fits = (workload: PlacedWorkload) => boolean;

function patternOf(text: string): Fits | undefined {
  const parts = text.split('/');
  if (parts.length === 1) {
    const kind = kindOf(text);
    return kind === undefined ? undefined : (workload) => workload.kind === kind;
  }
  const [name, namespace, kindText] = parts.reverse() as [string, string, string?];
  const kind = kindText === undefined ? undefined : kindOf(kindText);
  if (parts.length > 3 || (kindText !== undefined && kind === undefined)) return undefined;
  const [fitsNamespace, fitsName] = [matcherOf(namespace), matcherOf(name)];
  return (workload) =>
    (kind === undefined || workload.kind === kind) && fitsNamespace(workload.namespace) && fitsName(workload.name);
}

/** Also written small, as kubectl takes it. */
function kindOf(text: string): string | undefined {
  return isWorkloadKind(text) ? text : workloadKinds.find((kind) => kind.toLowerCase() === text.toLowerCase());
}

function nothingNamed(option: string, text: string, workloads: readonly PlacedWorkload[]): Issue {
  const given = `\`${`${option} ${text}`.trim()}\``;
  if (addressLike.test(text)) {
    const hint = 'write it as `10.0.0.0/8`, `2001:db8::/32` or `address:10.1.2.3`';
    return { code: 'bad-cidr', message: `${given} is no address and no CIDR`, place: {}, hint };
  }
  const message = `${given} names no workload of the input`;
  return { code: 'names-nothing', message, place: {}, hint: hintFor(text, workloads) };
}

function hintFor(text: string, workloads: readonly PlacedWorkload[]): string {
  if (workloads.length === 0) {
    return 'the input holds no workloads: give their manifests too, or, in the folder of an app, leave the paths out';
  }
  if (!text.includes('/')) {
    if (workloads.some(({ namespace }) => namespace === text)) return `did you mean \`${text}/*\`?`;
    const names = new Set([...workloadKinds, ...workloads.map(({ name }) => name)]);
    const namespaces = new Set(workloads.map(({ namespace }) => namespace));
    const question = didYouMean(text, [...names]) ?? didYouMean(text, [...namespaces])?.replace(/(?=`\?$)/, '/*');
    return question ?? `a party is written as ${partyHelp}`;
  }
  const ids = workloads.map(({ namespace, name }) => `${namespace}/${name}`);
  const short = text.split('/').slice(-2);
  const known = short[1] === '*' ? workloads.map(({ namespace }) => `${namespace}/*`) : ids;
  const question = didYouMean(short.join('/'), [...new Set(known)]);
  const elsewhere = workloads.filter(({ name }) => name === short[1]).map((w) => `${w.namespace}/${w.name}`);
  return question ?? (elsewhere[0] ? `did you mean \`${elsewhere[0]}\`?` : `a party is written as ${partyHelp}`);
}
