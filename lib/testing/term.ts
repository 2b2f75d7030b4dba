import { didYouMean } from '../constructs/did-you-mean';
import type { Cluster, PlacedWorkload } from '../model/cluster';
import { internetAddresses, internetName } from '../model/internet';
import type { Issue } from '../model/issue';
import { namespaceBox, namespaceNameKey } from '../model/selector';
import { partiesOf } from '../naming/parties';
import { addressesOf } from '../sets/address-set';
import { cidrContains, parseAddress, parseCidr } from '../sets/cidr';
import { LabelBox } from '../sets/label-box';
import type { ClaimEnd } from './claim';
import { readLabels } from './label-text';

/** What help and messages say of an end. */
export const termHelp =
  'shop/web, shop/*, web, "shop{app=web}" for every pod that could exist with such labels, "*{}" for any pod, 10.0.0.0/8, or internet';

const braced = /^(?:\{([^{}]*)\}|([^{}/\s]+))\{([^{}]*)\}$/;

/**
 * Everybody that a text names: workloads of the input, by name or by the construct that declares them; every pod that could exist with
 * certain labels; addresses.
 *
 * @param where of the text, for messages; empty where their place says it
 * @param report receives what cannot be read, and what names nothing
 */
export function endsNamed(text: string, cluster: Cluster, where: string, report: (issue: Issue) => void): ClaimEnd[] {
  const pods = braced.exec(text);
  if (pods) return podsNamed(text, pods, cluster, where, report);
  if (text === internetName) return [{ kind: 'addresses', text, addresses: internetAddresses }];
  const [range = '', except] = text.split(/\s+except\s+/);
  const isRange = parseCidr(range) !== undefined || parseAddress(range.replace(/^address:/, '')) !== undefined;
  if (isRange) return addressesNamed(text, range, except, where, report);
  const declared = cluster.workloads.filter(({ place: { construct } }) => {
    return construct !== undefined && (construct === text || construct.startsWith(`${text}/`));
  });
  if (declared.length > 0) return declared.map((workload) => endOf(workload));
  const issues: Issue[] = [];
  const found = partiesOf(where, [text], cluster, (issue) => issues.push(issue));
  for (const issue of issues) report({ ...issue, hint: issue.hint ?? `write ${termHelp}` });
  return [...found.workloads].map((workload) => endOf(workload));
}

const ends = new WeakMap<PlacedWorkload, ClaimEnd & { kind: 'workload' }>();

/** The same one for the same workload: there are claims about every pair. */
export function endOf(workload: PlacedWorkload): ClaimEnd & { kind: 'workload' } {
  let end = ends.get(workload);
  if (!end) {
    end = { kind: 'workload', text: `${workload.namespace}/${workload.name}`, workload };
    ends.set(workload, end);
  }
  return end;
}

function podsNamed(
  text: string,
  [, labels, name, own = '']: RegExpExecArray,
  { namespaces: known, workloads }: Cluster,
  where: string,
  report: (issue: Issue) => void,
): ClaimEnd[] {
  const bad = (message: string, hint: string) =>
    report({ code: 'bad-label', message: `\`${`${where} ${text}`.trim()}\`: ${message}`, place: {}, hint });
  const namespaces =
    labels !== undefined ? readLabels(labels) : name === '*' ? LabelBox.everything : namespaceBox(name!);
  const pods = readLabels(own);
  for (const box of [namespaces, pods]) {
    if ('wrong' in box) bad(`\`${box.wrong}\` is no label`, 'write labels as in `shop{app=web,tier=front}`');
    else if (box.isEmpty) bad(`no pod can match \`${box}\``, 'correct the labels');
  }
  if ('wrong' in namespaces || 'wrong' in pods) return [];
  const names = known.map((namespace) => namespace.name);
  const [asked] = namespaces.valuesOf(namespaceNameKey) ?? [];
  const question = asked !== undefined && !names.includes(asked) && workloads.length > 0 && didYouMean(asked, names);
  if (question) bad('it names no namespace of the input', question);
  return [{ kind: 'pods', text, space: { namespaces, pods } }];
}

function addressesNamed(
  text: string,
  range: string,
  except: string | undefined,
  where: string,
  report: (issue: Issue) => void,
): ClaimEnd[] {
  const cidrOf = (word: string) => {
    const plain = word.replace(/^address:/, '');
    const address = parseAddress(plain);
    return address ? `${plain}/${address.family === 4 ? 32 : 128}` : plain;
  };
  const cidr = cidrOf(range);
  const holes = (except?.split(',') ?? []).map((word) => cidrOf(word.trim()));
  const whole = parseCidr(cidr)!;
  for (const hole of holes) {
    const parsed = parseCidr(hole);
    if (parsed && cidrContains(whole, parsed)) continue;
    const message = `\`${`${where} ${text}`.trim()}\`: \`${hole}\` is no CIDR inside \`${cidr}\``;
    report({ code: 'bad-cidr', message, place: {}, hint: 'write it as `10.0.0.0/8 except 10.1.0.0/16, 10.2.0.0/16`' });
    return [];
  }
  return [{ kind: 'addresses', text, addresses: addressesOf({ cidr, except: holes }) }];
}
