import { leftoversIn, namespaceDrift } from '../analysis/drift/drift';
import type { DriftFinding } from '../analysis/drift/drift-finding';
import { driftRules } from '../analysis/drift/drift-rules';
import { DriftWorld } from '../analysis/drift/drift-world';
import type { Intended } from '../analysis/drift/intended';
import { planRollout } from '../analysis/rollout/plan';
import type { Step } from '../analysis/rollout/step';
import { ApiFailure } from '../cluster/api-failure';
import type { ApiServer } from '../cluster/api-server';
import { applyNamespace, type WriteMode } from '../cluster/policy-writes';
import type { Cluster } from '../model/cluster';
import { InputError, type Issue } from '../model/issue';
import { policyToString } from '../model/policy';
import { writtenAt } from '../read/written-object';
import { readLiveCluster } from './live-cluster';
import { type NamespaceRollout, type RolloutChoice, rolloutOf } from './namespace-rollout';
import { runSteps } from './rollout-run';

export interface EnvironmentApply {
  readonly api: ApiServer;
  readonly intended: Intended;
  readonly choice: RolloutChoice;
  /** Namespaces that the intent no longer has, and from which what it left there is to go. */
  readonly abandoned: readonly string[];
  readonly mode: WriteMode;
  readonly signal?: AbortSignal;
  readonly note: (text: string) => void;
  /** After each. */
  readonly done: (step: Step) => void;
}

export interface EnvironmentApplied {
  readonly steps: number;
  /** What of the intent is not in the cluster afterwards; of a dry run, nothing. */
  readonly failed: readonly DriftFinding[];
}

/** Somebody else writes at the same time: so often it is planned anew. */
const mostConflicts = 5;

/** What applying is to bring about; what others do beside it is for `tierwall drift` to say. */
const checked: ReadonlySet<string> = new Set(
  [driftRules.missing, driftRules.changed, driftRules.open, driftRules.namespace, driftRules.unexplained].map(
    ({ id }) => id,
  ),
);

/**
 * Brings one environment's policies into the cluster, namespace by namespace, and looks whether they are there.
 * @throws InputError before anything is written, for what cannot be applied; ApiFailure
 */
export async function applyEnvironment(apply: EnvironmentApply): Promise<EnvironmentApplied> {
  const { api, intended, mode, note, signal } = apply;
  const live = await readLiveCluster(api, note, signal);
  const world = new DriftWorld(intended, live);
  refuseTaken(world.managed.map((name) => rolloutOf(world, name, apply.choice)));
  refuseMissing(apply, live);
  await applyNamespaces(apply, live);
  let steps = 0;
  for (const name of world.managed) {
    // A dry run made no namespace.
    if (mode === 'dry-run' && !world.isPresent(name)) steps += untried(apply, world, name);
    else steps += await applyToNamespace(apply, world, name);
  }
  steps += await prune(apply, world);
  if (mode === 'dry-run') return { steps, failed: [] };
  const then = new DriftWorld(intended, await readLiveCluster(api, note, signal));
  const found = then.managed.flatMap((name) => namespaceDrift(then, name));
  return { steps, failed: found.filter(({ rule, severity }) => checked.has(rule) && severity !== 'info') };
}

/** Of a namespace that the app writes, and that is not there yet: the server takes no policy in it, also for a trial. */
function untried({ choice, note, done }: EnvironmentApply, world: DriftWorld, namespace: string): number {
  note(`namespace ${namespace} is not in the cluster yet: what would be written to it is not tried`);
  const steps = planRollout(rolloutOf(world, namespace, choice), world.universe);
  for (const step of steps) done(step);
  return steps.length;
}

/** Deletes what is to go from namespaces that are no longer declared, and says what is left in others. */
async function prune(apply: EnvironmentApply, world: DriftWorld): Promise<number> {
  const { abandoned, note } = apply;
  const choice = { ...apply.choice, leftovers: 'removed' } as const;
  const left = world.others.filter((name) => leftoversIn(world, name).length > 0);
  let steps = 0;
  for (const name of left) {
    if (abandoned.includes(name)) steps += await applyToNamespace({ ...apply, choice }, world, name);
    else
      note(
        `namespace ${name} is not declared, and has policies of this environment; if no other app declares it, \`--prune-namespace ${name}\` deletes them`,
      );
  }
  for (const name of abandoned.filter((name) => !left.includes(name))) {
    note(
      world.managed.includes(name)
        ? `namespace ${name} is declared: \`--prune\` deletes what the code no longer gives there`
        : `namespace ${name} has no policies of this environment`,
    );
  }
  return steps;
}

async function applyToNamespace(apply: EnvironmentApply, first: DriftWorld, namespace: string): Promise<number> {
  const { api, intended, choice, mode, signal, note } = apply;
  let [world, steps] = [first, 0];
  const done = (step: Step) => {
    steps++;
    apply.done(step);
  };
  for (let conflicts = 0; ; conflicts++) {
    const rollout = rolloutOf(world, namespace, choice);
    refuseTaken([rollout]);
    for (const policy of rollout.uncertain)
      note(`${policyToString(policy)} is tierwall's, but not certainly of this app: it stays`);
    try {
      await runSteps(planRollout(rollout, world.universe), { api, live: rollout.live, mode, signal, done });
      return steps;
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.kind !== 'conflict' || conflicts === mostConflicts) throw error;
      note(`${error.message}; planning anew`);
      world = new DriftWorld(intended, await readLiveCluster(api, () => {}, signal));
    }
  }
}

/** Those that the app writes itself. */
async function applyNamespaces({ api, intended, mode, note }: EnvironmentApply, live: Cluster): Promise<void> {
  const present = new Map(live.namespaces.map((namespace) => [namespace.name, namespace] as const));
  for (const { name, place, labels } of intended.cluster.namespaces) {
    const object = place && writtenAt(place)?.object;
    if (typeof object !== 'object' || object === null) continue;
    const own = present.get(name)?.labels;
    if (own && Object.entries(labels).every(([key, value]) => own[key] === value)) continue;
    await applyNamespace(api, object, name, mode);
    const done = own ? 'is given the labels that it lacks' : 'is created';
    note(`namespace ${name} ${done}${mode === 'dry-run' ? ', by a trial' : ''}`);
  }
}

function refuseMissing({ intended }: EnvironmentApply, live: Cluster): void {
  const present = new Set(live.namespaces.map(({ name }) => name));
  const missing = intended.cluster.namespaces.filter(({ name, source }) => source === 'assumed' && !present.has(name));
  if (missing.length === 0) return;
  throw new InputError(
    missing.map(({ name }): Issue => {
      const hint = "create it first, or let the app write it with `object: 'written'`";
      return { code: 'no-namespace', message: `namespace \`${name}\` is not in the cluster`, place: {}, hint };
    }),
  );
}

function refuseTaken(rollouts: readonly NamespaceRollout[]): void {
  const issues = rollouts.flatMap(({ taken }) =>
    taken.map((policy): Issue => {
      const message = `\`${policyToString(policy)}\` is in the cluster, and somebody else wrote it`;
      const hint = 'remove it, or take it over with `--take-over`';
      return { code: 'name-taken', message, place: policy.place, hint };
    }),
  );
  if (issues.length > 0) throw new InputError(issues);
}
