import type { ReachListing } from '../model/reach-listing';
import type { Connectivity } from './connectivity/connectivity';
import type { Question } from './evaluate';

const question: Question = 'what does a policy of a kind that is not read do?';

/** Whether a policy of a kind that is not read leaves some of the answer open. */
export function hasUnreadReach({ cluster }: Connectivity, listing: ReachListing): boolean {
  const isAbout = ({ because }: { readonly because: readonly { readonly question: string }[] }) =>
    because.some((reason) => reason.question === question);
  switch (listing.mode) {
    case 'from':
      return [...listing.rows, ...listing.addresses, ...listing.entrances.addresses].some(isAbout);
    case 'stolen':
      return listing.rows.some(isAbout);
    case 'ranking': {
      // Any way may lead through the pods that such a policy is about.
      const namespaces = new Set(cluster.workloads.map(({ namespace }) => namespace));
      return cluster.unread.some(({ namespace }) => namespaces.size > 0 && (!namespace || namespaces.has(namespace)));
    }
  }
}
