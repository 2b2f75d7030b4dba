import { namespaceNameKey } from '../model/selector';
import { LabelBox, type Requirement } from '../sets/label-box';
import type { ExposedTo } from './exposure';
import { byKey, groupedBy } from './grouping';
import { pairBox } from './open-world/statement';
import { covers } from './open-world/uncovered';

/** The same pods and ports in as few entries as joining, asking for less and leaving out give. */
export function minimalExposure(entries: readonly ExposedTo[]): readonly ExposedTo[] {
  const parts = joinedByValues(joinedByPeers(entries));
  return withoutHeld(joinedByNames(joinedByValues(joinedByPeers(widened(parts)))));
}

export function exposureBox({ peers, ports }: ExposedTo) {
  return { labels: pairBox(LabelBox.everything, peers), addresses: undefined, ports };
}

/** The names, of a box that asks for nothing else. */
export function namesOnly(namespaces: LabelBox): readonly string[] | undefined {
  return namespaces.keys.length === 1 ? namespaces.valuesOf(namespaceNameKey) : undefined;
}

/** One entry for the same pods, in an order of its own. */
function joinedByPeers(entries: readonly ExposedTo[]): ExposedTo[] {
  const byPeers = groupedBy(entries, ({ peers }) => `${peers.namespaces} ${peers.pods}`);
  return [...byPeers].sort(byKey(([key]) => key)).map(([, [first, ...others]]) => ({
    peers: first!.peers,
    ports: others.reduce((ports, other) => ports.union(other.ports), first!.ports),
  }));
}

/** One entry where pods differ in nothing but the value of one key. */
function joinedByValues(entries: readonly ExposedTo[]): readonly ExposedTo[] {
  const keys = new Set(entries.flatMap(({ peers }) => peers.pods.keys));
  return [...keys].sort().reduce(joinedByValuesOf, entries);
}

function joinedByValuesOf(entries: readonly ExposedTo[], key: string): readonly ExposedTo[] {
  const alike = groupedBy(entries, ({ peers: { namespaces, pods }, ports }) =>
    pods.valuesOf(key) ? `${namespaces} ${ports} ${pods.textWithout(key)}` : `${namespaces} ${ports} \0${pods}`,
  );
  return [...alike.values()].map((group) => {
    const [first] = group as [ExposedTo];
    if (group.length === 1) return first;
    const values = group.flatMap(({ peers }) => peers.pods.valuesOf(key)!);
    return { ...first, peers: { ...first.peers, pods: first.peers.pods.withValues(key, values) } };
  });
}

/** Pods that ask for as little as they may while all entries of their namespaces together hold them: of the parts of one whole each becomes the whole. */
function widened(entries: readonly ExposedTo[]): ExposedTo[] {
  return [...groupedBy(entries, ({ peers }) => `${peers.namespaces}`).values()].flatMap((alike) => {
    if (alike.length === 1) return alike;
    const boxes = alike.map(exposureBox);
    return alike.map((entry, i) => {
      const others = boxes.filter((_, j) => j !== i);
      const isLeftOut = others.some((other) => covers([other], boxes[i]!));
      return isLeftOut ? entry : widest(entry, (wider) => covers(boxes, exposureBox(wider)));
    });
  });
}

function widest({ peers, ports }: ExposedTo, isHeld: (entry: ExposedTo) => boolean): ExposedTo {
  const { namespaces } = peers;
  let { pods } = peers;
  for (const key of peers.pods.keys) {
    const requirements = pods.requirements();
    const others = requirements.filter((other) => other.key !== key);
    const own = requirements.filter((other) => other.key === key);
    const boxes = wideningsOf(key, own).map((less) => LabelBox.of([...others, ...less]));
    pods = boxes.find((box) => isHeld({ peers: { namespaces, pods: box }, ports })) ?? pods;
  }
  return { peers: { namespaces, pods }, ports };
}

/** Ways to ask less of one key, the widest first. */
function wideningsOf(key: string, own: readonly Requirement[]): Requirement[][] {
  const parts = own.length > 1 ? own.map((requirement) => [requirement]) : [];
  const values = own.find(({ operator }) => operator === 'NotIn')?.values ?? [];
  const fewer = values.length > 1 ? values.map((value) => values.filter((other) => other !== value)) : [];
  const exists = own.filter(({ operator }) => operator === 'Exists');
  return [[], ...parts, ...fewer.map((list) => [...exists, { key, operator: 'NotIn' as const, values: list }])];
}

/** One entry for the same pods and ports in namespaces that are given by their names. */
function joinedByNames(entries: readonly ExposedTo[]): ExposedTo[] {
  const others = entries.filter(({ peers }) => !namesOnly(peers.namespaces));
  const named = entries.filter(({ peers }) => namesOnly(peers.namespaces));
  const joined = [...groupedBy(named, ({ peers, ports }) => `${peers.pods} ${ports}`).values()].map((alike) => {
    const values = alike.flatMap(({ peers }) => namesOnly(peers.namespaces)!);
    const namespaces = LabelBox.of([{ key: namespaceNameKey, operator: 'In', values }]);
    return { ...alike[0]!, peers: { ...alike[0]!.peers, namespaces } };
  });
  return [...others, ...joined];
}

function withoutHeld(entries: readonly ExposedTo[]): ExposedTo[] {
  const boxes = entries.map(exposureBox);
  const kept = new Set(boxes);
  for (const box of boxes) {
    kept.delete(box);
    if (!covers([...kept], box)) kept.add(box);
  }
  return entries.filter((_, i) => kept.has(boxes[i]!));
}
