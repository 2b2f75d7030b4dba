import { isDeepStrictEqual } from 'node:util';
import type { Cluster, KnownNamespace } from '../../model/cluster';
import type { PossibleChange } from '../../model/diff-listing';
import { namespaceBox, namespaceNameKey } from '../../model/selector';
import { IntervalSet } from '../../sets/interval-set';
import { LabelBox } from '../../sets/label-box';
import { refsOf } from '../connectivity/listing';
import { internetIn, listedAddresses } from '../connectivity/listing-addresses';
import { portTexts } from '../connectivity/listing-ports';
import { namesOnly } from '../exposure-joining';
import { ExposureNames } from '../exposure-names';
import { byKey, groupedBy } from '../grouping';
import { type PolicyStatement, relationOf } from '../open-world/relation';
import { peerOf, subjectOf } from '../open-world/statement';
import { StatementIndex } from '../open-world/statement-index';
import { type Remainder, uncovered } from '../open-world/uncovered';
import { Universe } from '../open-world/universe';
import { unpickedNodes, witnessOf, witnessToString } from '../open-world/witness';
import { type Causes, listedCauses } from './causes';
import type { StateName, States } from './states';

/** What is left of a statement is listed piece by piece, up to so many. */
const mostPieces = 4;

type Labels = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Both ends of a row, as far as they are pods. */
export interface PossibleEnds {
  readonly namespace: string;
  readonly subject: LabelBox;
  readonly peers: readonly { readonly namespaces: LabelBox; readonly pods: LabelBox }[];
}

interface PossibleRow extends PossibleEnds {
  readonly listed: PossibleChange;
}

export interface PossibleChanges {
  readonly rows: readonly PossibleRow[];
  readonly boxes: number;
  readonly namespaces: number;
  /** Namespaces whose policies say the same in both states, word for word. */
  readonly alike: number;
}

/** Connections of one statement that the other state does not let through. */
interface Difference {
  readonly state: StateName;
  readonly statement: PolicyStatement;
  readonly piece: Remainder;
  readonly example: Remainder;
  readonly extent: 'whole' | 'part';
}

/**
 * What policies let through in one state only, over every pod, namespace, port and address that could exist. None: both mean the same.
 *
 * Labels of a namespace that only one state gives hold for both; one that neither gives may have any beside its name. Only namespaces are compared whose policies or labels say something else.
 */
export function possibleChanges(states: States, causes: Causes): PossibleChanges {
  const clusters = { before: states.before.cluster, after: states.after.cluster };
  const labels = {
    before: labelsOf(clusters.before, clusters.after),
    after: labelsOf(clusters.after, clusters.before),
  };
  const all = [...clusters.before.namespaces, ...clusters.after.namespaces];
  const names = [...new Set(all.map(({ name }) => name))].sort();
  const texts = { before: policyTexts(states, 'before'), after: policyTexts(states, 'after') };
  const isRelabelled = names.some((name) => !isDeepStrictEqual(labels.before.get(name), labels.after.get(name)));
  const other = isRelabelled ? names : names.filter((name) => texts.before.get(name) !== texts.after.get(name));

  const within = new Set(other);
  const relation = (state: StateName) => {
    const policies = clusters[state].policies.filter(({ namespace }) => within.has(namespace));
    // How a relation is cut into boxes depends on the order of the policies.
    const sorted = policies.sort(byKey((policy) => states.contents.ofPolicy(policy)));
    return relationOf(sorted, other, new Universe(labels[state], 'told-apart'));
  };
  const [old, fresh] = [relation('before'), relation('after')];
  const differences = [...notHeld('after', fresh, old), ...notHeld('before', old, fresh)];
  return {
    rows: rowsOf(differences, states, causes, labels),
    boxes: old.length + fresh.length,
    namespaces: names.length,
    alike: names.length - other.length,
  };
}

/** Of namespaces that either state gives; the labels of its own where both do. */
function labelsOf(own: Cluster, other: Cluster): Labels {
  const given = [...other.namespaces, ...own.namespaces].filter(({ source }) => source === 'given');
  return new Map(given.map(({ name, labels }) => [name, labels] as const));
}

function policyTexts({ contents, ...states }: States, state: StateName): ReadonlyMap<string, string> {
  const groups = groupedBy(states[state].cluster.policies, ({ namespace }) => namespace);
  const text = (policies: readonly Parameters<typeof contents.ofPolicy>[0][]) =>
    [...new Set(policies.map((policy) => contents.ofPolicy(policy)))].sort().join('\n\n');
  return new Map([...groups].map(([namespace, policies]) => [namespace, text(policies)] as const));
}

function* notHeld(
  state: StateName,
  these: readonly PolicyStatement[],
  those: readonly PolicyStatement[],
): Generator<Difference> {
  const index = new StatementIndex(those);
  for (const statement of these) {
    const pieces: Remainder[] = [];
    for (const piece of uncovered(statement, index.near(statement))) {
      pieces.push(piece);
      if (pieces.length > mostPieces) break;
    }
    if (pieces.length <= mostPieces) {
      for (const piece of pieces) yield { state, statement, piece, example: piece, extent: 'whole' };
    } else {
      yield { state, statement, piece: statement, example: pieces[0]!, extent: 'part' };
    }
  }
}

function rowsOf(
  differences: readonly Difference[],
  states: States,
  causes: Causes,
  labels: Readonly<Record<StateName, Labels>>,
): PossibleRow[] {
  const all = [...states.before.cluster.namespaces, ...states.after.cluster.namespaces];
  const known = [...new Map(all.map((namespace) => [namespace.name, namespace] as const)).values()];
  const names = new ExposureNames({
    namespaces: known,
    workloads: states.cells.workloads,
  });
  const refs = refsOf(states.cells.workloads);
  const rules = new Map<unknown, number>();
  const ruleNumber = ({ rule, namespace }: PolicyStatement) => {
    const key = rule ?? namespace;
    if (!rules.has(key)) rules.set(key, rules.size);
    return rules.get(key)!;
  };
  const keyOf = ({ state, statement, piece, extent }: Difference) =>
    [state, statement.direction, ruleNumber(statement), subjectOf(piece.labels), piece.ports, extent].join('\0');
  const rows = [...groupedBy(differences, keyOf).values()].map((alike): PossibleRow => {
    const [{ state, statement, piece, example, extent }] = alike as [Difference];
    const subject = subjectOf(piece.labels);
    const own = names.of([namespaceBox(statement.namespace)], subject)[0]!;
    const ends = alike.filter(({ piece }) => !piece.addresses && !piece.peers).map((d) => peerOf(d.piece.labels));
    const byPods = groupedBy(ends, ({ pods }) => `${pods}`);
    const peers = [...byPods.values()].flatMap((list) =>
      names.of(
        list.flatMap((peer) => namespacesIn(peer.namespaces, known)),
        list[0]!.pods,
      ),
    );
    const addresses = alike.flatMap((d) => d.piece.addresses ?? []);
    // What is for every pod or address as well goes without saying.
    const isOfNodes = peers.length === 0 && addresses.length === 0;
    const are = isOfNodes || [own, ...peers].some((named) => named.are === 'stranger') ? 'stranger' : 'workload';
    const listed: PossibleChange = {
      kind: state === 'after' ? 'gained' : 'lost',
      direction: statement.direction,
      pods: own.listed,
      workloads: own.are === 'workload' ? names.workloadsOf(statement.namespace, subject).map((w) => refs.get(w)!) : [],
      peers: {
        ...(peers.length > 0 ? { pods: peers.sort((a, b) => a.rank - b.rank).map(({ listed }) => listed) } : {}),
        ...(addresses.length > 0 ? { addresses: listedAddresses(IntervalSet.union(addresses)) } : {}),
        ...(isOfNodes ? { nodes: unpickedNodes } : {}),
      },
      internet: internetIn(IntervalSet.union(addresses)),
      ports: portTexts(piece.ports),
      are,
      extent,
      example: witnessToString(witnessOf({ ...statement, ...example }, labels[state].get(statement.namespace))),
      causes: listedCauses([causesOf(state, statement, subject, causes)]),
    };
    return { listed, namespace: statement.namespace, subject, peers: ends };
  });
  const text = (row: PossibleChange) =>
    [
      row.kind,
      row.pods.text,
      row.direction,
      row.causes[0]?.name,
      row.peers.pods?.[0]?.text,
      row.peers.addresses?.text,
      row.peers.nodes,
      row.ports.join(),
    ].join('\0');
  return rows
    .map((row) => [text(row.listed), row] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row);
}

/** With known names apart, as {@link ExposureNames} takes them. */
function namespacesIn(box: LabelBox, known: readonly KnownNamespace[]): LabelBox[] {
  if (namesOnly(box)) return [box];
  const values = known.filter(({ labels }) => box.matches(labels)).map(({ name }) => name);
  return values.length === 0 ? [box] : [box, LabelBox.of([{ key: namespaceNameKey, operator: 'In', values }])];
}

function causesOf(
  state: StateName,
  { rule, namespace, direction }: PolicyStatement,
  subject: LabelBox,
  causes: Causes,
) {
  if (rule) return causes.ofRule(state, rule);
  return causes.ofNamespace(state === 'after' ? 'before' : 'after', namespace, direction, subject);
}
