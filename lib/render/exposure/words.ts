import { refKey } from '../../model/connectivity-listing';
import type { ExposureListing, ExposureRow } from '../../model/exposure-listing';
import { type Term, Terms } from '../connectivity/ends';
import { shownPorts } from '../connectivity/shown-ports';
import { firstFew, reasonText } from '../connectivity/statements';
import { counted } from '../connectivity/visible-text';

/** Rows under one heading. */
export interface ExposureSection {
  readonly heading: string;
  /** Why it is unknown; none where it is certain. */
  readonly reasons: readonly string[];
  readonly rows: readonly ShownExposure[];
}

export interface ShownExposure {
  readonly from: readonly Term[];
  readonly to: readonly Term[];
  readonly ports: readonly string[];
}

const headings = { ingress: 'Could be reached', egress: 'Could reach' } as const;

/**
 * What pods could do that are like no workload of the input; unknown rows by what is open. Pods with the labels of a workload are not shown: they
 * get what that workload gets, which is the connectivity itself.
 */
export function sectionsOf(listing: ExposureListing): ExposureSection[] {
  const terms = new Terms({ ...listing, workloads: everyRef(listing) }, 'with-exceptions');
  const groups = new Map<string, ExposureRow[]>();
  for (const row of listing.rows) {
    if (row.are === 'workload') continue;
    const key = [row.direction, ...row.because.map(({ question }) => question)].join('\n');
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()].map((rows) => {
    const [{ direction, decision, because }] = rows as [ExposureRow];
    const heading = headings[direction];
    return {
      heading: decision === 'unknown' ? `Unknown: ${heading[0]!.toLowerCase()}${heading.slice(1)}` : heading,
      reasons: because.map(({ question }) => {
        const examples = rows.flatMap((row) => row.because.find((b) => b.question === question)?.examples ?? []);
        return reasonText({ question, examples: [...new Set(examples)].sort().slice(0, 3) });
      }),
      rows: rows.map((row) => {
        const own = terms.of(row.workloads);
        const texts = new Set(row.pods.map(({ text, together }) => together ?? text));
        const pods = [...texts].map((text): Term => ({ text, namespace: undefined, count: 1 }));
        const [from, to] = direction === 'ingress' ? [pods, own] : [own, pods];
        return { from, to, ports: shownPorts(row.ports) };
      }),
    };
  });
}

/** As in `12 workloads in 2 namespaces, 13 policies: open to pods that are not in the input`. */
export function exposureHeadline({ totals, cni }: ExposureListing): string {
  return [
    `${counted(totals.workloads, 'workload')} in ${counted(totals.namespaces, 'namespace')}`,
    counted(totals.policies, 'policy', 'policies'),
    ...(cni.id === 'kubernetes' ? [] : [`as ${cni.name} applies them`]),
    'beside the workloads of the input',
  ].join(', ');
}

export function closedText(listing: ExposureListing): string | undefined {
  const { closed, totals, standIns } = listing;
  if (closed.length === 0) return undefined;
  if (closed.length === totals.workloads + standIns.length)
    return 'No pod outside the input could reach a workload, or be reached by one.';
  const names = new Terms({ ...listing, workloads: everyRef(listing) }, 'with-exceptions').of(closed);
  return `Closed to all pods outside the input: ${firstFew(names.map(({ text }) => text))}`;
}

export function exposureNotes({ assumed, rows, standIns }: ExposureListing): string[] {
  const notes: string[] = [];
  if (standIns.length > 0) {
    const names = [...new Set(standIns.map(({ namespace }) => namespace))];
    notes.push(
      `the input has no workloads in ${firstFew(names)}: each selector of a policy there stands for pods that carry just what it asks for`,
    );
  }
  const alike = rows.filter(({ are }) => are === 'workload').length;
  if (alike > 0) {
    notes.push(
      `pods with the labels of a workload in the input get what that workload gets (${counted(alike, 'row')} in --output json): see tierwall reach --stolen NAMESPACE`,
    );
  }
  if (rows.some(({ direction }) => direction === 'ingress')) {
    notes.push(
      'pods on the host network get in at workloads of their own node, whatever the policies say: the API has it so',
    );
  }
  if (assumed.length > 0 && rows.length > 0) {
    notes.push(
      `no Namespace object is given for ${firstFew(assumed)}: other labels than the name are taken as absent there`,
    );
  }
  return notes;
}

function everyRef({ rows, closed }: ExposureListing) {
  const refs = [...closed, ...new Set(rows.flatMap(({ workloads }) => workloads))];
  return [...new Map(refs.map((ref) => [refKey(ref), ref] as const)).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
