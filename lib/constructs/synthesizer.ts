import type { IConstruct } from 'constructs';
import { check, type Surroundings } from '../analysis/check/check';
import { emptyGroups } from '../analysis/check/intents';
import { uncertainLabelTiers } from '../analysis/check/label-tiers';
import { type DeniedDns, deniedDns } from '../analysis/denied-dns';
import { idleIntents } from '../analysis/idle-intents';
import { importedWorkloads, type KnownWorkload, unnamedWorkloads } from '../analysis/known-workload';
import { type PossibleOverlap, possibleOverlaps } from '../analysis/possible-overlaps';
import { type SaidTwice, saidTwice } from '../analysis/said-twice';
import { timeBoxesWithoutEffect } from '../analysis/time-boxes';
import type { Issue } from '../model/issue';
import type { Intent, Program } from '../model/program';
import { type AsOf, isDay, readAsOf } from '../read/as-of';
import { type CompiledNamespace, compile } from '../targets/compile';
import { checkObjects } from './check-objects';
import { placeOf } from './mistakes';
import { Registry } from './registry';
import { type TreePolicies, treePolicies } from './tree-policies';
import { treeWorkloads } from './tree-workloads';

/** What a program comes to: its mistakes, or what is written. */
export interface Synthesized {
  readonly program: Program;
  readonly issues: readonly Issue[];
  /** The policies that the app writes beside ours. */
  readonly beside: TreePolicies;
  /** Nothing if there are issues. */
  readonly namespaces: readonly CompiledNamespace[];
  /** Intents whose last day has passed: not emitted. */
  readonly expired: readonly Intent[];
  /** Intents with a last day, all of whose openings others give without end. */
  readonly withoutEffect: readonly Intent[];
  /** Intents that name a tier or namespace without services: nothing is emitted for them. */
  readonly empty: readonly Intent[];
  /** Intents that open nothing, since nothing isolates that side. */
  readonly idle: readonly Intent[];
  /** Known pods that no service names: they are denied everything. */
  readonly unnamed: readonly KnownWorkload[];
  /** Intents whose last day has not passed. */
  readonly active: readonly Intent[];
  /** Intents that are said from both sides: one each. */
  readonly twice: readonly SaidTwice[];
  /** Services of which some pod could be both, by namespace. */
  readonly overlaps: readonly PossibleOverlap[];
  /** Tiers selected by a label that their members' pods may lack. */
  readonly labelTiers: ReturnType<typeof uncertainLabelTiers>;
  /** Namespaces of this app that hold the DNS servers and let nobody in to them. */
  readonly deniedDns: readonly DeniedDns[];
  /** The day of synthesis; undefined if no access is time-boxed. */
  readonly asOf: AsOf | undefined;
}

const results = new WeakMap<Registry, { version: number; constructs: number; result: Synthesized }>();

/**
 * The synthesis of the tree that `construct` is in. cdk8s asks for it once for each chart and once more: it is computed once, and
 * again only after something was added to the tree.
 */
export function synthesize(construct: IConstruct): Synthesized {
  const registry = Registry.of(construct);
  registry.readLate();
  const tree = registry.root.node.findAll();
  const known = results.get(registry);
  if (known?.version === registry.version && known.constructs === tree.length) return known.result;
  const { program } = registry;
  const workloads = [...treeWorkloads(tree, program), ...importedWorkloads(program)];
  const result = synthesizeProgram(program, workloads, treePolicies(tree, program));
  results.set(registry, { version: registry.version, constructs: tree.length, result });
  return result;
}

/** Says that objects were added to the tree by the synthesis itself, which leaves its result as it is. */
export function keepResult(construct: IConstruct): void {
  const registry = Registry.of(construct);
  const known = results.get(registry);
  if (known) known.constructs = registry.root.node.findAll().length;
}

function synthesizeProgram(program: Program, workloads: Surroundings['workloads'], beside: TreePolicies): Synthesized {
  const boxed = program.intents.filter((intent) => intent.until !== undefined);
  const asOf = boxed.length > 0 ? readAsOf(process.env['TIERWALL_AS_OF'], process.env, process.cwd()) : undefined;
  const expired = asOf ? boxed.filter(({ until }) => isDay(until!) && until! < asOf.day) : [];
  const past = new Set(asOf ? expired : boxed);
  const active = past.size > 0 ? program.intents.filter((intent) => !past.has(intent)) : program.intents;
  let namespaces: readonly CompiledNamespace[] = [];
  const issues = check(program, active, { workloads, policies: beside.named }, () => {
    namespaces = compile(program, active);
    return checkObjects(namespaces);
  });
  issues.push(...beside.issues);
  const judged = boxed.find(({ until }) => isDay(until!));
  if (judged && !asOf) issues.push(noDay(judged));
  return {
    program,
    issues,
    beside,
    namespaces: issues.length > 0 ? [] : namespaces,
    expired,
    withoutEffect: boxed.length > 0 && issues.length === 0 ? timeBoxesWithoutEffect(program.intents) : [],
    empty: emptyGroups(program),
    idle: issues.length > 0 ? [] : idleIntents(program, active),
    unnamed: unnamedWorkloads(program, workloads),
    active,
    twice: saidTwice(active),
    overlaps: possibleOverlaps(program),
    labelTiers: uncertainLabelTiers(program),
    deniedDns: deniedDns(program, active),
    asOf,
  };
}

function noDay(intent: Intent): Issue {
  const code = 'no-as-of';
  const place = placeOf(intent);
  const epoch = process.env['SOURCE_DATE_EPOCH'];
  if (process.env['TIERWALL_AS_OF'] === undefined && epoch) {
    const message = `access is time-boxed, and SOURCE_DATE_EPOCH is \`${epoch}\`, which is no number of seconds`;
    return { code, message, place, hint: 'correct or unset it, or give `--as-of 2026-12-31`' };
  }
  return {
    code,
    message: 'access is time-boxed, but no day is known to judge it by',
    place,
    hint: 'give `--as-of 2026-12-31`, set SOURCE_DATE_EPOCH to seconds, or run in a git repository with a commit',
  };
}
