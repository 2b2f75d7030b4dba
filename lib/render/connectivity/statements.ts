import type {
  ConnectivityListing,
  ListedExposure,
  ListedPlace,
  ListedReason,
  ListedWorkload,
} from '../../model/connectivity-listing';
import type { Term, Terms } from './ends';
import { shownPorts } from './shown-ports';
import { counted } from './visible-text';

/** One line of the table, for connections inside the cluster and with addresses outside alike. */
export interface ShownRow {
  readonly from: readonly Term[];
  readonly to: readonly Term[];
  readonly ports: readonly string[];
  readonly because: readonly ListedReason[];
}

/** Rows of one decision: those inside the cluster, then what comes in, then what goes out. */
export function shownRows(
  listing: Pick<ConnectivityListing, 'connections' | 'outside'>,
  terms: Terms,
  decision: 'allowed' | 'unknown',
): ShownRow[] {
  const inside = listing.connections.map((row) => ({
    ...row,
    from: terms.of(row.sources),
    to: terms.of(row.destinations),
  }));
  const outside = listing.outside.map((row) => {
    const [own, addresses] = [terms.of(row.workloads), [addressTerm(row.addresses.text)]];
    return { ...row, ...(row.direction === 'egress' ? { from: own, to: addresses } : { from: addresses, to: own }) };
  });
  return [...inside, ...outside]
    .filter((row) => row.decision === decision)
    .map(({ from, to, ports, because }) => ({ from, to, ports: shownPorts(ports), because }));
}

/** What a row is unknown for, as in `does an ipBlock match the address of a pod? (shop/web egress[0])`. */
export function reasonText({ question, examples }: ListedReason): string {
  return examples.length > 0 ? `${question} (${examples.join(', ')})` : question;
}

/** Workloads by what isolates them, each with a heading; empty groups are left out. */
export function isolationGroups({ workloads }: ConnectivityListing): { heading: string; members: ListedWorkload[] }[] {
  const groups = new Map<string, ListedWorkload[]>(isolationHeadings.map((heading) => [heading, []]));
  for (const workload of workloads) groups.get(headingOf(workload))!.push(workload);
  return [...groups].filter(([, members]) => members.length > 0).map(([heading, members]) => ({ heading, members }));
}

const isolationHeadings = [
  'isolated in both directions',
  'isolated for ingress, open for egress',
  'isolated for egress, open for ingress',
  'perhaps isolated',
  'selected, but isolated in no direction',
  'selected by no policy, so open in both directions',
] as const;

function headingOf({ ingress, egress, selectedBy }: ListedWorkload): (typeof isolationHeadings)[number] {
  if (ingress === 'unknown' || egress === 'unknown') return 'perhaps isolated';
  if (ingress === 'isolated') return isolationHeadings[egress === 'isolated' ? 0 : 1];
  if (egress === 'isolated') return 'isolated for egress, open for ingress';
  return isolationHeadings[selectedBy.length > 0 ? 4 : 5];
}

/** As in `Ingress shop/web → shop/frontend 8080/TCP: the policies let anyone in there`. */
export function exposureText({
  kind,
  namespace,
  name,
  service,
  workload,
  ports,
  admits,
  peers,
}: ListedExposure): string {
  const head = `${kind} ${namespace}/${name}`;
  if (!workload) return `${head}: Service ${service} is not in the input, or selects no workload of it`;
  const where = `${head} to ${workload.id}${ports.length > 0 ? ` ${shownPorts(ports).join(' ')}` : ''}`;
  if (ports.length === 0) return `${where}: Service ${service} leads to no port that is known there`;
  const said = {
    anyone: 'the policies let anyone in',
    some: `the policies let in ${someOf(peers)}, and so the controller if it is among them`,
    nobody: 'the policies let nobody in, so not the controller either',
    unknown: 'whether the policies let the controller in is unknown',
  }[admits];
  return `${where}: ${said}`;
}

function someOf(peers: readonly string[]): string {
  const shown = peers.slice(0, 4);
  return shown.join('; ') + (peers.length > shown.length ? `; and ${peers.length - shown.length} more` : '');
}

/** What decides but could not be read. */
export function warningsOf({ unread }: Pick<ConnectivityListing, 'unread'>): string[] {
  return unread.map(({ kind, name, namespace, place }) => {
    const whose = namespace === undefined ? `${name}, for the whole cluster` : `${namespace}/${name}`;
    const where = placeText(place);
    return `${kind} ${whose}${where && ` (${where})`}: policies of this kind are not read, so whatever it could change is unknown`;
  });
}

/** What the answer rests on, and what was left out. */
export function notesOf(listing: ConnectivityListing): string[] {
  const { cni, namespaces, rulesByNamespaceLabels, strangers, idlePolicies, skipped, totals } = listing;
  const assumed = namespaces.filter(({ labels }) => labels === 'assumed').map(({ name }) => name);
  const notes: string[] = [];
  if (cni.id === 'kubernetes' && hasCniDoubt(listing)) {
    notes.push('some of what is unknown is known of a network plugin: name yours with --cni');
  }
  const strange = [
    ...(strangers.ingress.length > 0 ? [`reach ${counted(strangers.ingress.length, 'workload')}`] : []),
    ...(strangers.egress.length > 0 ? [`be reached by ${counted(strangers.egress.length, 'workload')}`] : []),
  ];
  if (strange.length > 0) {
    notes.push(`pods that are not in the input may ${strange.join(', and ')}, as rules name them: --open lists them`);
  }
  if (totals.workloads > 0 && idlePolicies.length > 0) {
    const count = counted(idlePolicies.length, 'policy selects', 'policies select');
    notes.push(`${count} no workload of the input: ${firstFew(idlePolicies)}`);
  }
  if (totals.policies > 0 && assumed.length > 0) {
    const names = firstFew(assumed);
    const bearing =
      rulesByNamespaceLabels === 0
        ? 'no rule asks for other labels'
        : `${counted(rulesByNamespaceLabels, 'rule asks', 'rules ask')} for other labels, which may match there in the cluster`;
    notes.push(
      `no Namespace object is given for ${names}: only the label with ${assumed.length === 1 ? 'its name' : 'their names'} is assumed; ${bearing}`,
    );
  }
  const [custom, silent] = [true, false].map((is) => skipped.filter(({ what }) => customKind.test(what) === is));
  if (custom!.length > 0) {
    const total = totalOf(custom!);
    const is = total === 1 ? 'object of a custom kind that is not read, nor are pods that it makes' : customMany;
    notes.push(`${total.toLocaleString('en-US')} ${is}: ${kindsOf(custom!)}`);
  }
  if (silent!.length > 0) {
    const total = totalOf(silent!);
    notes.push(
      `${counted(total, 'object')} that say${total === 1 ? 's' : ''} nothing of the network: ${kindsOf(silent!)}`,
    );
  }
  return notes;
}

/** Kinds that are not Kubernetes' own, as in `argoproj.io/v1alpha1 Rollout`. */
const customKind = /^(?!(?:[^/ ]+\.)?k8s\.io\/)[^/ ]*\.[^/ ]*\//;
const customMany = 'objects of custom kinds that are not read, nor are pods that they make';

function totalOf(skipped: ConnectivityListing['skipped']): number {
  return skipped.reduce((sum, { count }) => sum + count, 0);
}

function kindsOf(skipped: ConnectivityListing['skipped']): string {
  return firstFew(skipped.map(({ what, count }) => `${count} ${what}`));
}

/** Whether a profile of a plugin could answer some of the open questions. */
function hasCniDoubt({ connections, outside }: ConnectivityListing): boolean {
  const questions = [...connections, ...outside].flatMap(({ because }) => because.map(({ question }) => question));
  return questions.some((question) => /ipBlock|selector|egress|plugin/.test(question));
}

/** As in `12 workloads in 2 namespaces, 13 policies, CNI kubernetes`. */
export function headline({ totals, filters, cni }: ConnectivityListing): string {
  const parts = [
    `${counted(totals.workloads, 'workload')} in ${counted(totals.namespaces, 'namespace')}`,
    counted(totals.policies, 'policy', 'policies'),
    ...(cni.id === 'kubernetes' ? [] : [`as ${cni.name} applies them`]),
    ...Object.entries(filters).map(([name, text]) => `${name === 'ports' ? 'port' : name} ${text}`),
  ];
  return parts.join(', ');
}

/** What to read where a list of rows is empty. */
export function emptyText({ totals, filters }: ConnectivityListing): string {
  if (totals.workloads === 0)
    return 'the input has no workloads: give the manifests of what the policies are for, too; `--open` shows what the policies select';
  return Object.keys(filters).length > 0 ? 'no connection fits the filters' : 'no connection is allowed';
}

export function placeText({ file, line }: ListedPlace): string {
  return file === undefined ? '' : line === undefined ? file : `${file}:${line}`;
}

export function firstFew(texts: readonly string[]): string {
  const shown = texts.slice(0, 6);
  return shown.join(', ') + (texts.length > shown.length ? ` and ${texts.length - shown.length} more` : '');
}

function addressTerm(text: string): Term {
  return { text, namespace: undefined, count: 0 };
}
