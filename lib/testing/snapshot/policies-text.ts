import { type Policy, policyToString } from '../../model/policy';
import { writtenAt } from '../../read/written-object';
import { toYaml } from '../../render/yaml';
import type { Network } from '../network';

/** The policies as they are written, in one stream, by namespace and name. */
export function policiesText({ cluster: { policies } }: Network): string {
  const texts = [...policies]
    .sort((a, b) => (policyToString(a) < policyToString(b) ? -1 : 1))
    .map((policy) => toYaml(writtenAt(policy.place)?.object ?? nameOf(policy)));
  return texts.join('---\n');
}

/** Where the text is gone, what is known of it. */
function nameOf({ namespace, name }: Policy) {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { namespace, name } };
}
