import { type NamespaceDraft, policiesOf, type ServiceDraft } from './drafts';
import { freeName, nameOf, namesFromLabels } from './names';
import type { Reasons } from './reasons';

/** Of these the `constructs` library says that any scope holds a child: it looks for them in a plain object. */
const heldIds = ['constructor'];

/** What policies are called for, and not for whom. */
const ofPurpose = /allow|deny|ingress|egress|polic|netpol|restrict|from|access/;

/** Names for the services of a namespace: what tierwall called them, their workloads', their policies', or what their labels say. */
export function serviceNames(namespace: NamespaceDraft, reasons: Reasons): Map<ServiceDraft, string> {
  const drafts = [...namespace.services.values()].sort((a, b) => (a.pods.toString() < b.pods.toString() ? -1 : 1));
  const fromLabels = namesFromLabels(drafts.map(({ pods }) => pods));
  const names = new Map<ServiceDraft, string>();
  const taken = new Set(['default-deny', ...heldIds]);
  const give = (draft: ServiceDraft, name: string | undefined) => {
    if (name === undefined || names.has(draft)) return;
    const free = freeName(taken.has(name) ? `${name}-pods` : name, taken);
    taken.add(free);
    names.set(draft, free);
  };
  for (const draft of drafts) give(draft, writtenName(draft, reasons));
  for (const draft of drafts) give(draft, workloadName(draft));
  for (const draft of drafts) give(draft, policyNameFor(draft, fromLabels.get(draft.pods)!));
  for (const draft of drafts) give(draft, fromLabels.get(draft.pods)!);
  return names;
}

/** The tier that tierwall put the service into; undefined for a service that tierwall did not write. */
export function writtenTier(draft: ServiceDraft, reasons: Reasons): string | undefined {
  const path = writtenPath(draft, reasons);
  return path?.length === 4 ? path[2] : undefined;
}

function writtenName(draft: ServiceDraft, reasons: Reasons): string | undefined {
  return writtenPath(draft, reasons)?.at(-1);
}

function writtenPath(draft: ServiceDraft, reasons: Reasons): readonly string[] | undefined {
  for (const policy of policiesOf(draft)) {
    const path = reasons.writtenOf(policy)?.path;
    // The default deny is written for the namespace, and is no service.
    if (path && path.length > 2 && nameOf(path.at(-1)!) === path.at(-1)) return path;
  }
  return undefined;
}

function workloadName({ workloads: [workload] }: ServiceDraft): string | undefined {
  return workload && nameOf(workload.name);
}

/** Of the one policy that is written for these pods, where its name is that of the pods, made longer. */
function policyNameFor(draft: ServiceDraft, fromLabels: string): string | undefined {
  const [policy, ...more] = policiesOf(draft);
  if (!policy || more.length > 0 || ofPurpose.test(policy.name)) return undefined;
  const name = nameOf(policy.name);
  const [first = ''] = fromLabels.split('-');
  return name === first || name.startsWith(`${first}-`) ? name : undefined;
}
