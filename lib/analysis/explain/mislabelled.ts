import { placeToString } from '../../model/issue';
import type { Policy } from '../../model/policy';
import { listedPlace } from '../connectivity/listing-place';
import type { JudgedEnd } from './judged-end';
import { labelMismatches } from './mismatch';
import type { WrittenPolicies } from './written-policies';

/**
 * Why no statement about the service that a workload is named after would reach its pods: tierwall writes a policy for that service, which
 * does not select them. Undefined where a service selects them, or none has the name.
 */
export function mislabelled(end: JudgedEnd, policies: readonly Policy[], written: WrittenPolicies): string | undefined {
  if (end.kind !== 'pod' || !end.workload) return undefined;
  const { workload, pod, explained } = end;
  const services = policies.filter(({ namespace, pods }) => namespace === pod.namespace && !pods.isEverything);
  if (services.some((policy) => policy.pods.matches(pod.labels) && written.constructOf(policy))) return undefined;
  for (const policy of services) {
    const construct = written.constructOf(policy);
    if (construct?.path.split('/').at(-1) !== workload.name) continue;
    const { path, ...code } = construct;
    const service = placeToString({ construct: path, ...code });
    const place = placeToString({ ...listedPlace(workload.place), field: '' });
    const has = labelMismatches(policy.pods, pod.labels).map(({ key, found }) =>
      found === undefined ? `no label ${key}` : `${key}=${found}`,
    );
    return `the service ${service} is the pods labelled ${policy.pods}, and those of ${explained.text}${place && ` (${place})`} have ${has.join(' and ')}: no statement about the service reaches them; correct the label of the workload, or give the service its \`labels\``;
  }
  return undefined;
}
