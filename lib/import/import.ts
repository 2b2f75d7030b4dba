import { listDiff } from '../analysis/diff/diff';
import type { UnreadPolicy } from '../model/cluster';
import { defaultProfile } from '../model/cni-profiles';
import type { DiffListing } from '../model/diff-listing';
import { InputError, type Issue } from '../model/issue';
import type { Policy } from '../model/policy';
import { type AppFiles, appCode } from './code/app-code';
import { unlabelledIn } from './drafts';
import { unsaidGateways } from './evidence';
import { planOf } from './make-plan';
import type { AppPlan, RawPlan } from './plan';
import { type Proposal, proposePlan } from './propose';
import { type ImportProof, policiesOf, proveImport } from './prove-import';
import type { ImportInput } from './reading';
import { tighten } from './tighten';

export interface ImportResult {
  /** `policies`: the app means what they mean. `workloads`: there are none, and the app denies all that it does not propose. */
  readonly made: 'of policies' | 'of workloads';
  readonly plan: AppPlan;
  readonly files: AppFiles;
  readonly proof: ImportProof;
  readonly policies: number;
  /** How many rules the imported policies have, and how many of them services and intents say. */
  readonly rules: { readonly total: number; readonly constructs: number };
  /** What is kept as it is, with the namespace. */
  readonly raw: readonly (RawPlan & { readonly namespace: string })[];
  /** Intents that no policy says. */
  readonly proposals: readonly Proposal[];
  /** What is to be added by whoever knows it. */
  readonly unsaid: readonly string[];
  readonly leftOut: readonly Issue[];
  /** Policies of kinds that are not read, which go on beside the app's. */
  readonly unread: readonly UnreadPolicy[];
  /** What services and intents could say instead and allow less, where that was asked for. */
  readonly tighter: TighterApp | undefined;
  /** Namespaces with workloads of which the app says nothing: no policy isolates their pods. */
  readonly open: readonly string[];
}

/** An app that allows a part of what the policies allow: what something speaks for. */
export interface TighterApp {
  readonly plan: AppPlan;
  readonly files: AppFiles;
  readonly proof: ImportProof;
  /** What that changes. */
  readonly diff: DiffListing;
  /** What of it may be in use without any manifest telling, in words. */
  readonly removed: readonly string[];
}

export interface ImportSettings {
  /** Whether to propose a tighter app too. @default no */
  readonly tighten?: 'yes' | 'no';
  /** Names the environment, unless tierwall wrote the policies. @default cluster */
  readonly environment?: string;
}

/**
 * An app that means exactly what the policies mean; of workloads alone, one that denies everything but what their settings ask for. With the
 * proof of it.
 * @throws InputError where there is nothing to import
 */
export function importCluster(input: ImportInput, settings: ImportSettings = {}): ImportResult {
  const { environment = 'cluster' } = settings;
  const { workloads, unread } = input.cluster;
  const policies = input.cluster.policies.filter(({ pods }) => !pods.isEmpty);
  const cluster = { ...input.cluster, policies };
  const leftOut = [...input.leftOut, ...input.cluster.policies.filter(({ pods }) => pods.isEmpty).map(ofNoPods)];
  if (policies.length + workloads.length === 0) throw nothing(leftOut);
  const ofPolicies = policies.length > 0;
  const { plan, proposals } = ofPolicies
    ? { plan: planOf({ ...input, cluster }, environment), proposals: [] }
    : proposePlan({ ...input, cluster }, environment);
  const files = appCode(plan);
  const raw = plan.namespaces.flatMap(({ name, rawPolicies }) => rawPolicies.map((r) => ({ ...r, namespace: name })));
  const total = policies.reduce((sum, { rules }) => sum + rules.length, 0);
  const kept = raw.reduce((sum, { spec }) => sum + (spec.ingress?.length ?? 0) + (spec.egress?.length ?? 0), 0);
  const managed = new Set(plan.namespaces.map(({ name }) => name));
  return {
    made: ofPolicies ? 'of policies' : 'of workloads',
    plan,
    files,
    proof: proveImport(files, ofPolicies ? policies : undefined),
    policies: policies.length,
    rules: { total, constructs: total - kept },
    raw,
    proposals,
    unsaid: [
      ...(ofPolicies ? [] : [...unsaidGateways({ ...input, cluster }), ...unsaidApiServer(input, managed)]),
      ...unlabelledIn(cluster, managed),
    ],
    tighter:
      ofPolicies && settings.tighten === 'yes' ? tighterApp({ ...input, cluster }, plan.environment.name) : undefined,
    leftOut,
    unread,
    open: [...new Set(workloads.map(({ namespace }) => namespace))].filter((name) => !managed.has(name)).sort(),
  };
}

/** @throws Error where it would allow more than the policies, which is a mistake of ours */
function tighterApp(input: ImportInput, environment: string): TighterApp {
  const { plan, removedBy } = tighten(input, environment);
  const files = appCode(plan);
  const proof = proveImport(files, input.cluster.policies);
  const [gained] = proof.differences.filter(({ kind }) => kind === 'gained');
  if (gained) throw new Error(`the tighter app would allow more: ${gained.connection}, by ${gained.allowedBy}`);
  const after = { ...input.cluster, policies: policiesOf(files) };
  const diff = listDiff(input.cluster, after, defaultProfile);
  return { plan, files, proof, diff, removed: removedBy(after.policies, diff) };
}

/** Workloads that may use the API server, which no intent allows as long as nobody says so. */
function unsaidApiServer({ cluster, references }: ImportInput, namespaces: ReadonlySet<string>): string[] {
  return cluster.workloads
    .filter(({ namespace }) => namespaces.has(namespace))
    .flatMap(({ kind, namespace, name }) => {
      const access = references.apiAccess.get(`${namespace}/${kind}/${name}`);
      if (access?.use !== 'possible') return [];
      return [`${kind} ${namespace}/${name}: ${access.text}; if it does, say so by \`allowTo(Peer.apiServer())\``];
    });
}

function ofNoPods({ namespace, name, pods, place }: Policy): Issue {
  const message = `NetworkPolicy \`${namespace}/${name}\` says nothing: no pod can match \`${pods}\``;
  return { code: 'no-pods', message, place };
}

function nothing(leftOut: readonly Issue[]): InputError {
  const message = 'there is no policy and no workload to import';
  const hint =
    'give manifests, as in `kubectl get networkpolicies,deployments -A -o yaml | tierwall import - --out app`';
  return new InputError([...leftOut, { code: 'nothing-to-import', message, place: {}, hint }]);
}
