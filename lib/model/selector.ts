import { LabelBox, type Requirement } from '../sets/label-box';
import type { LabelSelector } from './network-policy';

/** The key that every namespace carries with its own name as value (Kubernetes 1.22). */
export const namespaceNameKey = 'kubernetes.io/metadata.name';

/** The labels that a label selector picks. @throws TypeError for an operator that the API does not know */
export function boxOf(selector: LabelSelector): LabelBox {
  const labels = Object.entries(selector.matchLabels ?? {});
  return LabelBox.of([
    ...labels.map(([key, value]) => ({ key, operator: 'In' as const, values: [value] })),
    ...(selector.matchExpressions ?? []),
  ]);
}

/**
 * The shortest label selector for a box: `matchLabels` where one value is asked for, `matchExpressions` for the rest.
 * @throws TypeError for a box that holds nothing: no selector says so
 */
export function selectorOf(box: LabelBox): LabelSelector {
  if (box.isEmpty) throw new TypeError(`no pod can match \`${box}\``);
  return selectorFrom(box.requirements());
}

/** The shortest label selector for the requirements of a box that holds something. */
export function selectorFrom(requirements: readonly Requirement[]): LabelSelector {
  const matchLabels: Record<string, string> = {};
  const matchExpressions: Requirement[] = [];
  for (const requirement of requirements) {
    const { key, operator, values = [] } = requirement;
    if (operator === 'In' && values.length === 1) matchLabels[key] = values[0]!;
    else matchExpressions.push(requirement);
  }
  return {
    ...(Object.keys(matchLabels).length > 0 ? { matchLabels } : {}),
    ...(matchExpressions.length > 0 ? { matchExpressions } : {}),
  };
}

/** By name: few names, asked for with every service and policy. */
const namespaceBoxes = new Map<string, LabelBox>();

/** The namespace of that name. */
export function namespaceBox(name: string): LabelBox {
  const box = namespaceBoxes.get(name) ?? LabelBox.ofLabels({ [namespaceNameKey]: name });
  namespaceBoxes.set(name, box);
  return box;
}
