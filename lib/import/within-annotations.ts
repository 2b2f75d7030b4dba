import { nameFor } from './party-name';
import type { PartyPlan, ServicePlan, StatementPlan } from './plan';

type Single = Pick<StatementPlan, 'subject' | 'because'> & { readonly party: PartyPlan };

/** What a policy's annotation holds; what is beyond would be cut, and not be found there again. */
const longest = 1000;

/** The statements with their reasons, but for policies that have more to give than an annotation holds: these keep what fits. */
export function withinAnnotations<S extends Single>(statements: readonly S[]): S[] {
  const used = new Map<ServicePlan, Map<string, number>>();
  const fits = (service: ServicePlan, reason: string, party: string) => {
    const reasons = used.get(service) ?? new Map<string, number>();
    used.set(service, reasons);
    const more = (reasons.has(reason) ? 0 : reason.length + '; ()'.length) + `, from ${party}`.length;
    const sum = [...reasons.values()].reduce((total, length) => total + length, more);
    if (sum > longest) return false;
    reasons.set(reason, (reasons.get(reason) ?? 0) + more);
    return true;
  };
  return statements.map((statement) => {
    const { subject, party, because } = statement;
    if (because === undefined) return statement;
    const here = fits(subject, because, nameFor(party, subject));
    const self = { kind: 'service', service: subject } as const;
    const there = party.kind !== 'service' || fits(party.service, because, nameFor(self, party.service));
    return here && there ? statement : { ...statement, because: undefined };
  });
}
