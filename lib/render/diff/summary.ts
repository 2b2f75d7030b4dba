import { refKey, type WorkloadRef } from '../../model/connectivity-listing';
import { type ConnectionChange, type DiffListing, isNarrower, isWider } from '../../model/diff-listing';
import { firstFew } from '../connectivity/statements';
import { counted } from '../connectivity/visible-text';
import { newAndGone, shownPossible, unreadText } from './words';

/** What it comes to, in a few words each; none where nothing differs. */
export function summaryOf(listing: DiffListing): string[] {
  const { connections, outside, workloads, isolation, exposures, guarantees, risks } = listing;
  const { added, removed } = newAndGone(listing);
  const possible = shownPossible(listing);
  const pairs = (rows: readonly ConnectionChange[]) => rows.reduce((sum, row) => sum + row.pairs, 0);
  const lost = isolation.filter(({ before }) => before === 'isolated');
  const won = isolation.filter(({ after }) => after === 'isolated');
  const isPublic = risks.some(({ id, rows }) => id === 'internet' && rows.some(({ list }) => list === 'outside'));
  const more = `may talk to, or be reached from, more addresses outside${isPublic ? ', public ones among them' : ''}`;
  const found: readonly (readonly [count: number, before: string, unit: string, after: string])[] = [
    [pairs(connections.filter(isWider)), 'more is let through between', 'pair', 'of workloads'],
    [ownersOf(outside.filter(isWider)), '', 'workload', more],
    [pairs(connections.filter(isNarrower)), 'less is let through between', 'pair', 'of workloads'],
    [ownersOf(outside.filter(isNarrower)), '', 'workload', 'may talk to, or be reached from, fewer addresses outside'],
    [ownersOf(lost), 'isolation is lost by', 'workload', ''],
    [ownersOf(won), 'isolation is won by', 'workload', ''],
    [workloads.moved.length, '', 'workload', 'in another namespace'],
    [added.length, '', 'workload', 'new'],
    [removed.length, '', 'workload', 'gone'],
    [exposures.length, '', 'way', 'by Ingress or route changed'],
    [
      possible.filter(({ kind }) => kind === 'gained').length,
      'more is let through for pods that could exist, in',
      'case',
      '',
    ],
    [
      possible.filter(({ kind }) => kind === 'lost').length,
      'less is let through for pods that could exist, in',
      'case',
      '',
    ],
    [guarantees.length, '', 'guarantee', 'changed'],
  ];
  return found
    .filter(([count]) => count > 0)
    .map(([count, before, unit, after]) => `${before} ${counted(count, unit)} ${after}`.trim());
}

function ownersOf(rows: readonly { readonly workloads: readonly WorkloadRef[] }[]): number {
  return new Set(rows.flatMap(({ workloads }) => workloads.map(refKey))).size;
}

/** One line for the whole of it. */
export function verdictText(listing: DiffListing): string {
  const where = listing.cluster === undefined ? '' : `cluster ${listing.cluster}: `;
  switch (listing.verdict) {
    case 'equal':
      return `${where}no change in meaning: proved for the workloads given, and over every pod, namespace, port and address that could exist`;
    case 'unknown':
      return `${where}unknown: no change in meaning was found, but there are policies of kinds that are not read`;
    case 'different':
      return `${where}different: ${summaryOf(listing).join('; ')}`;
  }
}

/** Policies that have other names or rules and yet mean the same altogether, and what the verdict rests on. */
export function notesOf({ notes: own = [], policies, compared, verdict, totals, unread }: DiffListing): string[] {
  const notes: string[] = [...own];
  const { added, removed, changed } = policies;
  const texts = [
    ...(added.length > 0 ? [`${firstFew(added)} new`] : []),
    ...(removed.length > 0 ? [`${firstFew(removed)} gone`] : []),
    ...(changed.length > 0 ? [`${firstFew(changed)} with other rules`] : []),
  ];
  if (texts.length > 0)
    notes.push(`policies: ${texts.join('; ')}${verdict === 'equal' ? '; altogether they mean the same' : ''}`);
  const { namespaces, alike, boxes } = compared;
  const same = `${counted(alike, 'namespace')} with the same rules in both`;
  const others = `${counted(boxes, 'box', 'boxes')} of connections compared in ${counted(namespaces - alike, 'namespace')}`;
  notes.push([...(alike < namespaces ? [others] : []), ...(alike > 0 ? [same] : [])].join('; '));
  if (totals.before.workloads + totals.after.workloads === 0)
    notes.push('the input has no workloads: only what could exist is compared');
  for (const policy of unread.after) notes.push(`${unreadText(policy)}: whatever it could change is unknown`);
  return notes;
}
