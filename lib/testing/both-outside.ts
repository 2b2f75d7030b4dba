import type { Issue } from '../model/issue';
import type { ClaimEnd } from './claim';

/** Whether no policy has a say, since neither end is a pod; which is reported. */
export function bothOutside(source: ClaimEnd, destination: ClaimEnd, report: (issue: Issue) => void): boolean {
  if (source.kind !== 'addresses' || destination.kind !== 'addresses') return false;
  const message = `${source.text} and ${destination.text} are both outside the cluster`;
  report({ code: 'no-pods', message, place: {}, hint: 'name pods at one end at least' });
  return true;
}
