import type { Construct, IConstruct } from 'constructs';
import type { Issue } from '../model/issue';
import type {
  AcceptedFindings,
  EnvironmentModel,
  Guarantee,
  ImportedWorkloads,
  Intent,
  NamespaceModel,
  Program,
  RawPolicyModel,
  ServiceModel,
  TierModel,
} from '../model/program';
import type { ReadPolicy } from '../read/manifests';

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** Reads again what the user may change until synth: the mistakes of the reading before and of this one, or undefined if nothing changed. */
export type LateReading = () => { readonly before: readonly Issue[]; readonly after: readonly Issue[] } | undefined;

const registries = new WeakMap<IConstruct, Registry>();

/** What one app has declared so far: one for each construct tree. */
export class Registry {
  private readonly declared: Mutable<Program> = {
    environments: [],
    namespaces: [],
    tiers: [],
    services: [],
    rawPolicies: [],
    intents: [],
    guarantees: [],
    foreignPolicies: [],
    imports: [],
    suppressions: [],
    mistakes: [],
  };
  private readonly foreign = new Set<string>();
  private readonly late: LateReading[] = [];
  private count = 0;

  private constructor(readonly root: IConstruct) {}

  /** The registry of the tree that `construct` is in. */
  static of(construct: IConstruct): Registry {
    const { root } = construct.node;
    let registry = registries.get(root);
    if (!registry) {
      registry = new Registry(root);
      registries.set(root, registry);
    }
    return registry;
  }

  get program(): Program {
    return this.declared;
  }

  /** Grows with every declaration: what was computed from the program at another version is out of date. */
  get version(): number {
    return this.count;
  }

  addEnvironment(environment: EnvironmentModel): void {
    this.add('environments', environment);
  }

  addNamespace(namespace: NamespaceModel): void {
    this.add('namespaces', namespace);
  }

  addTier(tier: TierModel): void {
    this.add('tiers', tier);
  }

  /** Also makes the service a member of its tier and namespace, so that a rule for those holds for services that come later. */
  addService(service: ServiceModel): void {
    this.add('services', service);
    (service.namespace.services as ServiceModel[]).push(service);
    (service.tier?.services as ServiceModel[] | undefined)?.push(service);
  }

  addRawPolicy(policy: RawPolicyModel): void {
    this.add('rawPolicies', policy);
    (policy.namespace.rawPolicies as RawPolicyModel[]).push(policy);
  }

  addIntent(intent: Intent): void {
    this.add('intents', intent);
  }

  addGuarantee(guarantee: Guarantee): void {
    this.add('guarantees', guarantee);
  }

  /** Policies of manifests that the app was given. @param namespace where those are that name none */
  addForeignPolicies(policies: readonly ReadPolicy[], { name: home, environment: { cluster } }: NamespaceModel): void {
    for (const { name, namespace = home, place } of policies) {
      const key = `${cluster}/${namespace}/${name}`;
      if (this.foreign.has(key)) continue;
      this.foreign.add(key);
      this.add('foreignPolicies', { cluster, namespace, name, source: place.file ?? 'the manifests' });
    }
  }

  addImport(imported: ImportedWorkloads): void {
    this.add('imports', imported);
  }

  addSuppression(suppression: AcceptedFindings): void {
    this.add('suppressions', suppression);
  }

  addMistake(issue: Issue): void {
    this.add('mistakes', issue);
  }

  addLateReading(reading: LateReading): void {
    this.late.push(reading);
    this.count++;
  }

  /** Reads what is read late, so that its mistakes are among the program's, and what has changed since counts. */
  readLate(): void {
    for (const reading of this.late) {
      const read = reading();
      if (!read) continue;
      const past = new Set(read.before);
      if (past.size > 0) this.declared.mistakes = this.declared.mistakes.filter((issue) => !past.has(issue));
      this.declared.mistakes.push(...read.after);
      this.count++;
    }
  }

  private add<K extends keyof Program>(list: K, item: Program[K][number]): void {
    (this.declared[list] as Program[K][number][]).push(item);
    this.count++;
  }
}

/**
 * An id that is free in `scope`: `id`, unless it is taken, as by what objects of JavaScript have. A second construct of one name is then reported with all other mistakes
 * of the program, where `constructs` would throw at once and hide them.
 */
export function freeId(scope: Construct, id: string): string {
  if (!(id in {}) && !scope.node.tryFindChild(id)) return id;
  let n = 2;
  while (scope.node.tryFindChild(`${id}#${n}`)) n++;
  return `${id}#${n}`;
}
