import { type Issue, type Place, placeToString } from '../../model/issue';
import { ruleToString } from '../../model/policy';
import type { Declared } from '../../model/program';
import { witnessToString } from '../open-world/witness';
import type { GuaranteeProof } from './guarantees';
import { type Difference, type Proof, sourceOf } from './prove';

/**
 * What a failed proof says: for each difference, one connection that shows it, what was declared, and what the policies say.
 * @param hint what to do about a difference
 */
export function proofIssues({ differences, guarantees }: Proof, hint: string): Issue[] {
  return [...differences.map((difference) => differenceIssue(difference, hint)), ...guarantees.flatMap(guaranteeIssue)];
}

function differenceIssue(difference: Difference, hint: string): Issue {
  const { kind, witness, declared, emitted } = difference;
  const said = kind === 'extra' ? 'not declared, but allowed by the policies' : 'declared, but denied by the policies';
  const place = declared ? placeOf(declared.by) : (emitted?.rule?.place ?? {});
  const message = `proof failed for ${difference.direction}: ${witnessToString(witness)} is ${said} (${sourceOf(difference)})`;
  return { code: 'proof-failed', message, place, hint };
}

function placeOf({ path, origin }: Declared): Place {
  return { construct: path, ...(origin ? { origin } : {}) };
}

/** A broken guarantee, with the rules that break it by name and line, whoever wrote them. */
function guaranteeIssue({ guarantee, breach }: GuaranteeProof): Issue[] {
  if (!breach) return [];
  const rules = breach.rules.flatMap(({ rule }) => {
    const place = rule && placeToString(rule.place);
    return rule ? `rule ${ruleToString(rule)}${place ? ` (${place})` : ''}` : [];
  });
  const open = breach.rules.filter(({ rule }) => !rule).map(({ namespace }) => namespace);
  const by = rules.length > 0 ? ` by ${rules.join(' and ')}` : '';
  const since = open.length > 0 ? `${by && ','} since no policy isolates the pods of ${open.join(' and ')}` : '';
  const { path, origin } = guarantee;
  const isCertain = breach.certainty === 'certain';
  const verdict = isCertain
    ? 'is broken:'
    : 'is not certain: the API leaves it to the CNI whether an ipBlock takes in pods, and if so,';
  return [
    {
      code: isCertain ? 'guarantee-broken' : 'guarantee-unknown',
      message: `guarantee \`${guarantee.name}\` ${verdict} ${witnessToString(breach.witness)} is allowed${by}${since}`,
      place: { construct: path, ...(origin ? { origin } : {}) },
      hint: by
        ? 'narrow the rules, or change the guarantee'
        : "isolate these pods in that direction, as the namespace does with `isolates: 'both'`, or change the guarantee",
    },
  ];
}
