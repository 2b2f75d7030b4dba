import type { RuleDescriptor } from '../model/finding';

/** What `tierwall check` finds beside lint. */
export const requireCommittedOutput: RuleDescriptor = {
  id: 'require-committed-output',
  group: 'check',
  severity: 'error',
  wrong: 'the committed policies are not what the code gives',
  why: 'What is applied is what is committed. Where it differs from the code, the review of the code says nothing of the cluster.',
  todo: 'run `tierwall synth`, and commit what it writes',
  references: [],
};

export const requireProof: RuleDescriptor = {
  id: 'require-proof',
  group: 'check',
  severity: 'error',
  wrong: 'the policies do not mean what the code declares',
  why: 'Some connection is allowed that nobody declared, or one is denied that somebody did.',
  todo: 'report it with the program: it is a defect of tierwall',
  references: [],
};

export const requireGuarantee: RuleDescriptor = {
  id: 'require-guarantee',
  group: 'check',
  severity: 'error',
  wrong: 'a guarantee is broken',
  why: 'Somebody relies on it: a `Never` states what must not become possible, whoever declares it later.',
  todo: 'narrow what breaks it, or change the guarantee with whoever relies on it',
  references: [],
};

export const requireConnectivity: RuleDescriptor = {
  id: 'require-connectivity',
  group: 'check',
  severity: 'error',
  wrong: 'who may talk to whom is not as a table states',
  why: 'A table says what somebody expects of the network. Where it does not hold, a connection is blocked or open that should not be.',
  todo: 'see why with `tierwall test`; then change what is declared, or the table with whoever relies on it',
  references: [],
};

export const checkRules: readonly RuleDescriptor[] = [
  requireCommittedOutput,
  requireConnectivity,
  requireGuarantee,
  requireProof,
];
