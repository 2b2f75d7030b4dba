import type { RuleDescriptor } from '../../model/finding';

function rule(
  id: string,
  severity: RuleDescriptor['severity'],
  wrong: string,
  why: string,
  todo: string,
): RuleDescriptor {
  return { id, group: 'drift', severity, wrong, why, todo, references: [] };
}

/** What a live cluster is compared by. */
export const driftRules = {
  missing: rule(
    'require-policy',
    'error',
    'a policy is not in the cluster',
    'What it allows is denied; and if it was all that isolated some pods, they are open.',
    'apply it, with `tierwall apply` or whatever applies the folder of the policies',
  ),
  changed: rule(
    'no-changed-policy',
    'error',
    'a policy in the cluster means something else',
    'Somebody changed it in the cluster, or it was never applied since it changed in the code.',
    'apply it again, or change the code',
  ),
  unowned: rule(
    'no-taken-name',
    'error',
    "a policy of somebody else has the name of one of the app's",
    'Whoever applies the one takes the other away.',
    'remove the other one, or give it another name',
  ),
  leftover: rule(
    'no-leftover-policy',
    'warning',
    'a policy that tierwall wrote is no longer in the code',
    'What it opens stays open, though nobody declares it any more.',
    'delete it, as `tierwall apply --prune` does',
  ),
  widening: rule(
    'no-widening-policy',
    'error',
    'a policy that is not from the code opens more',
    'Policies only ever add up: it opens what the code does not declare, and no review has seen it.',
    'delete it, or declare in the code what it is for',
  ),
  extra: rule(
    'no-extra-policy',
    'info',
    'a policy that is not from the code opens nothing that is not declared',
    'It changes nothing now, and would open what it allows once the code no longer does.',
    'delete it',
  ),
  open: rule(
    'require-default-deny',
    'error',
    'pods of a namespace are not isolated',
    'Whatever no policy isolates may talk to everybody, and everybody to it.',
    'apply a default deny; in a namespace that the app does not declare, declare it',
  ),
  namespace: rule(
    'require-namespace',
    'error',
    'a namespace is not in the cluster',
    'Its policies cannot be applied.',
    'create it, or remove it from the code',
  ),
  relabelled: rule(
    'no-relabelled-namespace',
    'error',
    'a namespace carries other labels than the app gives it, and policies ask for them',
    'Policies pick namespaces by their labels: who may connect to and from its pods is not what is declared.',
    'give it the labels that the app writes, and no others that policies ask for; `tierwall apply` adds those that it lacks',
  ),
  left: rule(
    'require-workload-policy',
    'error',
    'a workload has left its policy',
    'Policies pick pods by labels: with other labels it is denied what its policy allows.',
    'give it the labels that its policy asks for, or change the code',
  ),
  joined: rule(
    'no-borrowed-policy',
    'error',
    'a pod carries labels that put it under the policy of others',
    'Whoever may label a pod gets all that these labels are allowed.',
    'find out who labelled it, and remove the label or the pod',
  ),
  unnamed: rule(
    'no-unnamed-workload',
    'info',
    'no policy but the default deny selects a workload',
    'It is denied everything, in both directions.',
    'declare it in the code, if it is to talk to anybody',
  ),
  unread: rule(
    'no-unread-policy',
    'warning',
    'a policy is of a kind that tierwall does not read',
    'It may open or close what the others do not, so that nobody knows what holds.',
    'say in NetworkPolicies what it says, or judge it by itself',
  ),
  unreadable: rule(
    'no-unreadable-object',
    'error',
    'an object of the cluster cannot be read',
    'What it does is not known, so that drift that it brings about would not be seen.',
    'see what the API server says of it, and whether tierwall is as new as the server',
  ),
  unexplained: rule(
    'no-other-difference',
    'error',
    'the policies of a namespace together mean something else',
    'What is allowed is not what is declared.',
    'apply the policies again',
  ),
} as const satisfies Readonly<Record<string, RuleDescriptor>>;

export const driftDescriptors: readonly RuleDescriptor[] = Object.values(driftRules).sort((a, b) =>
  a.id < b.id ? -1 : 1,
);
