import type { Declared, NamespaceModel } from '../model/program';
import { Origin } from '../origin/origin';
import { Manifests } from '../read/manifests';
import { defaultDenyName } from '../targets/names';
import type { Environment } from './environment';
import { GroupConstruct } from './group';
import { checkOptions, checkScope, duplicate, placeOf } from './mistakes';
import { labels, made, oneOf, options, readOptions, text } from './options';
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
  /** `kube-*` namespaces run the cluster itself: a default deny there must be asked for. @default refused */
  readonly systemNamespace?: 'managed' | 'refused';
}

export interface ExistingNamespaceProps extends Omit<NamespaceProps, 'object'> {
  /** The name of the default deny that another owner wrote; tierwall's is written under this name and so takes its place. */
  readonly defaultDeny?: string;
  /** Manifests to find that default deny in, instead of naming it. */
  readonly manifests?: Manifests;
}

const namespaceChecks = {
  name: text(),
  team: text('give the name of a team, or leave it out'),
  labels,
  systemNamespace: oneOf('managed', 'refused'),
};
const namespaceOptions = options<NamespaceProps>('Namespace', {
  ...namespaceChecks,
  object: oneOf('expected', 'written'),
});
const existingOptions = options<ExistingNamespaceProps>('Namespace.fromExisting', {
  ...namespaceChecks,
  defaultDeny: text("give that policy's name"),
  manifests: made((value) => value instanceof Manifests, 'Manifests', 'read them by `Manifests.fromFile(…)`'),
});

/** A namespace whose pods are denied everything, in both directions, but what is declared. As a peer: all its pods. */
export class Namespace extends GroupConstruct {
  /** @internal */
  readonly model: NamespaceModel;

  constructor(scope: Environment, id: string, props: NamespaceProps = {}) {
    checkScope(scope, 'Namespace', id, ['environment']);
    const free = freeId(scope, id);
    super(scope, free);
    const declared = { path: this.node.path, origin: Origin.capture() };
    this.model = modelOf(declared, scope, id, checkOptions(this, declared, props, namespaceOptions));
    const registry = Registry.of(this);
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
    const found = manifests?.policies.filter((p) => p.namespace === model.name && isDefaultDeny(p.object.spec));
    const name = defaultDeny ?? (found?.length === 1 ? found[0]?.name : undefined);
    if (name === undefined) {
      Registry.of(namespace).addMistake({
        code: 'no-default-deny',
        message: `no single default deny of namespace \`${model.name}\` is known${found ? `: the manifests hold ${found.length}` : ''}`,
        place: placeOf(model),
        hint: 'give its name as `defaultDeny`',
      });
    } else {
      (model as { defaultDenyName: string }).defaultDenyName = name;
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
      [keys.environment]: environment.name,
      ...(props.team === undefined ? {} : { [keys.team]: props.team }),
      ...props.labels,
    },
    object: props.object ?? 'expected',
    defaultDenyName,
    systemNamespace: props.systemNamespace ?? 'refused',
    services: [],
  };
}

function isDefaultDeny(spec: Manifests['policies'][number]['object']['spec']): boolean {
  const { podSelector, policyTypes, ingress, egress } = spec;
  const all = !podSelector?.matchLabels && !podSelector?.matchExpressions;
  return all && (policyTypes?.length ?? 0) === 2 && !ingress?.length && !egress?.length;
}
