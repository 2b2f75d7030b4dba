import type { DeclaringApp } from '../analysis/explain/declaring-app';
import { didYouMean } from '../constructs/did-you-mean';
import type { Cluster } from '../model/cluster';
import type { CniProfile } from '../model/cni-profile';
import { cniProfiles, defaultProfile, profileOf } from '../model/cni-profiles';
import { InputError, type Issue, issueToString } from '../model/issue';
import type { AppCluster } from '../synth/app-source';
import { declaringApp } from '../synth/declaring-app';
import { bad, type Party } from './party';
import { World } from './world';

export interface NetworkOptions {
  /** The network plugin, which decides what the API leaves open: an id as `--cni` takes it. @default one of which nothing is known */
  readonly cni?: string | CniProfile;
}

/** What tests need to know of an app, beside its cluster. */
export type AppFacts = Pick<
  AppCluster,
  'name' | 'clusters' | 'environments' | 'intents' | 'guarantees' | 'lineOf' | 'intentsOf' | 'lineOfPolicy'
> & {
  /** Of its output, where the project is known: the files of its policies are in it. */
  readonly folder?: string | undefined;
  /** So that only statements are proposed that synth takes. Of a network that a test run left behind it is not known. */
  readonly declaring?: DeclaringApp;
};

/** @param folder of its output, where the project is known */
export function factsOf(app: AppCluster, folder?: string): AppFacts {
  return { ...app, folder, declaring: declaringApp(app) };
}

/** What a network has of an app, beside its cluster. */
export interface NetworkSource {
  readonly app?: AppFacts;
  /** Whether the policies mean what the code declares, and its guarantees hold: what is wrong. */
  readonly prove?: () => readonly Issue[];
}

/**
 * Policies and the pods that they are about, in which tests state who may talk to whom. Immutable: make it once for a test file.
 */
export class Network {
  readonly world: World;
  readonly profile: CniProfile;

  /** @throws InputError for a plugin that is not known */
  constructor(
    readonly cluster: Cluster,
    { cni = defaultProfile }: NetworkOptions = {},
    readonly source: NetworkSource = {},
  ) {
    this.profile = profileCalled(cni);
    this.world = new World(cluster, this.profile);
  }

  /** Some of its pods, so that a test can say `expect(network.pods('shop/cart')).toBeIsolated()`. */
  pods(who: Party | readonly Party[]): NetworkPods {
    return new NetworkPods(this, who);
  }

  /** Where the code declares a construct, where that is known. */
  lineOf(path: string): { readonly file: string; readonly line: number } | undefined {
    return this.source.app?.lineOf(path);
  }

  toString(): string {
    const { workloads, policies } = this.cluster;
    return `network of ${workloads.length} workloads and ${policies.length} policies`;
  }
}

/** The subject of a statement about some pods of a network. */
export class NetworkPods {
  constructor(
    readonly network: Network,
    readonly who: Party | readonly Party[],
  ) {}

  toString(): string {
    return `pods of a ${this.network}`;
  }
}

/** @throws InputError for a plugin that is not known */
export function profileCalled(cni: string | CniProfile): CniProfile {
  const profile = typeof cni === 'string' ? profileOf(cni) : cni;
  if (profile) return profile;
  const names = cniProfiles.map(({ id }) => id);
  throw bad(`no profile is called \`${cni}\``, didYouMean(`${cni}`, names) ?? `there are ${names.join(', ')}`);
}

/** @throws InputError with all of them, each once */
export function refuse(issues: readonly Issue[]): void {
  const distinct = [...new Map(issues.map((issue) => [issueToString(issue), issue])).values()];
  if (distinct.length > 0) throw new InputError(distinct);
}
