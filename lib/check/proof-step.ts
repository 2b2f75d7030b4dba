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
 * What the proof after synthesis came to.
 * @param issues of the synthesis
 * @throws InputError with all of them if some are mistakes of the program: nothing was synthesized then, and nothing can be checked
 */
export function proofStep(issues: readonly Issue[], proofs: readonly (ProofSummary | undefined)[]): CheckStep {
  if (issues.some(({ code }) => !ruleOf.has(code))) throw new InputError(issues);
  if (issues.length > 0) {
    const findings = issues.map(({ code, message, place, hint }): Finding => {
      const { id, severity, todo } = ruleOf.get(code)!;
      return { rule: id, severity, message, place, related: [], hint: hint ?? todo };
    });
    const broken = issues.filter(({ code }) => code !== 'proof-failed').length;
    const parts = [
      ...(issues.length > broken ? [`differences from what is declared: ${issues.length - broken}`] : []),
      ...(broken > 0 ? [`guarantees broken: ${broken}`] : []),
    ];
    return { id: 'proof', verdict: 'failed', summary: parts.join(', '), items: foundItems(findings) };
  }
  const held = proofs.filter((proof) => proof !== undefined);
  const guarantees = held.reduce((sum, proof) => sum + proof.guarantees.length, 0);
  const summary = `the policies mean what the code declares; guarantees kept: ${guarantees}`;
  return { id: 'proof', verdict: 'passed', summary, items: [] };
}
