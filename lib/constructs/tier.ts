import type { TierModel } from '../model/program';
import { Origin } from '../origin/origin';
import { GroupConstruct } from './group';
import { duplicate } from './mistakes';
import type { Namespace } from './namespace';
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

/** Services of one namespace that play one part. What a tier may do, every member may, whenever it is declared. */
export class Tier extends GroupConstruct {
  /** @internal */
  readonly model: TierModel;

  constructor(scope: Namespace, id: string, props: TierProps = {}) {
    const free = freeId(scope, id);
    super(scope, free);
    this.model = {
      kind: 'tier',
      path: this.node.path,
      origin: Origin.capture(),
      namespace: scope.model,
      name: props.name ?? id,
      selection: props.selection ?? 'members',
      services: [],
    };
    const registry = Registry.of(this);
    registry.addTier(this.model);
    if (free !== id) registry.addMistake(duplicate('tier', id, this.model));
  }
}
