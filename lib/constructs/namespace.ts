import type { Declared, NamespaceModel } from '../model/program';
import { namespaceNameKey } from '../model/selector';
import { Origin } from '../origin/origin';
import { Manifests } from '../read/manifests';
import { defaultDenyName } from '../targets/names';
import type { Environment } from './environment';
import { existingDefaultDeny } from './existing-default-deny';
import { GroupConstruct } from './group';
import { checkOptions, checkScope, duplicate, placeOf } from './mistakes';
import { bad, label, labels, made, oneOf, options, type Problem, readOptions, text } from './options';
import { freeId, Registry } from './registry';

export interface NamespaceProps {
  /** The namespace's name in the cluster. @default the construct id */
  readonly name?: string;
  /** The team that owns the namespace; access from another team must be declared on this side. @default none */
  readonly team?: string;
  /** Further labels that the namespace carries. @default only team and environment, by the label scheme */
  readonly labels?: Readonly<Record<string, string>>;
  /** Whether the Namespace object is written too, or expected to exist. @default expected */
  readonly object?: 'expected' | 'written';
  /**
   * The directions in which pods are denied what is not declared. In the other one nothing is denied, and nothing needs to be declared.
   * @default both
   */
  readonly isolates?: 'both' | 'ingress' | 'egress';
  /** Whether pods that no Service names are denied too, by a default deny, or stay as open as without policies. @default denied */
  readonly unnamedPods?: 'denied' | 'open';
  /** `kube-*` namespaces run the cluster itself: a default deny there must be asked for. @default refused */
  readonly systemNamespace?: 'managed' | 'refused';
}

export interface ExistingNamespaceProps extends Omit<NamespaceProps, 'object' | 'isolates' | 'unnamedPods'> {
  /** The name of the default deny that another owner wrote; tierwall's is written under this name and so takes its place. */
  readonly defaultDeny?: string;
  /** Manifests to find that default deny in, instead of naming it. */
  readonly manifests?: Manifests;
}

const namespaceChecks = {
  name: text(),
  team: label('give the name of a team, or leave it out'),
  labels,
  systemNamespace: oneOf('managed', 'refused'),
};
const namespaceOptions = options<NamespaceProps>('Namespace', {
  ...namespaceChecks,
  object: oneOf('expected', 'written'),
  isolates: oneOf('both', 'ingress', 'egress'),
  unnamedPods: oneOf('denied', 'open'),
});
const existingOptions = options<ExistingNamespaceProps>('Namespace.fromExisting', {
  ...namespaceChecks,
  defaultDeny: text("give that policy's name"),
  manifests: made((value) => value instanceof Manifests, 'Manifests', 'read them by `Manifests.fromFile(…)`'),
});

/** A namespace whose pods are denied everything, in both directions unless it says otherwise, but what is declared. As a peer: all its pods. */
export class Namespace extends GroupConstruct {
  /** @internal */
  readonly model: NamespaceModel;

  constructor(scope: Environment, id: string, props: NamespaceProps = {}) {
    checkScope(scope, 'Namespace', id, ['environment']);
    const free = freeId(scope, id);
    super(scope, free);
    const declared = { path: this.node.path, origin: Origin.capture() };
    const given = checkOptions(this, declared, props, namespaceOptions);
    this.model = modelOf(declared, scope, id, given);
    const registry = Registry.of(this);
    for (const problem of contradictions(this.model, given.labels ?? {})) {
      registry.addMistake({ ...problem, place: placeOf(declared) });
    }
    if (free === id) registry.addNamespace(this.model);
    else registry.addMistake(duplicate('namespace', id, this.model));
  }

  /**
   * A namespace that exists and has a default deny of another owner, which is taken over: tierwall's own is written under its name.
   * One of `defaultDeny` and `manifests` is needed.
   */
  static fromExisting(scope: Environment, id: string, props: ExistingNamespaceProps): Namespace {
    const namespace = new Namespace(scope, id, readOptions<NamespaceProps>(props, namespaceOptions).usable);
    const { model } = namespace;
    const { defaultDeny, manifests } = checkOptions(namespace, model, props, existingOptions);
    const registry = Registry.of(namespace);
    const { name, problem } = existingDefaultDeny(model, { defaultDeny, manifests });
    if (problem) registry.addMistake({ ...problem, place: placeOf(model) });
    if (name !== undefined)
      Object.assign(model, { defaultDenyName: name, defaultDenyIs: 'taken-over' } satisfies Partial<NamespaceModel>);
    if (manifests) {
      registry.addImport({ workloads: manifests.workloads, namespace: model });
      const others = manifests.policies.filter((p) => p.name !== name || (p.namespace ?? model.name) !== model.name);
      registry.addForeignPolicies(others, model);
    }
    return namespace;
  }
}

function modelOf(declared: Declared, scope: Environment, id: string, props: NamespaceProps): NamespaceModel {
  const environment = scope.model;
  const { keys } = environment.scheme;
  return {
    kind: 'namespace',
    ...declared,
    environment,
    name: props.name ?? id,
    team: props.team,
    labels: {
      ...props.labels,
      [keys.environment]: environment.name,
      ...(props.team === undefined ? {} : { [keys.team]: props.team }),
    },
    object: props.object ?? 'expected',
    defaultDenyName,
    defaultDenyIs: 'new',
    systemNamespace: props.systemNamespace ?? 'refused',
    isolates: props.isolates ?? 'both',
    unnamedPods: props.unnamedPods ?? 'denied',
    services: [],
    rawPolicies: [],
  };
}

/** Labels that say something else of the namespace than what is declared of it, and by which a policy would take it for another. */
function contradictions(model: NamespaceModel, given: NonNullable<NamespaceProps['labels']>): Problem[] {
  const { keys } = model.environment.scheme;
  const declared = [
    [keys.environment, model.environment.name, 'the environment says it'],
    [keys.team, model.team, 'say it by `team`'],
    [namespaceNameKey, model.name, 'every namespace carries its own name'],
  ] as const;
  return declared.flatMap(([key, value, hint]) => {
    if (!Object.hasOwn(given, key) || given[key] === value) return [];
    const other = value === undefined ? 'the code does not say so' : `it is \`${value}\``;
    return [bad(`\`labels\` says \`${key}: ${given[key]}\`, and ${other}`, `leave the label out: ${hint}`)];
  });
}
