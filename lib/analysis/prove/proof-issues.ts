import type { Issue } from '../../model/issue';
import type { PossiblePod, Witness } from '../open-world/witness';
import { type Proof, sourceOf } from './prove';

/** What a failed proof says: for each difference, one connection that shows it, what was declared, and what the policies say. */
export function proofIssues({ differences }: Proof): Issue[] {
  return differences.map((difference) => {
    const { kind, witness, declared, emitted } = difference;
    const said =
      kind === 'extra' ? 'not declared, but allowed by the policies' : 'declared, but denied by the policies';
    const construct = declared?.intent?.path ?? declared?.service.path;
    const origin = declared?.intent?.origin ?? declared?.service.origin;
    const place = declared
      ? { ...(construct ? { construct } : {}), ...(origin ? { origin } : {}) }
      : (emitted?.rule?.place ?? {});
    const hint = 'nothing is written; this is a defect of tierwall: please report it with the program';
    const message = `proof failed for ${difference.direction}: ${witnessToString(witness)} is ${said} (${sourceOf(difference)})`;
    return { code: 'proof-failed', message, place, hint };
  });
}

/** As in `pod {app=web} of shop → 203.0.113.7 on 443/TCP`. */
export function witnessToString({ source, destination, port }: Witness): string {
  return `${endToString(source)} → ${endToString(destination)} on ${port}`;
}

function endToString(end: PossiblePod | { readonly address: string }): string {
  if ('address' in end) return end.address;
  const labels = Object.entries(end.labels).map(([key, value]) => `${key}=${value}`);
  const others = Object.entries(end.namespaceLabels)
    .filter(([key]) => key !== 'kubernetes.io/metadata.name')
    .map(([key, value]) => `${key}=${value}`);
  return `pod {${labels.join(',')}} of ${end.namespace}${others.length > 0 ? ` {${others.join(',')}}` : ''}`;
}
