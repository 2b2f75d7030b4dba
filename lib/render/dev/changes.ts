import type { DevReport } from '../../model/dev-report';
import type { DiffListing } from '../../model/diff-listing';
import { isolationText, possibleText, type ShownChange, shownChanges, shownPossible, termsOf } from '../diff/words';

/** What a difference opens and closes, one line each. @param where the end of each line */
export function openedAndClosed(listing: DiffListing, where = ''): Pick<DevReport, 'opened' | 'closed'> {
  const terms = termsOf(listing);
  const opened: string[] = [];
  const closed: string[] = [];
  for (const change of shownChanges(listing, terms)) {
    if (change.sign !== '-') opened.push(changeText(change, '+'));
    if (change.sign === '-' || change.sign === '~') closed.push(changeText(change, '-'));
  }
  for (const change of listing.isolation)
    (change.after === 'isolated' ? closed : opened).push(isolationText(change, terms));
  for (const change of shownPossible(listing)) (change.kind === 'gained' ? opened : closed).push(possibleText(change));
  const placed = (text: string) => `${text}${where}`;
  return { opened: opened.map(placed), closed: closed.map(placed) };
}

/** Of a connection that is opened on some ports and closed on others, those of one sign. */
function changeText({ from, to, ports, causes, sign }: ShownChange, wanted: '+' | '-'): string {
  const names = (list: ShownChange['from']) => list.map(({ text }) => text).join(', ');
  const isOther = (text: string) => text.startsWith(wanted === '+' ? '-' : '+');
  const own = ports.filter((text) => !isOther(text)).map((text) => text.replace(/^[+-]/, ''));
  const why = sign === '~' ? causes.filter((text) => text.startsWith('no longer') === (wanted === '-')) : causes;
  return `${names(from)} → ${names(to)} on ${own.join(' ')}${why.length > 0 ? ` (${why.join(', ')})` : ''}`;
}
