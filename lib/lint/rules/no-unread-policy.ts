import { objectToString } from '../../read/field-issue';
import { policy } from '../examples';
import type { LintRule } from '../rule';

export const noUnreadPolicy: LintRule = {
  id: 'no-unread-policy',
  group: 'validity',
  severity: 'warning',
  wrong: 'a policy is of a kind that is not read, and was not looked at',
  why: 'It may allow or deny whatever it likes beside the others: nothing that is said here of its pods is certain.',
  todo: 'look at it by other means; the rules of lint are about NetworkPolicies',
  references: [{ name: 'tierwall, kinds that are not read' }],
  good: [{ yaml: policy('web', 'podSelector: {}\npolicyTypes: [Ingress]') }],
  bad: [
    {
      yaml: 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: web, namespace: shop }\nspec: { endpointSelector: {} }\n',
      at: [''],
    },
  ],
  *check({ cluster }) {
    for (const { kind, namespace, name, place } of cluster.unread) {
      yield { message: `${objectToString(kind, namespace, name)} is of a kind that is not read`, place };
    }
  },
};
