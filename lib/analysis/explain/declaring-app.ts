import type { PlacedWorkload } from '../../model/cluster';
import type { CodeLine } from '../../model/explanation';
import { resolveNames } from '../../model/named-ports';
import type { AddressSet } from '../../sets/address-set';
import type { LabelBox } from '../../sets/label-box';
import type { PortItem, PortSet } from '../../sets/port-set';
import type { JudgedEnd } from './judged-end';
import type { Pair } from './judgement';

/** What the code declares that decides whether synth takes one more statement. */
export interface DeclaringApp {
  readonly services: readonly DeclaredService[];
  readonly guarantees: readonly DeclaredGuarantee[];
  /** Pods that stand for whichever, and however many, the selector of a service picks. */
  readonly standIns: ReadonlySet<PlacedWorkload>;
  /** Undefined for a namespace that the app does not declare. */
  environmentOf(namespace: string): string | undefined;
}

export interface DeclaredService {
  /** Of its construct. */
  readonly path: string;
  readonly namespace: string;
  readonly pods: LabelBox;
  /** `*`: any port, written out. Undefined where that is not known. */
  readonly ports: '*' | readonly DeclaredPort[] | undefined;
}

export interface DeclaredPort {
  readonly name: string;
  readonly item: PortItem;
}

/** What is never to be reached from where. */
export interface DeclaredGuarantee {
  readonly path: string;
  /** In words. */
  readonly text: string;
  readonly at: CodeLine | undefined;
  readonly from: readonly DeclaredEnds[];
  readonly to: readonly { readonly ends: DeclaredEnds; readonly ports: PortSet }[];
}

export type DeclaredEnds =
  | { readonly namespaces: LabelBox; readonly pods: LabelBox }
  | { readonly addresses: AddressSet };

/** Why synth would refuse whatever allows the connection; undefined where no guarantee forbids it. */
export function forbidden(pair: Pair, ports: PortSet, { guarantees }: DeclaringApp): string | undefined {
  const texts = guarantees
    .filter((guarantee) => forbids(guarantee, pair, ports))
    .map(({ path, text, at }) => {
      const name = path.slice(path.lastIndexOf('/') + 1);
      return `the guarantee \`${name}\`${at ? ` (${at.file}:${at.line})` : ''} forbids this: ${text}`;
    });
  if (texts.length === 0) return undefined;
  return `${texts.join('; ')}. Synth refuses every statement that allows it, unless the guarantee is changed first`;
}

function forbids({ from, to }: DeclaredGuarantee, { source, destination }: Pair, asked: PortSet): boolean {
  const containers = destination.kind === 'pod' ? destination.pod.ports : [];
  return (
    from.some((ends) => holds(ends, source)) &&
    to.some(({ ends, ports }) => {
      return (
        holds(ends, destination) && (ports.isEverything || !resolveNames(ports, containers).intersect(asked).isEmpty)
      );
    })
  );
}

function holds(ends: DeclaredEnds, end: JudgedEnd): boolean {
  if ('addresses' in ends) return end.kind === 'addresses' && !ends.addresses.intersect(end.addresses).isEmpty;
  return end.kind === 'pod' && ends.namespaces.matches(end.pod.namespaceLabels) && ends.pods.matches(end.pod.labels);
}
