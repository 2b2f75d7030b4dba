import type { NamespaceModel } from '../model/program';
import type { Manifests } from '../read/manifests';
import { bad, type Problem } from './options';

/** The default deny of another owner that a namespace takes over: its name as far as it is known, and what is wrong. */
interface ExistingDefaultDeny {
  readonly name: string | undefined;
  readonly problem: Problem | undefined;
}

/** @param given the name of the policy, manifests that hold it, or both */
export function existingDefaultDeny(
  { name: namespace }: NamespaceModel,
  { defaultDeny, manifests }: { readonly defaultDeny?: string | undefined; readonly manifests?: Manifests | undefined },
): ExistingDefaultDeny {
  const held = manifests?.policies.filter((policy) => (policy.namespace ?? namespace) === namespace);
  const problem = (message: string, hint: string) => ({ ...bad(message, hint), code: 'no-default-deny' });
  if (defaultDeny === undefined) {
    const found = held?.filter(({ object }) => isDefaultDeny(object, 'in both directions'));
    if (found?.length === 1) return { name: found[0]!.name, problem: undefined };
    const message = `no single default deny of namespace \`${namespace}\` is known${found ? `: the manifests hold ${found.length}` : ''}`;
    return { name: undefined, problem: problem(message, 'give its name as `defaultDeny`') };
  }
  const named = held?.find(({ name }) => name === defaultDeny);
  if (held && !named) {
    const names = held.map(({ name }) => `\`${name}\``).join(', ');
    const message = `the manifests hold no policy \`${defaultDeny}\` of namespace \`${namespace}\``;
    return { name: defaultDeny, problem: problem(message, `they hold ${names || 'none of that namespace'}`) };
  }
  if (named && !isDefaultDeny(named.object, 'in some direction')) {
    const message = `policy \`${defaultDeny}\` of namespace \`${namespace}\` is no default deny: it selects some pods only, or opens something`;
    const hint = 'name one that denies all pods; what others open is said by intents';
    return { name: defaultDeny, problem: problem(message, hint) };
  }
  return { name: defaultDeny, problem: undefined };
}

/** As far as it can be read: a policy without a spec is nothing that the API server takes. */
function isDefaultDeny(
  { spec }: Partial<Manifests['policies'][number]['object']>,
  directions: 'in both directions' | 'in some direction',
): boolean {
  if (!spec) return false;
  const { podSelector, policyTypes, ingress, egress } = spec;
  const all = Object.keys(podSelector?.matchLabels ?? {}).length + (podSelector?.matchExpressions?.length ?? 0) === 0;
  const both = (policyTypes?.length ?? 0) === 2;
  return all && (both || directions === 'in some direction') && !ingress?.length && !egress?.length;
}
