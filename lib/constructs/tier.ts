import type { TierModel } from '../model/program';
import { Origin } from '../origin/origin';
import { GroupConstruct } from './group';
import { checkOptions, checkScope, duplicate } from './mistakes';
import type { Namespace } from './namespace';
import { oneOf, options, text } from './options';
import { freeId, Registry } from './registry';

export interface TierProps {
  /** @default the construct id */
  readonly name?: string;
  /**
   * How the tier is written where it is a peer: by its members' own selectors, or by the tier label of the label scheme. With the
   * label, whoever may label a pod joins the tier.
   * @default members
   */
  readonly selection?: 'members' | 'label';
}

const tierOptions = options<TierProps>('Tier', { name: text(), selection: oneOf('members', 'label') });

/** Services of one namespace that play one part. What a tier may do, every member may, whenever it is declared. */
export class Tier extends GroupConstruct {
  /** @internal */
  readonly model: TierModel;

  constructor(scope: Namespace, id: string, props: TierProps = {}) {
    checkScope(scope, 'Tier', id, ['namespace']);
    const free = freeId(scope, id);
    super(scope, free);
    const declared = { path: this.node.path, origin: Origin.capture() };
    const { name = id, selection = 'members' } = checkOptions(this, declared, props, tierOptions);
    this.model = { kind: 'tier', ...declared, namespace: scope.model, name, selection, services: [] };
    const registry = Registry.of(this);
    if (free === id) registry.addTier(this.model);
    else registry.addMistake(duplicate('tier', id, this.model));
  }
}
