import type { Issue } from '../model/issue';
import type { Declared } from '../model/program';
import type { CompiledNamespace } from '../targets/compile';
import { policyName, rawPolicyName } from '../targets/names';
import { type FieldError, fieldErrorToString } from '../validation/field-error';
import { validateNamespace } from '../validation/namespace';
import { validateNetworkPolicy } from '../validation/network-policy';
import { placeOf } from './mistakes';

/** Whether the API server would accept every object, by its own validation rules, as an issue at the construct that asks for it. */
export function checkObjects(namespaces: readonly CompiledNamespace[]): Issue[] {
  return namespaces.flatMap(({ namespace, object, defaultDeny, policies }) => {
    const declared = new Map<string, Declared>([
      ...namespace.services.map((service) => [policyName(service), service] as const),
      ...namespace.rawPolicies.map((raw) => [rawPolicyName(raw), raw] as const),
    ]);
    return [
      ...(object ? refusals(namespace, object.metadata.name, validateNamespace(object)) : []),
      ...(defaultDeny ? refusals(namespace, defaultDeny.metadata.name, validateNetworkPolicy(defaultDeny)) : []),
      ...policies.flatMap((policy) => {
        const { name } = policy.metadata;
        return refusals(declared.get(name) ?? namespace, name, validateNetworkPolicy(policy));
      }),
    ];
  });
}

function refusals(declared: Declared, name: string, errors: readonly FieldError[]): Issue[] {
  return errors.map((error) => ({
    code: 'refused-by-api-server',
    message: `the API server would refuse \`${name}\`: ${fieldErrorToString(error)}`,
    place: placeOf(declared),
    hint: 'give what it accepts',
  }));
}
