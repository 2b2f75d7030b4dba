import type { AskedEnd, Question } from '../analysis/explain/asked';
import { selects } from '../analysis/explain/asked-ports';
import { didYouMean } from '../constructs/did-you-mean';
import type { Cluster, PlacedWorkload } from '../model/cluster';
import type { Issue } from '../model/issue';
import { addressRanges } from '../sets/address-set';
import { addressToString } from '../sets/cidr';
import { partiesOf } from './parties';

/** What help says of an end. */
export const endHelp =
  'shop/web, Job/shop/import, web (in any namespace), shop{app=web} for a pod that could exist, 203.0.113.7, 10.0.0.0/8 or internet';

const possiblePod = /^([^{}/\s]+)\{([^{}]*)\}$/;

/**
 * Everybody that the text names: workloads, a pod that could exist, or addresses; at the destination also the pods of a Kubernetes
 * Service.
 *
 * @param report receives what cannot be read, and what names nothing
 */
export function askedEnds(
  option: '--from' | '--to',
  text: string,
  cluster: Cluster,
  report: (issue: Issue) => void,
): Question['from'] {
  const braced = possiblePod.exec(text);
  if (braced) return { text, ends: podEnds(option, text, braced[1]!, braced[2]!, cluster, report) };
  const issues: Issue[] = [];
  const { workloads, addresses } = partiesOf(option, [text], cluster, (issue) => issues.push(issue));
  if (!addresses.isEmpty) return { text, ends: [addressEnd(text, addresses, cluster)] };
  if (workloads.size > 0) return { text, ends: [...workloads].map((workload) => ({ kind: 'workload', workload })) };
  const behind = serviceEnds(text, cluster);
  if (behind.length > 0 && option === '--to') return { text, ends: behind };
  const question = text.includes('/') ? undefined : didYouMean(text, namesIn(cluster));
  for (const issue of issues) {
    report(behind.length > 0 ? namesService(issue, behind) : question ? { ...issue, hint: question } : issue);
  }
  return { text, ends: [] };
}

function namesIn({ workloads, services }: Cluster): string[] {
  return [...new Set([...workloads, ...services].map(({ name }) => name))];
}

function addressEnd(text: string, addresses: AskedAddresses, { workloads }: Cluster): AskedEnd {
  const [range] = addressRanges(addresses);
  const own = range ? addressToString(range.first) : '';
  const isOne = range !== undefined && range.first.value === range.last.value;
  const holders = isOne ? workloads.filter((w) => w.network === 'pod' && w.addresses.includes(own)) : [];
  if (holders.length === 1) return { kind: 'workload', workload: holders[0]!, address: own };
  return { kind: 'addresses', text: isOne ? own : text, addresses };
}

type AskedAddresses = Extract<AskedEnd, { kind: 'addresses' }>['addresses'];

function podEnds(
  option: string,
  text: string,
  namespace: string,
  list: string,
  { namespaces, workloads }: Cluster,
  report: (issue: Issue) => void,
): AskedEnd[] {
  const labels: Record<string, string> = {};
  for (const entry of list.split(',').map((part) => part.trim())) {
    const at = entry.indexOf('=');
    if (entry === '') continue;
    if (at < 1) {
      const message = `\`${option} ${text}\`: \`${entry}\` is no label`;
      report({ code: 'bad-label', message, place: {}, hint: 'write labels as in `shop{app=web,tier=front}`' });
      continue;
    }
    labels[entry.slice(0, at)] = entry.slice(at + 1);
  }
  if (!namespaces.some(({ name }) => name === namespace) && workloads.length > 0) {
    const hint = didYouMean(
      namespace,
      namespaces.map(({ name }) => name),
    );
    if (hint)
      report({
        code: 'names-nothing',
        message: `\`${option} ${text}\` names no namespace of the input`,
        place: {},
        hint,
      });
  }
  return [{ kind: 'pod', namespace, labels }];
}

/** The pods of the Service of that name, where it has pods. */
function serviceEnds(text: string, { services, workloads }: Cluster): (AskedEnd & { kind: 'workload' })[] {
  return services
    .filter(({ namespace, name }) => text === `${namespace}/${name}` || text === name)
    .flatMap((via) =>
      workloads
        .filter((workload) => workload.namespace === via.namespace && selects(via, workload.podLabels))
        .map((workload) => ({ kind: 'workload' as const, workload, via })),
    );
}

function namesService(issue: Issue, behind: readonly { readonly workload: PlacedWorkload }[]): Issue {
  const ids = [...new Set(behind.map(({ workload: { namespace, name } }) => `\`${namespace}/${name}\``))];
  return { ...issue, hint: `it is a Service, which makes no connections; its pods are those of ${ids.join(', ')}` };
}
