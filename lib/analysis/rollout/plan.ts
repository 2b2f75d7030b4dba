import type { Policy } from '../../model/policy';
import type { LabelBox } from '../../sets/label-box';
import type { Universe } from '../open-world/universe';
import { sameMeaning } from '../same-meaning';
import { Bounds } from './between';
import { after, copyOf, type Step } from './step';

export interface Rollout {
  readonly namespace: string;
  /** Everything that is in the namespace now, of whoever. */
  readonly live: readonly Policy[];
  /** To be written. Those of the names of live ones take their place. */
  readonly write: readonly Policy[];
  /** Of the live ones, to be deleted. */
  readonly remove: readonly Policy[];
}

/**
 * The order in which to write, so that whenever it is broken off, nothing that is allowed both before and after is denied, and nothing
 * is allowed that is neither allowed before nor after: allows before isolation, and isolation removed after all else that its pods can
 * do without.
 *
 * Where pods that nothing isolates come under several policies, the first of them holds the rules of the others until they are
 * written. Where policies take each other's place, the old ones stay as copies until all are written. Then still no order may do
 * without cutting: nothing is widened, and the step says what it cuts.
 */
export function planRollout({ namespace, live, write, remove }: Rollout, universe: Universe): Step[] {
  const replaced = new Set([...write, ...remove].map(({ name }) => name));
  const end = [...live.filter(({ name }) => !replaced.has(name)), ...write];
  const bounds = new Bounds(namespace, live, end, universe);
  let left: readonly Step[] = inOrder(write, remove, live, universe);
  let state = live;
  const steps: Step[] = [];
  const bridged = new Set<Policy>();
  const copied = new Map<Policy, string>();
  while (left.length > 0) {
    const isWritten = (name: string) => !left.some(({ kind, policy }) => kind === 'write' && policy.name === name);
    // A copy is there until what it was made of is replaced.
    const ready = left.filter(({ policy }) => isWritten(copied.get(policy) ?? ''));
    const step = nextStep(ready, state, bounds, bridged) ?? copyStep(left, state, copied);
    steps.push(step);
    state = after(state, step);
    if (step.kind === 'copy') {
      copied.set(step.policy, step.of.name);
      left = [...left, { kind: 'delete', policy: step.policy }];
    } else if (step.kind === 'write' && step.bridging.length > 0) bridged.add(step.policy);
    else left = left.filter(({ policy }) => policy !== step.policy);
  }
  return steps;
}

/** What is most likely right is tried first; which step is safe is judged, and does not follow from this. */
function inOrder(
  write: readonly Policy[],
  remove: readonly Policy[],
  live: readonly Policy[],
  universe: Universe,
): Step[] {
  const there = new Map(live.map((policy) => [policy.name, policy] as const));
  const isNeeded = (policy: Policy) => {
    const old = there.get(policy.name);
    return !old || !sameMeaning(old, policy, universe);
  };
  // A policy without rules does nothing but isolate.
  const rank = ({ rules, pods }: Policy) => (rules.length > 0 ? 0 : pods.isEverything ? 2 : 1);
  const sorted = (policies: readonly Policy[]) =>
    [...policies].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  const writes = sorted(write).map((policy): Step => ({ kind: 'write', policy, bridging: [] }));
  const deletes = sorted(remove).map((policy): Step => ({ kind: 'delete', policy }));
  // What means the same already is written all the same, as its annotations may have changed; it is safe at any time.
  const [needed, others] = [
    writes.filter(({ policy }) => isNeeded(policy)),
    writes.filter(({ policy }) => !isNeeded(policy)),
  ];
  return [...needed, ...deletes, ...others];
}

/** Undefined where every step would widen. */
function nextStep(
  left: readonly Step[],
  state: readonly Policy[],
  bounds: Bounds,
  bridged: ReadonlySet<Policy>,
): Step | undefined {
  const judged = left.map((step) => ({ step, ...bounds.judge(after(state, step), subjectsOf(step, state)) }));
  const safe = judged.find(({ cuts, widens }) => cuts === undefined && widens === undefined);
  if (safe) return safe.step;
  const bridge = bridgeOver(
    left.filter(({ policy }) => !bridged.has(policy)),
    left,
    state,
    bounds,
  );
  if (bridge) return bridge;
  const least = judged.find(({ widens }) => widens === undefined);
  return least?.cuts === undefined ? undefined : { ...least.step, cuts: least.cuts };
}

/** With copies of all that is replaced, each write only adds a policy, which opens nothing that is not open at the end. */
function copyStep(left: readonly Step[], state: readonly Policy[], copied: ReadonlyMap<Policy, string>): Step {
  const names = new Set(copied.values());
  for (const { kind, policy } of left) {
    const of = kind === 'write' && !names.has(policy.name) ? state.find(({ name }) => name === policy.name) : undefined;
    if (of) return { kind: 'copy', policy: copyOf(of, copied.size + 1), of };
  }
  throw new TypeError('no order of writing keeps everything closed that is closed');
}

/** A policy that for now holds the rules of the others that are still to be written for some of its pods, or its own old ones. */
function bridgeOver(
  candidates: readonly Step[],
  left: readonly Step[],
  state: readonly Policy[],
  bounds: Bounds,
): Step | undefined {
  const written = left.filter(({ kind }) => kind === 'write').map(({ policy }) => policy);
  for (const { kind, policy } of candidates) {
    if (kind !== 'write') continue;
    const others = written.filter((other) => other !== policy && other.pods.meets(policy.pods));
    const old = state.filter(({ name }) => name === policy.name);
    for (const bridging of [others, old, [...others, ...old]]) {
      const step: Step = { kind, policy, bridging };
      const { cuts, widens } = bounds.judge(after(state, step), subjectsOf(step, state));
      if (bridging.length > 0 && cuts === undefined && widens === undefined) return step;
    }
  }
  return undefined;
}

/** The pods for which a step changes anything. */
function subjectsOf({ policy }: Step, state: readonly Policy[]): LabelBox[] {
  const old = state.find(({ name }) => name === policy.name);
  return old && !old.pods.equals(policy.pods) ? [policy.pods, old.pods] : [policy.pods];
}
