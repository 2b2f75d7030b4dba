import type { ProofSummary } from '../constructs/proof';
import type { Finding } from '../model/finding';
import { InputError, type Issue } from '../model/issue';
import { foundItems } from '../read/found-items';
import type { CheckStep } from './check-result';
import { requireGuarantee, requireProof } from './check-rules';

const ruleOf = new Map([
  ['proof-failed', requireProof],
  ['guarantee-broken', requireGuarantee],
  ['guarantee-unknown', requireGuarantee],
]);

/**
 * What the proof of an app's policies came to.
 * @param issues of the synthesis
 * @param unread policies of kinds that are not read, among those that are proved
 * @throws InputError with all of them if some are mistakes of the program: nothing was synthesized then, and nothing can be checked
 */
export function proofStep(
  issues: readonly Issue[],
  proofs: readonly (ProofSummary | undefined)[],
  unread: readonly string[] = [],
): CheckStep {
  if (issues.some(({ code }) => !ruleOf.has(code))) throw new InputError(issues);
  if (issues.length + unread.length > 0) {
    const findings = issues.map(({ code, message, place, hint }): Finding => {
      const { id, severity, todo } = ruleOf.get(code)!;
      return { rule: id, severity, message, place, related: [], hint: hint ?? todo };
    });
    const { id: rule, severity } = requireProof;
    const unknown = unread.map((what): Finding => {
      const message = `${what} is a policy of a kind that is not read, and could change any answer`;
      return {
        rule,
        severity,
        message,
        place: {},
        related: [],
        hint: 'keep it out of the folder, and out of `--with`',
      };
    });
    const broken = issues.filter(({ code }) => code !== 'proof-failed').length;
    const parts = [
      ...(issues.length - broken > 0 ? [`differences from what is declared: ${issues.length - broken}`] : []),
      ...(broken > 0 ? [`guarantees broken: ${broken}`] : []),
      ...(unread.length > 0 ? [`policies of kinds that are not read: ${unread.length}`] : []),
    ];
    return { id: 'proof', verdict: 'failed', summary: parts.join(', '), items: foundItems([...findings, ...unknown]) };
  }
  const held = proofs.filter((proof) => proof !== undefined);
  const guarantees = held.reduce((sum, proof) => sum + proof.guarantees.length, 0);
  const summary = `the policies mean what the code declares; guarantees kept: ${guarantees}`;
  return { id: 'proof', verdict: 'passed', summary, items: [] };
}
