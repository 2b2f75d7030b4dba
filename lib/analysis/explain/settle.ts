import { unreadToString } from '../../model/cluster';
import type { ExplainedDoubt } from '../../model/explanation';
import type { Place } from '../../model/issue';
import { policyToString, ruleToString } from '../../model/policy';
import { listedPlace } from '../connectivity/listing-place';
import type { Doubt } from '../evaluate';

const whichCni = 'say with --cni which network plugin the cluster runs';

/** Each open question once for everything that it is about, with what would answer it. */
export function explainedDoubts(doubts: readonly Doubt[]): ExplainedDoubt[] {
  const found = new Map<string, ExplainedDoubt>();
  for (const doubt of doubts) {
    const { about, place } = subjectOf(doubt);
    const key = `${doubt.question} ${about}`;
    if (!found.has(key)) {
      found.set(key, { question: doubt.question, about, place: listedPlace(place), settle: settlementOf(doubt) });
    }
  }
  return [...found.values()];
}

function subjectOf({ rule, policy, unread }: Doubt): { about: string; place: Place } {
  if (rule) return { about: ruleToString(rule), place: rule.place };
  if (policy) return { about: policyToString(policy), place: policy.place };
  if (!unread) return { about: '', place: {} };
  return { about: unreadToString(unread), place: unread.place };
}

function settlementOf({ question, unread }: Doubt): string {
  switch (question) {
    case 'does an ipBlock match the address of a pod?':
      return `${whichCni}; or admit the pods by their labels`;
    case 'does an ipBlock match the address of a node?':
    case 'does a selector pick pods on the host network?':
    case 'is egress enforced?':
      return whichCni;
    case 'what is the address of the pod?':
      return 'give the running pods too, with their addresses: kubectl get pods -A -o yaml';
    case 'are both pods on one node?':
      return 'see where the pods run: from their own node it is allowed, from any other it is denied';
    case 'what does a policy of a kind that is not read do?':
      return `read it: ${unread?.kind ?? 'its kind'} is no kind that tierwall reads`;
    default:
      return 'see the documentation of the network plugin, in the version that the cluster runs';
  }
}
