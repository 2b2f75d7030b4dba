import { notHeld } from '../analysis/open-world/compare';
import { relationOf, sourceToString } from '../analysis/open-world/relation';
import { Universe } from '../analysis/open-world/universe';
import { type Witness, witnessOf, witnessToString } from '../analysis/open-world/witness';
import { handoverOf } from '../constructs/handover';
import { InputError, type Place } from '../model/issue';
import type { Policy, Rule } from '../model/policy';
import { clusterOfTexts } from '../read/cluster';
import type { AppFiles } from './code/app-code';
import { runCode } from './run-code';

/** One connection that the policies and the app made from them do not both allow. */
export interface ImportDifference {
  /** `lost`: only the policies allow it. `gained`: only the app's do. */
  readonly kind: 'lost' | 'gained';
  readonly direction: 'ingress' | 'egress';
  readonly witness: Witness;
  readonly connection: string;
  /** What allows it. */
  readonly allowedBy: string;
  readonly place: Place | undefined;
}

export interface ImportProof {
  /** `equal`: over every pod, namespace, port and address that could exist. */
  readonly verdict: 'equal' | 'different';
  readonly differences: readonly ImportDifference[];
  /** How many boxes of connections were compared. */
  readonly statements: number;
  /** What the app's policies come to. */
  readonly policies: number;
  readonly services: number;
  readonly intents: number;
}

/**
 * Runs the app that was made, synthesizes it, reads the policies back from their text, and compares what they allow with what the imported
 * policies allow, whatever labels namespaces have. The synthesis proves for itself that its policies mean what the app declares.
 * @param before undefined where there are none, and what the app declares is all that there is to prove
 * @throws InputError for mistakes of the app, which are mistakes of ours
 */
export function proveImport(files: AppFiles, before: readonly Policy[] | undefined): ImportProof {
  const { handover, policies: after } = synthesized(files);
  const { services, intents, proof } = handover;
  const counts = { policies: after.length, services, intents };
  if (!before) return { verdict: 'equal', differences: [], statements: proof?.statements ?? 0, ...counts };
  const names = new Set([...before, ...after].map(({ namespace }) => namespace));
  // Without a word on namespaces' labels, so that it holds for any.
  const universe = new Universe(new Map(), 'told-apart');
  const [old, fresh] = [before, after].map((policies) => relationOf(policies, names, universe)) as [
    ReturnType<typeof relationOf>,
    ReturnType<typeof relationOf>,
  ];
  const differences = (kind: ImportDifference['kind'], these: typeof old, those: typeof old) =>
    [...notHeld(these, those)].map(([statement, rest]): ImportDifference => {
      const witness = witnessOf({ ...statement, ...rest }, undefined);
      const { direction, rule } = statement;
      const connection = witnessToString(witness);
      return { kind, direction, witness, connection, allowedBy: sourceToString(statement), place: rule?.place };
    });
  const found = [...differences('lost', old, fresh), ...differences('gained', fresh, old)];
  return {
    verdict: found.length === 0 ? 'equal' : 'different',
    differences: found,
    statements: old.length + fresh.length,
    ...counts,
  };
}

/** What the app is synthesized to, read back from its text. */
export function policiesOf(files: AppFiles): readonly Policy[] {
  return synthesized(files).policies;
}

function synthesized(files: AppFiles) {
  const handover = handoverOf(runCode(files));
  if (handover.issues.length > 0) throw new InputError(handover.issues);
  const text = handover.documents.map((document) => document.text).join('---\n');
  return { handover, policies: clusterOfTexts([{ file: '', text }]).policies.map(unplaced) };
}

/** Without places: the text is in no file. */
function unplaced(policy: Policy): Policy {
  const copy: Policy & { rules: Rule[] } = { ...policy, place: { at: () => ({}) }, rules: [] };
  copy.rules.push(...policy.rules.map((rule) => ({ ...rule, policy: copy, place: {} })));
  return copy;
}
