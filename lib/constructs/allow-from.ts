import { Construct } from 'constructs';
import { Origin } from '../origin/origin';
import { declareIntents, type IntentProps } from './declare-intents';
import type { GroupConstruct } from './group';
import { duplicate } from './mistakes';
import type { PeerLike } from './peer';
import { freeId, Registry } from './registry';

export interface AllowFromProps extends IntentProps {
  /** Who may connect. An empty list is an error, never everybody. */
  readonly from: PeerLike | readonly PeerLike[];
}

/**
 * One declared "may talk to": `from` may connect to the scope, a service, a tier or a namespace. Between two services of this app it
 * opens egress at the caller and ingress at the callee.
 */
export class AllowFrom extends Construct {
  constructor(scope: GroupConstruct, id: string, props: AllowFromProps) {
    const free = freeId(scope, id);
    super(scope, free);
    const origin = Origin.capture();
    const { path } = this.node;
    declareIntents(this, scope.model, 'callee', props.from, props, path, origin);
    if (free !== id) Registry.of(this).addMistake(duplicate('allow-from', id, { path, origin }));
  }
}
