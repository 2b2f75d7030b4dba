import { subjectOf } from '../../analysis/open-world/statement';
import { namespaceBox } from '../../model/selector';
import type { ChangedPart } from '../indexed-reading';
import type { Network } from '../network';
import type { Effect } from './effect';
import type { Mutant } from './mutant';
import { endText, witnessPorts } from './witness-text';

/** What a change does to peers that no test can name, in words. */
export interface UntoldEffect extends Pick<Effect, 'effect'> {
  readonly connection: string;
}

/** With nodes, which only a rule for everyone is sure to be about; and with pods at addresses of which nothing is known, on ports by name. */
export function untoldEffect({ policy, by }: Mutant, network: Network): UntoldEffect | undefined {
  const { gained, lost } = network.world.toldApart.changeOf(policy, by);
  for (const [effect, parts] of [
    ['opened', gained],
    ['closed', lost],
  ] as const) {
    const part = parts.find((own) => isUntold(own, network));
    if (part) return { effect, connection: connectionText(part, network) };
  }
  return undefined;
}

function isUntold({ peers, addresses, direction, ports }: ChangedPart, { profile: { facts } }: Network): boolean {
  if (peers === 'unpicked') return facts.ipBlockMatchesNodes.value !== 'yes';
  const isByName = direction === 'egress' && addresses !== undefined && !ports.byName.isEmpty;
  return isByName && facts.ipBlockMatchesPods.value !== 'no';
}

function connectionText({ namespace, labels, addresses, direction, ports }: ChangedPart, network: Network): string {
  const subject = endText({ namespaces: namespaceBox(namespace), pods: subjectOf(labels) }, network, undefined);
  const peer = addresses
    ? `a pod at ${endText({ addresses }, network, undefined)}`
    : 'nodes, and pods on their network';
  const [from, to] = direction === 'egress' ? [subject, peer] : [peer, subject];
  return `${from} → ${to} on ${witnessPorts(ports, undefined, network.cluster)[0]!.shown}`;
}
