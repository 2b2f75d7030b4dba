import { Connectivity } from '../analysis/connectivity/connectivity';
import { ClusterRelation } from '../analysis/open-world/cluster-relation';
import type { Universe } from '../analysis/open-world/universe';
import { type Redundancy, redundancyOf } from '../analysis/redundancy';
import type { Cluster } from '../model/cluster';
import type { Issue } from '../model/issue';
import type { Policy } from '../model/policy';
import type { ReadObject } from '../read/cluster-reading';
import type { RawManifests } from '../read/raw-manifests';
import type { LintedApp } from './linted-app';
import { SelectedPods } from './selected-pods';
import type { LintSettings } from './settings';
import { type WrittenPolicy, writtenPolicy } from './written-policy';

/** What is linted. */
export interface LintInput extends RawManifests {
  /** Where an app is linted: what it declares. */
  readonly app?: LintedApp;
}

/** What rules may ask. Whatever takes time is worked out when the first rule asks for it, and once. */
export class LintContext {
  private readonly objectOf: ReadonlyMap<unknown, ReadObject>;
  private readonly found = new Map<string, unknown>();

  constructor(
    private readonly input: LintInput,
    readonly settings: LintSettings,
  ) {
    this.objectOf = new Map(input.objects.map((object) => [object.place, object]));
  }

  /** All that could be read. */
  get cluster(): Cluster {
    return this.input.cluster;
  }

  /** Objects as they are written, also those that the API server would refuse. */
  get objects(): readonly ReadObject[] {
    return this.input.objects;
  }

  /** Problems of reading. Those that are about one object (`invalid-object`) are in `objects` too. */
  get issues(): readonly Issue[] {
    return this.input.issues;
  }

  /** Undefined where manifests are linted. */
  get app(): LintedApp | undefined {
    return this.input.app;
  }

  /** Each valid policy as it is written, so that what is missing can be seen. */
  get policies(): readonly WrittenPolicy[] {
    return this.once('policies', () => this.cluster.policies.map((policy) => this.written(policy)));
  }

  written(policy: Policy): WrittenPolicy {
    return writtenPolicy(policy, this.objectOf.get(policy.place)?.object ?? {});
  }

  /** Which known workloads selectors pick. */
  get pods(): SelectedPods {
    return this.once('pods', () => new SelectedPods(this.connectivity));
  }

  /** Who may talk to whom among known workloads. */
  get connectivity(): Connectivity {
    return this.once('connectivity', () => new Connectivity(this.cluster, this.settings.profile));
  }

  /** Which rules and policies can go, over every pod that could exist. */
  get redundancy(): Redundancy {
    return this.once('redundancy', () => redundancyOf(this.cluster, this.relation));
  }

  /** What policies allow, over every pod that could exist. */
  get relation(): ClusterRelation {
    return this.once('relation', () => new ClusterRelation(this.cluster));
  }

  /** The namespaces that could exist. */
  get universe(): Universe {
    return this.relation.universe;
  }

  private once<T>(name: string, find: () => T): T {
    if (!this.found.has(name)) this.found.set(name, find());
    return this.found.get(name) as T;
  }
}
