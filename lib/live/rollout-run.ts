import type { Step } from '../analysis/rollout/step';
import type { ApiServer } from '../cluster/api-server';
import { applyPolicy, deletePolicy, type Seen, seenOf, type WriteMode } from '../cluster/policy-writes';
import type { NetworkPolicy } from '../model/network-policy';
import type { Policy } from '../model/policy';
import { policyLabels } from '../model/policy-labels';
import { writtenAt } from '../read/written-object';

export interface RolloutRun {
  readonly api: ApiServer;
  /** What is in the namespace, as the steps were planned for it. */
  readonly live: readonly Policy[];
  readonly mode: WriteMode;
  readonly signal?: AbortSignal | undefined;
  /** Before each step; it may wait. */
  readonly before?: (step: Step) => Promise<void>;
  /** @param written what there is now, unless nothing was written */
  readonly done: (step: Step, written: Seen | undefined) => void;
}

/**
 * Takes the steps, one after the other: each is safe only after the one before it.
 * @throws ApiFailure for the first that fails; of kind `conflict` if something is not as it was when they were planned
 */
export async function runSteps(
  steps: readonly Step[],
  { api, live, mode, signal, before, done }: RolloutRun,
): Promise<void> {
  const seen = new Map<string, Seen>(live.map((policy) => [policy.name, seenOf(objectOf(policy))]));
  for (const step of steps) {
    await before?.(step);
    const { namespace, name } = step.policy;
    if (step.kind === 'delete') {
      const known = seen.get(name);
      // What a dry run did not write, it cannot delete.
      if (known) await deletePolicy(api, namespace, name, known, mode, signal);
      seen.delete(name);
    } else {
      const written = await applyPolicy(api, objectFor(step), seen.get(name), mode, signal);
      if (mode === 'real') seen.set(name, seenOf(written));
    }
    done(step, seen.get(step.policy.name));
  }
}

function objectFor(step: Exclude<Step, { kind: 'delete' }>): NetworkPolicy {
  const { policy } = step;
  if (step.kind === 'copy') {
    const { apiVersion, kind, spec } = objectOf(step.of);
    const metadata = { name: policy.name, namespace: policy.namespace, labels: policyLabels };
    return { apiVersion, kind, metadata, spec };
  }
  const object = objectOf(policy);
  const own = { ...object, metadata: { ...object.metadata, namespace: policy.namespace } };
  if (step.bridging.length === 0) return own;
  const others = step.bridging.map((other) => objectOf(other).spec);
  const { policyTypes, ingress = [], egress = [] } = own.spec;
  const spec = {
    ...own.spec,
    ...(policyTypes.includes('Ingress')
      ? { ingress: [...ingress, ...others.flatMap((other) => other.ingress ?? [])] }
      : {}),
    ...(policyTypes.includes('Egress')
      ? { egress: [...egress, ...others.flatMap((other) => other.egress ?? [])] }
      : {}),
  };
  return { ...own, spec };
}

/** @throws TypeError for a policy that was made up and not read */
function objectOf(policy: Policy): NetworkPolicy {
  const written = writtenAt(policy.place);
  if (!written) throw new TypeError(`policy ${policy.namespace}/${policy.name} has no object`);
  return written.object as NetworkPolicy;
}
