import type { DevReport } from '../../model/dev-report';
import type { DiffListing } from '../../model/diff-listing';
import { isolationText, possibleText, type ShownChange, shownChanges, shownPossible, termsOf } from '../diff/words';

/** What a difference opens and closes, one line each. @param where the end of each line */
export function openedAndClosed(listing: DiffListing, where = ''): Pick<DevReport, 'opened' | 'closed'> {
  const terms = termsOf(listing);
  const opened: string[] = [];
  const closed: string[] = [];
  for (const change of shownChanges(listing, terms)) {
    const text = changeText(change);
    if (change.sign !== '-') opened.push(text);
    if (change.sign === '-' || change.sign === '~') closed.push(text);
  }
  for (const change of listing.isolation)
    (change.after === 'isolated' ? closed : opened).push(isolationText(change, terms));
  for (const change of shownPossible(listing)) (change.kind === 'gained' ? opened : closed).push(possibleText(change));
  const placed = (text: string) => `${text}${where}`;
  return { opened: opened.map(placed), closed: closed.map(placed) };
}

function changeText({ from, to, ports, causes }: ShownChange): string {
  const names = (list: ShownChange['from']) => list.map(({ text }) => text).join(', ');
  return `${names(from)} → ${names(to)} on ${ports.join(' ')}${causes.length > 0 ? ` (${causes.join(', ')})` : ''}`;
}
