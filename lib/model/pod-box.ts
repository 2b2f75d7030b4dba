import { LabelBox } from '../sets/label-box';

const namespacePrefix = 'namespace:';
const podPrefix = 'pod:';

/** Pods by the labels of their namespace and their own, as one box over both. */
export function podBox(namespaces: LabelBox, pods: LabelBox): LabelBox {
  return LabelBox.of([...prefixed(namespaces, namespacePrefix), ...prefixed(pods, podPrefix)]);
}

export function namespacesOf(box: LabelBox): LabelBox {
  return part(box, namespacePrefix);
}

export function podsOf(box: LabelBox): LabelBox {
  return part(box, podPrefix);
}

function prefixed(box: LabelBox, prefix: string) {
  return box.requirements().map((r) => ({ ...r, key: prefix + r.key }));
}

function part(box: LabelBox, prefix: string): LabelBox {
  const own = box.requirements().filter((r) => r.key.startsWith(prefix));
  return LabelBox.of(own.map((r) => ({ ...r, key: r.key.slice(prefix.length) })));
}
