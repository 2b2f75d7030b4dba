import { Construct } from 'constructs';
import type { EnvironmentModel, Party } from '../model/program';
import { Origin } from '../origin/origin';
import { type IntentProps, portRefs } from './declare-intents';
import { Environment } from './environment';
import { duplicate, placeOf } from './mistakes';
import { type PeerLike, partyOf } from './peer';
import { freeId, Registry } from './registry';

export type GuaranteeSide = PeerLike | Environment;

export interface NeverProps {
  readonly from: GuaranteeSide | readonly GuaranteeSide[];
  readonly to: GuaranteeSide | readonly GuaranteeSide[];
  /** @default every port */
  readonly ports?: IntentProps['ports'];
}

/** A guarantee: nothing of `from` ever reaches `to`. An intent that breaks it fails synth, whoever declares it. */
export class Never extends Construct {
  constructor(scope: Construct, id: string, props: NeverProps) {
    const free = freeId(scope, id);
    super(scope, free);
    const registry = Registry.of(this);
    const declared = { path: this.node.path, origin: Origin.capture() };
    const side = (name: 'from' | 'to'): (Party | EnvironmentModel)[] => {
      const list = (Array.isArray(props[name]) ? props[name] : [props[name]]) as readonly GuaranteeSide[];
      const report = (message: string) =>
        registry.addMistake({
          code: 'bad-peer',
          message,
          place: placeOf(declared),
          hint: `give \`${name}\` a peer of this app`,
        });
      if (list.length === 0) report(`\`${name}\` of guarantee \`${id}\` is empty, so it would say nothing`);
      return list.flatMap((item): (Party | EnvironmentModel)[] => {
        if (item instanceof Environment) return [item.model];
        const party = partyOf(item, registry);
        if (typeof party !== 'string') return [party];
        report(party);
        return [];
      });
    };
    registry.addGuarantee({ ...declared, name: id, from: side('from'), to: side('to'), ports: portRefs(props.ports) });
    if (free !== id) registry.addMistake(duplicate('guarantee', id, declared));
  }
}
