import { readFileSync } from 'node:fs';
import { load, loadAll, YAMLException } from 'js-yaml';
import {
  bad,
  type Check,
  isRecord,
  list,
  nested,
  type Options,
  oneOf,
  options,
  type Problem,
  text,
} from '../constructs/options';
import type { Approval } from '../model/diff-listing';
import { InputError, type Issue } from '../model/issue';
import { type RiskId, riskIds } from '../model/risk';
import { isDay } from '../read/as-of';
import { DocumentLines } from '../read/document-lines';

type Given = Omit<Approval, 'place'>;

const day = (value: unknown, name: string): readonly Problem[] =>
  typeof value === 'string' && isDay(value)
    ? []
    : [bad(`\`${name}\` is \`${value}\`, which is no day`, "write it as `'2026-12-31'`")];

const at: Check = (value, name) =>
  text(Array.isArray(value) ? 'write an entry for each of them' : 'write workloads, as `shop/*`')(value, name);

const entry: Options<Given> = options<Given>(
  'an approval',
  { risk: oneOf(...riskIds), at, because: text('say why'), until: day },
  ['risk', 'because'],
);

/** A trailer counts for the commits that are compared; what stays in a file has to end some day. */
const lastDay: Check = (value, name) =>
  isRecord(value) && !('until' in value && value.until !== undefined)
    ? [bad(`\`${name}.until\` is missing`, "an approval in a file has a last day: write `until: '2027-03-31'`")]
    : [];

const approval: Check = (value, name) => [...nested(entry)(value, name), ...lastDay(value, name)];

/**
 * Reads a file of approvals: a list of `risk`, `because`, `until` and perhaps `at`.
 * @param shown how messages call it
 * @throws InputError with every problem
 */
export function readApprovals(path: string, shown: string): Approval[] {
  const written = readFileSync(path, 'utf8');
  const given = parsed(written, shown);
  const lines = DocumentLines.of(written);
  const at = (field: string) => ({ file: shown, line: lines.lineOf(0, field) + 1 });
  const issues = list(approval)(given, 'approvals').map((problem): Issue => {
    const [, field = ''] = /^`approvals([\w.[\]]+)`/.exec(problem.message) ?? [];
    return { ...problem, code: 'bad-approval', place: at(field) };
  });
  if (issues.length > 0) throw new InputError(issues);
  return (given as Given[]).map((approval, i) => ({ ...approval, place: at(`[${i}]`) }));
}

function parsed(written: string, shown: string): unknown {
  try {
    return loadAll(written).length === 0 ? [] : load(written);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const place = { file: shown, ...(error.mark ? { line: error.mark.line + 1 } : {}) };
    throw new InputError([{ code: 'bad-yaml', message: error.reason, place, hint: 'correct the YAML' }]);
  }
}

export const approvalTrailer = 'Tierwall-Approve';
const written = /^(\S+)(?: at (\S+))?(?: until (\S+))?:? because (.+)$/;

/**
 * An approval as a commit states it, as in `Tierwall-Approve: internet at shop/web until 2026-12-31 because public shop`.
 * @param value of the trailer
 * @param commit that states it
 * @throws InputError for what cannot be read: an approval that is mistyped approves nothing
 */
export function approvalOfTrailer(value: string, commit: string): Approval {
  const [, risk, at, until, because] = written.exec(value.trim()) ?? [];
  const isKnown = (riskIds as readonly string[]).includes(risk ?? '');
  if (!isKnown || because === undefined || (until !== undefined && !isDay(until))) {
    const message = `\`${approvalTrailer}: ${value}\` cannot be read`;
    const hint = `write \`${approvalTrailer}: RISK [at WORKLOADS] [until DAY] because REASON\`, with one of ${riskIds.join(', ')}`;
    throw new InputError([{ code: 'bad-approval', message, place: { file: `commit ${commit}` }, hint }]);
  }
  return {
    risk: risk as RiskId,
    ...(at === undefined ? {} : { at }),
    because,
    ...(until === undefined ? {} : { until }),
    place: { file: `commit ${commit}` },
  };
}
