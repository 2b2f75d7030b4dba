import type { CodeLine, ExcerptLine, ExplainedEntry, PolicyConstruct } from '../../model/explanation';
import type { Place } from '../../model/issue';
import type { Policy, Rule } from '../../model/policy';
import { policyLabels } from '../../model/policy-labels';
import { type WrittenObject, writtenAt } from '../../read/written-object';
import { PortSet } from '../../sets/port-set';
import { sourceAnnotation } from '../../targets/annotations';
import { fieldsOf, itemsOf, textOf } from '../../validation/json-value';
import { listedPlace } from '../connectivity/listing-place';
import { peerToString, portItemToString } from './texts';

/** The line of the code that declares a construct, where it can be found. */
export type LineOfConstruct = (path: string) => CodeLine | undefined;

/** The lines of the code that ask for what a rule opens, where they can be found. */
export type LinesOfRule = (rule: Rule) => readonly CodeLine[];

/** What is written where policies come from: read again once, and only for the few that an explanation names. */
export class WrittenPolicies {
  private readonly read = new Map<Policy, WrittenObject | undefined>();

  constructor(
    readonly lineOf: LineOfConstruct | undefined,
    private readonly linesOf: LinesOfRule | undefined,
  ) {}

  /** The lines of the code that ask for what a rule opens, each once. */
  codeOf(rule: Rule): { readonly code?: readonly CodeLine[] } {
    const lines = this.linesOf?.(rule) ?? [];
    const code = lines.filter(
      ({ file, line }, i) => lines.findIndex((other) => other.file === file && other.line === line) === i,
    );
    return code.length > 0 ? { code } : {};
  }

  /** The construct of a policy that tierwall wrote. */
  constructOf(policy: Policy): PolicyConstruct | undefined {
    const { labels, annotations } = fieldsOf(fieldsOf(this.written(policy)?.object)['metadata']);
    const managed = Object.entries(policyLabels).every(([key, value]) => fieldsOf(labels)[key] === value);
    const path = textOf(fieldsOf(annotations)[sourceAnnotation]);
    return managed && path !== '' ? { path, ...this.lineOf?.(path) } : undefined;
  }

  excerptOfRule({ policy, direction, index }: Rule): readonly ExcerptLine[] {
    return this.written(policy)?.excerpt(`spec.${direction}[${index}]`) ?? [];
  }

  /** What makes the policy isolate. */
  excerptOfIsolation(policy: Policy): readonly ExcerptLine[] {
    const written = this.written(policy);
    if (!written) return [];
    const spec = fieldsOf(fieldsOf(written.object)['spec']);
    const fields = ['podSelector', 'policyTypes'].filter((field) => spec[field] !== undefined);
    return fields.flatMap((field) => written.excerpt(`spec.${field}`)).sort((a, b) => a.line - b.line);
  }

  peerEntry(rule: Rule, index: number): ExplainedEntry {
    const { policy, direction } = rule;
    const peer = rule.peers[index]!;
    const list = direction === 'ingress' ? 'from' : 'to';
    const place: Place =
      peer.kind === 'everyone' ? rule.place : policy.place.at(`spec.${direction}[${rule.index}].${list}[${index}]`);
    return { text: peerToString(peer), place: listedPlace(place) };
  }

  /** The entries of the rule's `ports` that hold some of these, which are numbers; the names resolve to `named`. */
  portEntries(rule: Rule, ports: PortSet, named: (item: PortSet) => PortSet): ExplainedEntry[] {
    const { policy, direction, index } = rule;
    if (rule.ports.isEverything) return [{ text: 'every port', place: listedPlace(rule.place) }];
    const spec = fieldsOf(fieldsOf(this.written(policy)?.object)['spec']);
    const entries = itemsOf(fieldsOf(itemsOf(spec[direction])[index])['ports']).map(portOf);
    const field = `spec.${direction}[${index}].ports`;
    const found = entries.flatMap((set, i): ExplainedEntry[] => {
      if (named(set).intersect(ports).isEmpty) return [];
      return [{ text: textOfPorts(set), place: listedPlace(policy.place.at(`${field}[${i}]`)) }];
    });
    if (found.length > 0) return found;
    return [{ text: textOfPorts(rule.ports), place: listedPlace(rule.place) }];
  }

  private written(policy: Policy): WrittenObject | undefined {
    if (!this.read.has(policy)) this.read.set(policy, writtenAt(policy.place));
    return this.read.get(policy);
  }
}

function textOfPorts(ports: PortSet): string {
  return ports.items().map(portItemToString).join(', ');
}

/** One entry of `ports`, which the API server accepts. */
function portOf(entry: unknown): PortSet {
  const { protocol, port, endPort } = fieldsOf(entry);
  const known = (protocol ?? 'TCP') as 'TCP';
  if (typeof port === 'string') return PortSet.of([{ protocol: known, name: port }]);
  if (typeof port !== 'number') return PortSet.of([{ protocol: known, first: 1, last: 65535 }]);
  return PortSet.of([{ protocol: known, first: port, last: typeof endPort === 'number' ? endPort : port }]);
}
