import { Construct } from 'constructs';
import type { EnvironmentModel, Party } from '../model/program';
import { Origin } from '../origin/origin';
import { type IntentProps, portRefs } from './declare-intents';
import { Environment } from './environment';
import { checkId, checkOptions, duplicate, misuse, placeOf } from './mistakes';
import { anything, options, type Problem, portList, show } from './options';
import { ofAnotherApp, type PeerLike, partyOf } from './peer';
import { freeId, Registry } from './registry';

export type GuaranteeSide = PeerLike | Environment;

export interface NeverProps {
  readonly from: GuaranteeSide | readonly GuaranteeSide[];
  readonly to: GuaranteeSide | readonly GuaranteeSide[];
  /** As an intent names them: those that `to` declares by name, or numbers. @default every port */
  readonly ports?: IntentProps['ports'];
}

const neverOptions = options<NeverProps>('Never', { from: anything, to: anything, ports: portList }, ['from', 'to']);

/** A guarantee: nothing of `from` ever reaches `to`. An intent that breaks it fails synth, whoever declares it. */
export class Never extends Construct {
  constructor(scope: Construct, id: string, props: NeverProps) {
    if (!scope?.node)
      throw misuse(
        'wrong-scope',
        `the scope of Never \`${show(id)}\` is \`${show(scope)}\``,
        'give a construct of the app',
      );
    checkId(scope, 'Never', id);
    const free = freeId(scope, id);
    super(scope, free);
    const registry = Registry.of(this);
    const declared = { path: this.node.path, origin: Origin.capture() };
    const report = (problem: Problem) => registry.addMistake({ ...problem, place: placeOf(declared) });
    const given = checkOptions(this, declared, props, neverOptions);
    const side = (name: 'from' | 'to'): (Party | EnvironmentModel)[] => {
      const value = given[name] ?? [];
      const list = (Array.isArray(value) ? value : [value]) as readonly GuaranteeSide[];
      if (list.length === 0 && given[name] !== undefined) {
        const message = `\`${name}\` of guarantee \`${id}\` is empty, so it would say nothing`;
        report({ code: 'no-peers', message, hint: `give \`${name}\` a peer of this app` });
      }
      return list.flatMap((item): (Party | EnvironmentModel)[] => {
        if (item instanceof Environment) {
          if (Registry.of(item) === registry) return [item.model];
          report(ofAnotherApp(item));
          return [];
        }
        const party = partyOf(item, registry, report);
        return party ? [party] : [];
      });
    };
    const [from, to] = [side('from'), side('to')];
    // One that lost a side to a mistake would only be told once more that it says nothing.
    if (from.length > 0 && to.length > 0) {
      registry.addGuarantee({ ...declared, name: id, from, to, ports: portRefs(given.ports) });
    }
    if (free !== id) registry.addMistake(duplicate('guarantee', id, declared));
  }
}
