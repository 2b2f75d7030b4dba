import type { LabelBox, Requirement } from '../sets/label-box';

/** Keys whose value says what a pod is, the most telling first. */
const tellingKeys = [
  'app.kubernetes.io/name',
  'app',
  'k8s-app',
  'name',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/component',
  'component',
  'role',
];

/** Longer names leave no room for what is put before them. */
const longest = 50;

/** A name for the pods of each of the boxes, from what their labels say: the shortest that tells them from each other. */
export function namesFromLabels(boxes: readonly LabelBox[]): Map<LabelBox, string> {
  const words = new Map(boxes.map((box) => [box, wordsOf(box)] as const));
  const names = new Map<LabelBox, string>();
  let open = [...boxes];
  for (let length = 1; open.length > 0; length++) {
    const taken = new Map<string, LabelBox[]>();
    for (const box of open) {
      const name = nameOf(words.get(box)!.slice(0, length).join('-'));
      taken.set(name, [...(taken.get(name) ?? []), box]);
    }
    const used = new Set(names.values());
    const next: LabelBox[] = [];
    for (const [name, alike] of taken) {
      const [first] = alike;
      if (alike.length === 1 && !used.has(name)) names.set(first!, name);
      else next.push(...alike);
    }
    if (length > 1 && next.every((box) => words.get(box)!.length <= length)) {
      numbered(next, words, names);
      break;
    }
    open = next;
  }
  return names;
}

function numbered(
  boxes: readonly LabelBox[],
  words: ReadonlyMap<LabelBox, readonly string[]>,
  names: Map<LabelBox, string>,
): void {
  for (const box of [...boxes].sort((a, b) => (a.toString() < b.toString() ? -1 : 1))) {
    names.set(box, freeName(nameOf(words.get(box)!.join('-')), new Set(names.values())));
  }
}

/** The name, or with the first number that makes it free. */
export function freeName(name: string, taken: { has(name: string): boolean }): string {
  if (!taken.has(name)) return name;
  let n = 2;
  while (taken.has(`${name}-${n}`)) n++;
  return `${name}-${n}`;
}

/** The text as a DNS label, which names of services are. */
export function nameOf(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longest)
    .replace(/^-+|-+$/g, '');
  return name || 'pods';
}

function wordsOf(box: LabelBox): readonly string[] {
  const requirements = box.requirements();
  const rank = ({ key, operator }: Requirement) => {
    const place = tellingKeys.indexOf(key);
    return (operator === 'In' ? 0 : 1000) + (place < 0 ? tellingKeys.length : place);
  };
  const ordered = requirements.map((r) => [rank(r), r] as const).sort(([a], [b]) => a - b);
  const words = ordered.map(([, requirement]) => wordOf(requirement));
  return words.length > 0 ? [...new Set(words)] : ['every-pod'];
}

function wordOf({ key, operator, values = [] }: Requirement): string {
  const short = key.slice(key.lastIndexOf('/') + 1);
  if (operator === 'In') return values.every((value) => value === '' || value === 'true') ? short : values.join('-or-');
  if (operator === 'NotIn') return `not-${values.join('-or-')}`;
  return operator === 'Exists' ? short : `without-${short}`;
}
