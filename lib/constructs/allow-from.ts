import { Construct } from 'constructs';
import { Origin } from '../origin/origin';
import { declareIntents, type IntentProps, intentChecks } from './declare-intents';
import type { GroupConstruct } from './group';
import { checkScope, duplicate } from './mistakes';
import { anything, options } from './options';
import type { PeerLike } from './peer';
import { freeId, Registry } from './registry';

export interface AllowFromProps extends IntentProps {
  /** Who may connect. An empty list is an error, never everybody. */
  readonly from: PeerLike | readonly PeerLike[];
}

const allowFromOptions = options<AllowFromProps>('AllowFrom', { ...intentChecks, from: anything });

/**
 * One declared "may talk to": `from` may connect to the scope, a service, a tier or a namespace. Between two services of this app it
 * opens egress at the caller and ingress at the callee.
 */
export class AllowFrom extends Construct {
  constructor(scope: GroupConstruct, id: string, props: AllowFromProps) {
    checkScope(scope, 'AllowFrom', id, ['service', 'tier', 'namespace']);
    const free = freeId(scope, id);
    super(scope, free);
    const origin = Origin.capture();
    const { path } = this.node;
    declareIntents(this, scope.model, 'callee', props?.from, props, path, origin, allowFromOptions);
    if (free !== id) Registry.of(this).addMistake(duplicate('allow-from', id, { path, origin }));
  }
}
