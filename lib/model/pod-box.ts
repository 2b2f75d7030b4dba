import type { LabelBox, Requirement } from '../sets/label-box';

const namespacePrefix = 'namespace:';
const podPrefix = 'pod:';

/** Pods by the labels of their namespace and their own, as one box over both. */
export function podBox(namespaces: LabelBox, pods: LabelBox): LabelBox {
  return prefixed(namespaces, namespacePrefix).intersect(prefixed(pods, podPrefix));
}

export function namespacesOf(box: LabelBox): LabelBox {
  return part(box, namespacePrefix);
}

export function podsOf(box: LabelBox): LabelBox {
  return part(box, podPrefix);
}

/** The requirements of {@link namespacesOf} and {@link podsOf}, without making these boxes. */
export function requirementsOf(box: LabelBox): { readonly namespaces: Requirement[]; readonly pods: Requirement[] } {
  const namespaces: Requirement[] = [];
  const pods: Requirement[] = [];
  for (const requirement of box.requirements()) {
    const { key } = requirement;
    if (key.startsWith(podPrefix)) pods.push({ ...requirement, key: key.slice(podPrefix.length) });
    else namespaces.push({ ...requirement, key: key.slice(namespacePrefix.length) });
  }
  return { namespaces, pods };
}

function prefixed(box: LabelBox, prefix: string): LabelBox {
  return box.renamed((key) => prefix + key);
}

function part(box: LabelBox, prefix: string): LabelBox {
  return box.renamed((key) => (key.startsWith(prefix) ? key.slice(prefix.length) : undefined));
}
