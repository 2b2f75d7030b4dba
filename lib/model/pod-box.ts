import type { LabelBox } from '../sets/label-box';

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

function prefixed(box: LabelBox, prefix: string): LabelBox {
  return box.renamed((key) => prefix + key);
}

function part(box: LabelBox, prefix: string): LabelBox {
  return box.renamed((key) => (key.startsWith(prefix) ? key.slice(prefix.length) : undefined));
}
