import { Construct } from 'constructs';
import type { Group, PortRef } from '../model/program';
import { Origin } from '../origin/origin';
import { declareIntents, type IntentProps } from './declare-intents';
import type { PeerLike } from './peer';

export type { IntentProps, PortRef };

/** A service, a tier or a namespace: pods that this app isolates, and for which access is declared. */
export abstract class GroupConstruct extends Construct {
  /** @internal */
  abstract readonly model: Group;

  /** Short for `new AllowFrom(this, …)`, without an id. */
  allowFrom(peer: PeerLike | readonly PeerLike[], props: IntentProps = {}): this {
    declareIntents(this, this.model, 'callee', peer, props, this.node.path, Origin.capture());
    return this;
  }

  /** The same intent, said from the caller's side; access to another team needs the other side to say so too. */
  allowTo(peer: PeerLike | readonly PeerLike[], props: IntentProps = {}): this {
    declareIntents(this, this.model, 'caller', peer, props, this.node.path, Origin.capture());
    return this;
  }
}
