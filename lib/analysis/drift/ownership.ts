import { fieldManager } from '../../cluster/policy-writes';
import type { Policy } from '../../model/policy';
import { policyLabels } from '../../model/policy-labels';
import { writtenAt } from '../../read/written-object';
import { sourceAnnotation } from '../../targets/annotations';
import { fieldsOf, itemsOf, textOf } from '../../validation/json-value';
import { temporaryPrefix } from '../rollout/step';

/**
 * Whether tierwall wrote or applied a policy of the cluster: it carries the label that all of its policies have, or is managed by
 * tierwall, so that taking the label away does not take it away from tierwall.
 */
export function isOwned(policy: Policy): boolean {
  const { labels, managedFields } = metadataOf(policy);
  const isLabelled = Object.entries(policyLabels).every(([key, value]) => fieldsOf(labels)[key] === value);
  const managers = itemsOf(managedFields).map((entry) => fieldsOf(entry));
  return isLabelled || managers.some(({ manager, operation }) => manager === fieldManager && operation === 'Apply');
}

/** Reading the text again takes a while, and states are compared save after save. */
const constructs = new WeakMap<Policy, string>();

/** The construct that a policy says it is written for; empty where it does not. */
export function constructOf(policy: Policy): string {
  let path = constructs.get(policy);
  if (path === undefined) {
    path = textOf(fieldsOf(metadataOf(policy)['annotations'])[sourceAnnotation]);
    constructs.set(policy, path);
  }
  return path;
}

/** The environment that a policy says it is written for, which is the first part of the path of its construct. */
export function environmentOf(policy: Policy): string {
  return constructOf(policy).split('/')[0]!;
}

/** Whether tierwall wrote it for one of these environments, or for the time of a roll-out: it may then go, where the code does not give it. */
export function isOwnedFor(policy: Policy, environments: ReadonlySet<string>): boolean {
  return isOwned(policy) && (environments.has(environmentOf(policy)) || policy.name.startsWith(temporaryPrefix));
}

export function metadataOf(policy: Policy): Readonly<Record<string, unknown>> {
  return fieldsOf(fieldsOf(writtenAt(policy.place)?.object)['metadata']);
}
